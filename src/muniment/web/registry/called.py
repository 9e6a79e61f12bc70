"""What of other rooms stands on the page of a system: its calls, and its people, as doors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from muniment import access, exchanges
from muniment.access import Scope
from muniment.db import Work
from muniment.web.cells import Cell

_WEEK: Final = timedelta(days=7)
_PEOPLE: Final = "/console/access/people"


def person_cell(work: Work, names: Mapping[str, str], person: str) -> Cell:
    """Name somebody, and lead whoever may see people to them."""
    if not person:
        return Cell("nobody")
    href = f"{_PEOPLE}/{person}" if _sees_people(work) else ""
    return Cell(names.get(person, person), href)


def called(work: Work, system_id: str) -> tuple[tuple[str, Cell], ...]:
    """Say how often a system was called in a week and who reaches it, to who may see it."""
    told: list[tuple[str, Cell]] = []
    if access.may(work, work.actor, "exchanges.read", Scope.of(system=system_id)).ok:
        tally = exchanges.by_system(work, work.now - _WEEK).get(system_id, exchanges.Tally())
        note = f"{tally.findings:,} found in them" if tally.findings else ""
        href = f"/console/exchanges?system={system_id}"
        calls = f"{tally.calls:,}" if tally.calls else "no call"
        told.append(("Calls, 7 days", Cell(calls, href, note=note)))
    if _sees_people(work):
        told.append(("People", Cell("Who could reach what", "/console/access/at")))
    return tuple(told)


def _sees_people(work: Work) -> bool:
    return access.may(work, work.actor, "access.read", Scope.of(console="access")).ok
