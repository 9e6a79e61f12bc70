"""Limits: what may be used, how much of it is, as bars; set, change and end them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment import access, exchanges, registry
from muniment.db import Work
from muniment.exchanges import Limit, Measure, ScopeKind, Use, Window, read_amount, write_amount
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, choices, refuse
from muniment.web.cells import Cell
from muniment.web.exchanges.cells import ADDRESS, AREA, CRUMBS
from muniment.web.lists import Action, offered, reading
from muniment.web.shell import render

LIMITS: Final = f"{ADDRESS}/limits"
_CRUMBS: Final = (*CRUMBS, ("Limits", LIMITS))
_REASON: Final = Field("reason", "Why", kind="textarea", hint="It stands in the record.")
_SET: Final = Action("Set a limit", f"{LIMITS}/set", "exchanges.limit", "main")
_MOST_DIGITS: Final = 15
_WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """One limit as it is drawn: what it is of, how much is used, and whether that is near."""

    id: str
    label: str
    note: str
    share: float
    tone: str
    word: str
    reason: str
    end_href: str
    change_href: str


def routes() -> list[Route]:
    """List the pages of limits."""
    return [Route(LIMITS, show, methods=["GET"]), *SET.routes(), *END.routes()]


async def show(request: Request) -> Response:
    """Show the limits that hold, and how much of each is used."""

    def look() -> tuple[tuple[Use, ...], str, dict[str, str]]:
        with reading(request, AREA) as work:
            found = exchanges.limits_in_use(work)
            return found, exchanges.currency(work), names_of(work, found)

    found, currency, names = await to_thread.run_sync(look)
    actions = offered(request, (_SET,))
    return render(
        request,
        "exchanges/limits.html",
        bars=[bar_of(each, currency, names) for each in found],
        lede=_lede(found),
        actions=actions,
        may_change=bool(actions),
        crumbs=CRUMBS,
    )


def names_of(work: Work, found: Sequence[Use]) -> dict[str, str]:
    """Name what limits are of as people know it: systems by their keys, holders by their names."""
    ids = [each.limit.scope_id for each in found]
    return {**access.named(work, ids), **registry.keys_of(work, ids)}


def bar_of(use: Use, currency: str = "", names: Mapping[str, str] | None = None) -> Bar:
    """Say how a limit is drawn; a limit of nothing is full."""
    limit = use.limit
    percent = use.used * _WHOLE // limit.amount if limit.amount else _WHOLE
    tone, word = "", "within"
    if percent >= _WHOLE:
        tone, word = "stop", "used up"
    elif percent >= limit.warn_percent:
        tone, word = "look", "near"
    used, most = _amount(limit, use.used), _amount(limit, limit.amount)
    unit = currency if currency and limit.measure is Measure.COST else limit.measure.value
    per = "at once" if limit.window is Window.NOW else f"this {limit.window.value}"
    asked = f"scope={limit.scope.value}&scope_id={limit.scope_id}&measure={limit.measure.value}"
    return Bar(
        limit.id,
        _of(limit, names or {}),
        f"{used} of {most} {unit} {per}",
        min(percent, _WHOLE) / _WHOLE,
        tone,
        word,
        limit.reason,
        f"{LIMITS}/{limit.id}/end",
        f"{LIMITS}/set?{asked}&window={limit.window.value}",
    )


def _of(limit: Limit, names: Mapping[str, str]) -> str:
    named = names.get(limit.scope_id, limit.scope_id)
    return f"{limit.scope.value} {named}".strip()


def _amount(limit: Limit, amount: int) -> str:
    return write_amount(amount) if limit.measure is Measure.COST else f"{amount:,}"


def _lede(found: tuple[Use, ...]) -> str:
    if not found:
        return "Nothing is limited: calls are counted, and none is refused for their number."
    bars = [bar_of(each) for each in found]
    full = sum(each.word == "used up" for each in bars)
    near = sum(each.word == "near" for each in bars)
    told = [f"{many} {word}" for many, word in ((full, "used up"), (near, "near")) if many]
    held = (
        f"{len(bars):,} limit{'s' if len(bars) > 1 else ''} {'hold' if len(bars) > 1 else 'holds'}"
    )
    return f"{held}; {' and '.join(told) if told else 'none is near'}."


def _set_sheet(_work: Work, typed: Typed) -> Sheet:
    return Sheet(
        title="Set a limit",
        lede="One of the same scope, measure and window is changed.",
        button="Set the limit",
        fields=(
            _choice("scope", "Of what", ScopeKind, typed),
            Field(
                "scope_id",
                "Its id",
                value=typed.get("scope_id", ""),
                hint="Of everything: leave it empty.",
                required=False,
            ),
            _choice("measure", "What is counted", Measure, typed),
            _choice("window", "In each", Window, typed),
            Field("amount", "At most", hint="Of cost as 12.50, in the currency of the prices."),
            Field("warn_percent", "Warn from, per cent", kind="number", value="80"),
            _REASON,
        ),
        consequences=(
            "Every process counts by it within a second.",
            "A call that would exceed it is refused before anything leaves, with 429.",
        ),
        back=LIMITS,
        crumbs=_CRUMBS,
    )


def _choice(name: str, label: str, of: type[ScopeKind | Measure | Window], typed: Typed) -> Field:
    pairs = [(each.value, each.value) for each in of]
    return Field(name, label, kind="select", options=choices(pairs), value=typed.get(name, ""))


def _set(work: Work, typed: Typed) -> Outcome:
    for name, of in (("scope", ScopeKind), ("measure", Measure), ("window", Window)):
        if typed.get(name, "") not in {each.value for each in of}:
            refuse(name, "there is nothing chosen", "Choose one of the list.")
    measure = Measure(typed["measure"])
    wanted = Limit(
        "",
        ScopeKind(typed["scope"]),
        typed.get("scope_id", ""),
        measure,
        Window(typed["window"]),
        read_amount(typed.get("amount", ""), "amount")
        if measure is Measure.COST
        else _number(typed, "amount"),
        _number(typed, "warn_percent"),
        typed.get("reason", ""),
    )
    exchanges.set_limit(work, wanted)
    return LIMITS


def _number(typed: Typed, name: str) -> int:
    text = typed.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        refuse(name, f"“{text[:20]}” is no whole number", "Write it in digits.")
    return int(text)


def _end_sheet(work: Work, typed: Typed) -> Sheet:
    use = exchanges.limit_in_use(work, typed["limit_id"])
    bar = bar_of(use, exchanges.currency(work), names_of(work, [use]))
    return Sheet(
        title=f"End the limit of {bar.label}",
        lede=f"{bar.note}. It was set because: {use.limit.reason}",
        button="End this limit",
        fields=(_REASON,),
        consequences=("Calls are no longer refused by it.",),
        facts=(("Limit", Cell(use.limit.id, kind="code")),),
        tone="stop",
        back=LIMITS,
        crumbs=_CRUMBS,
    )


def _end(work: Work, typed: Typed) -> Outcome:
    exchanges.end_limit(work, typed["limit_id"], reason=typed.get("reason", ""))
    return LIMITS


SET: Final = Act(
    AREA,
    "limits/set",
    "Set how much may be used.",
    "exchanges.limit",
    _set_sheet,
    _set,
    within=None,
)
END: Final = Act(
    AREA,
    "limits/{limit_id}/end",
    "Let a limit hold no longer.",
    "exchanges.limit",
    _end_sheet,
    _end,
    within=None,
)
