"""What stands in the tables of calls: states, ends, costs, entries of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from muniment import exchanges
from muniment.exchanges import COST_UNKNOWN, Exchange, Inspected, State, write_amount
from muniment.web.cells import Area, Cell

ADDRESS: Final = "/console/exchanges"
AREA: Final = Area(ADDRESS, exchanges.AREA, "exchanges.read", line_by_line=True)
CRUMBS: Final = (("Calls", ADDRESS),)
STATES: Final = {
    "open": "info",
    "answered": "ok",
    "failed": "stop",
    "refused": "look",
    "unknown": "unknown",
}
_ENDS: Final = {
    State.OPEN: "under way",
    State.ANSWERED: "answered",
    State.FAILED: "failed",
    State.REFUSED: "refused",
    State.UNKNOWN: "end unknown",
}
_LOOKED: Final = {
    Inspected.WHOLE.value: "looked at whole",
    Inspected.PART.value: "looked at in part",
    Inspected.NOT.value: "not looked at",
}


def end_words(found: Exchange) -> str:
    """Say how a call ended, in words."""
    return _ENDS[found.state]


def end_cell(found: Exchange) -> Cell:
    """Write how a call ended as a word with its colour, and why where it did not end well."""
    tone = STATES[found.state.value]
    return Cell(end_words(found), kind="tag", tone=tone, note=found.code.replace("_", " "))


def found_cell(found: Exchange) -> Cell:
    """Write what was found; what was not looked at whole is never called clean."""
    if found.uninspected:
        return Cell(_LOOKED.get(found.inspected, "could not tell"), kind="tag", tone="unknown")
    many = found.findings
    return Cell(f"{many:,}" if many else "nothing", tone="look" if many else "")


def looked_words(found: Exchange) -> str:
    """Say how much of a call was looked at."""
    return _LOOKED.get(found.inspected, "could not tell")


def cost_words(found: Exchange, currency: str) -> str:
    """Say what a call cost; what nobody knows is no nought."""
    if found.cost_micros != COST_UNKNOWN:
        return f"{write_amount(found.cost_micros)} {currency}"
    return "not known yet" if found.state is State.OPEN else "could not tell"


def entry_cell(index: int) -> Cell:
    """Link to an entry of the ledger."""
    return Cell(f"{index:,}", f"/console/ledger/{index}")


def system_cell(system: str, keys: Mapping[str, str] | None = None) -> Cell:
    """Link to a system, under the key people know it by."""
    if not system:
        return Cell("not known", tone="faint")
    shown = (keys or {}).get(system, system)
    return Cell(shown, f"/console/registry/systems/{system}", kind="code")
