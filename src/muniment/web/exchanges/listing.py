"""The list of calls, with the views people need most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from starlette.routing import Route

from muniment import access, exchanges, registry
from muniment.core.page import Page
from muniment.db import Work
from muniment.exchanges import Exchange, State, Wanted
from muniment.web.acts import read_day
from muniment.web.cells import Cell, time_cell
from muniment.web.exchanges.cells import (
    ADDRESS,
    AREA,
    cost_words,
    end_cell,
    found_cell,
    system_cell,
)
from muniment.web.lists import Action, Empty, Filter, Listing
from muniment.web.parts import Column

_LAST: Final = timedelta(days=1)
_VIEWS: Final = (
    ("Under way", "state=open"),
    ("Refused", "state=refused"),
    ("Failed", "state=failed"),
    ("End unknown", "state=unknown"),
    ("Not looked at whole", "looked=no"),
    ("Changed before they left", "effect=cure"),
)


def routes() -> list[Route]:
    """List the addresses of the list."""
    return LIST.routes()


def _read(work: Work, typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[Exchange]:
    wanted = Wanted(
        system=registry.id_of(work, typed["system"]),
        environment=typed["environment"],
        state=typed["state"],
        model=typed["model"],
        key=typed["key"],
        subject=typed["subject"],
        effect=typed["effect"],
        code=typed["code"],
        uninspected=typed["looked"] == "no",
        since=read_day({"since": _begin(typed["since"])}, "since", required=False),
        until=read_day(typed, "until", required=False),
    )
    return exchanges.find(work, wanted, limit=limit, cursor=cursor or "")


def _begin(text: str) -> str:
    """Let a day begin with its first moment."""
    return f"{text}T00:00:00+00:00" if len(text) == len("2027-01-31") else text


def _cells(work: Work, found: Sequence[Exchange]) -> list[tuple[Cell, ...]]:
    names = access.named(work, [each.caller for each in found])
    systems = registry.keys_of(work, [each.system for each in found])
    currency = exchanges.currency(work)
    return [
        (
            Cell(each.id, f"{ADDRESS}/{each.id}", kind="code"),
            time_cell(each.began_at),
            end_cell(each),
            found_cell(each),
            system_cell(each.system, systems),
            Cell(each.provider_model or each.model),
            Cell(names.get(each.caller, each.caller)),
            Cell(f"{each.input_tokens + each.output_tokens:,}", kind="number"),
            Cell(cost_words(each, currency), kind="number"),
        )
        for each in found
    ]


def _lede(work: Work) -> str:
    standing = exchanges.counted(work, work.now - _LAST)
    if not standing.total:
        return "No call was recorded in the last day."
    words = {state.value: end_words_of(state) for state in State}
    told = [f"{many:,} {words[name]}" for name, many in standing.counts.items() if many]
    unseen = standing.uninspected
    looked = (
        f" {unseen:,} left or came back without having been looked at whole."
        if unseen
        else " Each that left was looked at whole."
    )
    calls = "call" if standing.total == 1 else "calls"
    return f"{standing.total:,} {calls} in the last day: {', '.join(told)}.{looked}"


def end_words_of(state: State) -> str:
    """Say an end in words."""
    return {State.OPEN: "under way", State.UNKNOWN: "with an unknown end"}.get(state, state.value)


LIST: Final = Listing[Exchange](
    area=AREA,
    place="",
    title="Calls",
    says="Every call that came to the gateway, without anything that was said in it.",
    columns=(
        Column("Call", sort="call"),
        Column("Began", sort="began"),
        Column("End", sort="end"),
        Column("Found", sort="found"),
        Column("System", sort="system", hide_narrow=True),
        Column("Model", sort="model", hide_narrow=True),
        Column("Caller", sort="caller", hide_narrow=True),
        Column("Tokens", sort="tokens", number=True, hide_narrow=True),
        Column("Cost", sort="cost", number=True, hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    empty=Empty(
        "No call yet",
        "Point a client at this gateway; each call then stands here within seconds.",
        line="muniment tail",
    ),
    filters=(
        Filter(
            "state",
            "End",
            (("", "any"), *((each.value, end_words_of(each)) for each in State)),
        ),
        Filter("looked", "Looked at", (("", "any"), ("no", "not whole"))),
        Filter(
            "effect",
            "Decision",
            (("", "any"), ("allow", "allow"), ("cure", "made safe"), ("deny", "deny")),
        ),
        Filter("system", "System", placeholder="key or id"),
        Filter("environment", "Environment"),
        Filter("model", "Model"),
        Filter("key", "Key's id"),
        Filter("subject", "Subject's name", placeholder="sub_…"),
        Filter("code", "Why"),
        Filter("since", "From the day", placeholder="2027-01-31"),
        Filter("until", "To the day", placeholder="2027-01-31"),
    ),
    actions=(
        Action("Watch them live", f"{ADDRESS}/live"),
        Action("Prices", f"{ADDRESS}/prices"),
    ),
    lede=_lede,
    views=lambda _work: [(name, f"{ADDRESS}?{query}") for name, query in _VIEWS],
)
