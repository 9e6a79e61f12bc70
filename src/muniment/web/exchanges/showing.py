"""The page of one call: its corridor drawn, what was decided, what served, and the proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from starlette.routing import Route

from muniment import access, exchanges, registry
from muniment.access import Scope
from muniment.core.errors import ForbiddenError, NotFoundError
from muniment.db import Work
from muniment.exchanges import Exchange, Explained, Passed, Reached, Stage, State, Step
from muniment.ledger import Log
from muniment.registry import ChangeQuery
from muniment.web.cells import Cell, tag_cell, time_cell
from muniment.web.exchanges.cells import (
    ADDRESS,
    AREA,
    CRUMBS,
    STATES,
    cost_words,
    entry_cell,
    looked_words,
    system_cell,
)
from muniment.web.lists import Action, Empty
from muniment.web.parts import Column
from muniment.web.shows import Inset, Page, Section, Show

_NAMES: Final = {
    Stage.RECEIVE: "Received",
    Stage.IDENTIFY: "Identified",
    Stage.RESOLVE: "Resolved",
    Stage.LIMIT: "Within limits",
    Stage.INSPECT_PROMPT: "Prompt inspected",
    Stage.DECIDE_PROMPT: "Decided",
    Stage.PROTECT_PROMPT: "Made safe",
    Stage.INTEND: "Intent recorded",
    Stage.FORWARD: "Forwarded",
    Stage.INSPECT_ANSWER: "Answer inspected",
    Stage.DECIDE_ANSWER: "Decided",
    Stage.PROTECT_ANSWER: "Made safe",
    Stage.RECORD: "End recorded",
    Stage.REPLY: "Replied",
}
_TONES: Final = {
    Passed.PASSED: "ok",
    Passed.CHANGED: "accent",
    Passed.STOPPED: "stop",
    Passed.NOT_REACHED: "skipped",
    Passed.UNKNOWN: "unknown",
}
_WORDS: Final = {
    Passed.CHANGED: "changed",
    Passed.STOPPED: "stopped",
    Passed.UNKNOWN: "could not tell",
}
_EFFECTS: Final = {"allow": "allowed", "cure": "made safe", "deny": "denied", "hold": "held"}
_EFFECT_TONES: Final = {"allowed": "ok", "made safe": "info", "denied": "stop", "held": "look"}
_SOURCES: Final = {
    "signed": "from a signed token",
    "asserted": "as the caller says",
    "key": "the key's own",
    "none": "",
}
_RECORDED: Final = frozenset({Stage.INTEND, Stage.RECORD})


@dataclass(frozen=True, slots=True)
class Drawn:
    """One stage as it is drawn."""

    name: str
    tone: str
    word: str
    says: str
    took: str
    entry: int | None


def routes() -> list[Route]:
    """List the page of a call."""
    return SHOW.routes()


def drawn(step: Step, names: Mapping[str, str] = {}) -> Drawn:
    """Say how a stage is drawn; a colour never stands without its word, nor an id with a name."""
    tone = _TONES[step.how]
    if step.how is Passed.PASSED and step.stage in _RECORDED:
        tone = "accent"
    took = "" if step.micros is None else f"{step.micros / 1_000:,.2f} ms"
    word = _WORDS.get(step.how, "")
    says = step.says
    for named, name in names.items():
        says = says.replace(named, name)
    return Drawn(_NAMES[step.stage], tone, word, says, took, step.entry)


def _page(work: Work, asked: Mapping[str, str]) -> Page:
    found = exchanges.get(work, asked["exchange_id"])
    names = access.named(work, [found.caller])
    caller = names.get(found.caller, found.caller)
    here = f"{ADDRESS}/{found.id}"
    return Page(
        title=_title(found),
        lede=_lede(found, caller),
        crumbs=CRUMBS,
        state=tag_cell(found.state.value, STATES),
        facts=_facts(work, found, caller),
        actions=(
            Action("Compare a disputed text", f"{here}/match", "vault.open"),
            Action("Stop its system", _stop_href("system", found.system), "exchanges.stop"),
            Action("Stop its key", _stop_href("key", found.key), "exchanges.stop"),
        ),
    )


def _stop_href(kind: str, name: str) -> str:
    return f"{ADDRESS}/stops/stop?kind={kind}&name={name}"


def _title(found: Exchange) -> str:
    ends = {
        State.OPEN: "under way",
        State.ANSWERED: "answered",
        State.FAILED: "that failed",
        State.REFUSED: "that was refused",
        State.UNKNOWN: "whose end is not known",
    }
    return f"A call {ends[found.state]}"


def _lede(found: Exchange, caller: str) -> str:
    said = f"{caller} asked {found.model} over {found.surface}."
    if found.state is State.REFUSED:
        why = found.code.replace("_", " ") or "a reason that was not recorded"
        if found.provider_model:
            got = "nothing" if found.reached is Reached.NONE else "not all"
            return f"{said} The model answered, and {got} of it reached the caller: {why}."
        return f"{said} It was refused as {why}, and nothing left."
    if found.state is State.OPEN:
        return f"{said} It has left, and its end is not recorded yet."
    if found.state is State.UNKNOWN:
        return f"{said} Whoever made it died over it: nobody knows how it ended, or ever will."
    reached = {"whole": "The whole answer", "part": "A part of the answer", "none": "Nothing"}
    told = f"{reached[found.reached.value]} reached the caller after {found.milliseconds:,} ms."
    looked = "" if not found.uninspected else f" It was {looked_words(found)}."
    return f"{said} {told}{looked}"


def _facts(work: Work, found: Exchange, caller: str) -> tuple[tuple[str, Cell], ...]:
    subject, currency = found.subject, exchanges.currency(work)
    return (
        ("Call", Cell(found.id, kind="code")),
        ("Began", time_cell(found.began_at)),
        ("Ended", time_cell(found.ended_at, "not yet")),
        ("Caller", Cell(caller, _caller_href(found.caller))),
        ("Its key", _key_cell(work, found.key)),
        ("Whose data", Cell(subject, kind="code") if subject else Cell("nobody's we know of")),
        ("System", system_cell(found.system, registry.keys_of(work, [found.system]))),
        ("Environment", Cell(found.environment)),
        ("Model asked for", Cell(found.model)),
        ("Its provider calls it", Cell(found.provider_model or "not known")),
        ("Looked at", Cell(looked_words(found), tone="")),
        ("Answered with", Cell(f"{found.status}" if found.status else "nothing yet")),
        ("Tokens", Cell(f"{found.input_tokens:,} in, {found.output_tokens:,} out")),
        ("Cost", Cell(cost_words(found, currency))),
    )


def _explained(work: Work, log: Log, asked: Mapping[str, str], page: Page) -> Page:
    told = exchanges.explain(work, log, asked["exchange_id"])
    names = _names_in(work, told.exchange)
    values = {"steps": [drawn(each, names) for each in told.steps]}
    corridor = Inset(
        "What happened, in order",
        "exchanges/corridor.html",
        values,
        note=f"{told.exchange.milliseconds:,} ms in all" if told.exchange.milliseconds else "",
        width="c8",
    )
    sections = (
        _proof(told),
        _decisions(told),
        _served(work, told),
        _attempts(told),
        *((_approvals(told),) if told.agreed else ()),
    )
    source = _SOURCES.get(str(_begun(told).get("subject_source", "")), "")
    facts = tuple(
        (name, replace(cell, note=source) if name == "Whose data" and cell.kind == "code" else cell)
        for name, cell in page.facts
    )
    return replace(page, facts=facts, insets=(corridor,), sections=sections)


def _names_in(work: Work, found: Exchange) -> dict[str, str]:
    """Give the names of what a stage speaks of by its id."""
    key = _key_cell(work, found.key)
    return {**registry.keys_of(work, [found.system]), **({found.key: key.text} if key.text else {})}


def _key_cell(work: Work, key: str) -> Cell:
    """Name a key by its label, to who may see keys."""
    if not access.may(work, work.actor, "access.read", Scope.of(console="access")).ok:
        return Cell(key, kind="code")
    try:
        return Cell(access.key_of(work, key).label, f"/console/access/keys/{key}", whole=key)
    except (NotFoundError, ForbiddenError):
        return Cell(key, kind="code")


def _caller_href(caller: str) -> str:
    places = {"per_": "people", "svc_": "services"}
    place = next((at for start, at in places.items() if caller.startswith(start)), "")
    return f"/console/access/{place}/{caller}" if place else ""


def _begun(told: Explained) -> Mapping[str, object]:
    return told.body("exchanges.intended", "exchanges.refused")


def _proof(told: Explained) -> Section:
    return Section(
        "Proof",
        (Column("Entry"), Column("What"), Column("When"), Column("Leaf", hide_narrow=True)),
        tuple(
            (
                entry_cell(each.index),
                Cell(each.kind),
                time_cell(each.at),
                Cell(each.leaf, kind="code"),
            )
            for each in told.written
        ),
        Empty("Not sealed yet", "Its entries come under a signed head within a second."),
        note="Open an entry to verify it in this browser.",
        width="c12",
    )


def _decisions(told: Explained) -> Section:
    return Section(
        "What was decided, and why",
        (
            *(Column("Of"), Column("Effect"), Column("By"), Column("Found")),
            *(Column("Changed", hide_narrow=True), Column("Policy"), Column("Decision")),
        ),
        tuple(
            (
                Cell(f"the {each.direction}"),
                tag_cell(_EFFECTS.get(each.effect, each.effect), _EFFECT_TONES),
                Cell(", ".join(each.reasons) or "no rule", note=each.says),
                Cell(
                    ", ".join(f"{name} {n}" for name, n in sorted(each.findings.items())) or "none"
                ),
                Cell(", ".join(each.remedies) or "nothing"),
                Cell(f"Version {each.policy}", f"/console/policy/versions/{each.policy}")
                if each.policy
                else Cell("none"),
                Cell("Why", f"/console/policy/decisions/{each.decision}")
                if each.decision.startswith("dec_")
                else Cell(each.decision or "not kept", kind="code"),
            )
            for each in told.ruled
        ),
        Empty("Nothing was decided", "It was stopped before, or nobody recorded a decision."),
        width="c12",
    )


def _served(work: Work, told: Explained) -> Section:
    digest = told.exchange.set_digest
    columns = (Column("Part"), Column("Version"))
    empty = Empty("Could not tell", "The registry knows no such version set, or it is not yours.")
    if not digest:
        empty = Empty("Nothing served", "The call was refused before it was resolved so far.")
    try:
        found = registry.set_of(work, digest)
        query = ChangeQuery(system_id=found.system_id, set_digest=digest)
        changes = registry.find_changes(work, query, limit=1).rows
    except (NotFoundError, ForbiddenError):
        return Section("What served", columns, (), empty, note=digest[:19], width="c4")
    base = f"/console/registry/systems/{found.system_id}/parts"
    rows = [
        (Cell(label, f"{base}/{label}"), Cell(version[:19], kind="code"))
        for label, version in sorted(found.versions.items())
    ]
    for each in changes:
        change = Cell(each.title, f"/console/registry/changes/{each.id}")
        rows.append((Cell("brought by"), change))
    return Section("What served", columns, tuple(rows), empty, note=digest[:19], width="c4")


def _attempts(told: Explained) -> Section:
    tries = told.body("exchanges.concluded").get("attempts", ())
    return Section(
        "What was tried",
        (Column("Route"), Column("Status"), Column("Took", number=True), Column("Problem")),
        tuple(
            (
                Cell(str(each["route"])),
                Cell(str(each["status"] or "none")),
                Cell(f"{each['milliseconds']:,} ms", kind="number"),
                Cell(str(each["problem"]) or "none"),
            )
            for each in tries
        ),
        Empty("Nothing was sent", "No attempt is recorded."),
        width="c8",
    )


def _approvals(told: Explained) -> Section:
    return Section(
        "Who said yes",
        (Column("What"), Column("Request", hide_narrow=True), Column("Stands")),
        tuple(
            (
                Cell(each.title, f"/console/approvals/{each.request}"),
                Cell(each.request, kind="code"),
                Cell(each.state, note=", ".join(each.by)),
            )
            for each in told.agreed
        ),
        Empty("Nobody was asked", "No yes was needed."),
        width="c12",
    )


SHOW: Final = Show(
    AREA, "{exchange_id}", "Show a call: its corridor, decisions and proof.", _page, _explained
)
