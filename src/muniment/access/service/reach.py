"""Who could reach what on a day, through which grant, and where in the ledger that stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from muniment import ledger
from muniment.access import rules, store
from muniment.access.models import Grant, Reach
from muniment.access.service.gate import require
from muniment.access.service.reading import AREA
from muniment.core.clock import parse_stamp
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.ledger import Log, Query

_MADE = frozenset({"access.granted", "access.glass_broken"})
_CHANGED = frozenset({"access.grant_extended"})
_ENDED = frozenset({"access.revoked"})
_ENDED_WITH = frozenset(  # what ended a grant among other things, and names it
    {"access.person_left", "access.team_ended", "access.line_answered", "access.emergency_reviewed"}
)
_MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the ledger: its place, what it says happened, when, and its id."""

    index: int
    kind: str
    at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Proofs:
    """The entries that made a grant, changed its end, ended it, and put somebody into its team."""

    made: tuple[Place, ...] = ()
    changed: tuple[Place, ...] = ()
    ended: tuple[Place, ...] = ()
    through: tuple[Place, ...] = ()


def at(work: Work, when: datetime) -> tuple[Reach, ...]:
    """Say who could reach what at a moment, through which grant; closed accounts are told too."""
    require(work, "access.read", AREA)
    if when > work.now:
        raise InvalidError(
            "nobody knows who can reach what in the future",
            field="at",
            remedy="Give a time that has been.",
        )
    return reach_at(work, when)


def reach_at(work: Work, when: datetime) -> tuple[Reach, ...]:
    """Put together who could reach what at a moment."""
    return rules.reach(
        store.grants_at(work, when),
        store.all_memberships(work, when),
        store.states_at(work, when),
        {**rules.BUILT_IN, **store.roles(work, when)},
    )


def prove_reach(log: Log, found: Sequence[Reach]) -> tuple[Proofs, ...]:
    """Find the sealed entries behind each line: what made, changed and ended what it rests on."""
    grants = {each.grant.id: each.grant for each in found}
    proofs = {grant_id: _proofs(log, grant) for grant_id, grant in grants.items()}
    joined = {each.through: _membership(log, each.through) for each in found if each.through}
    return tuple(
        replace(proofs[each.grant.id], through=joined.get(each.through, ())) for each in found
    )


def _membership(log: Log, membership_id: str) -> tuple[Place, ...]:
    return tuple(_entries(log, Query(kind="access.member_*", text=membership_id)))


def _proofs(log: Log, grant: Grant) -> Proofs:
    own = _entries(log, Query(subject=f"grant:{grant.id}"))
    made = [each for each in own if each.kind in _MADE]
    ended = [each for each in own if each.kind in _ENDED]
    if not made or (grant.revoked_at is not None and not ended):
        naming = _entries(log, Query(kind="access.*", text=grant.id))
        by_review = [each for each in naming if each.kind in _ENDED_WITH]
        made = made or by_review[:1]
        ended = ended or (by_review[-1:] if grant.revoked_at is not None else [])
    return Proofs(
        made=tuple(made),
        changed=tuple(each for each in own if each.kind in _CHANGED),
        ended=tuple(ended),
    )


def _entries(log: Log, query: Query) -> list[Place]:
    rows = ledger.find(log, query, limit=_MOST_ENTRIES).rows
    return [Place(row.index, row.kind, parse_stamp(row.at), row.id) for row in reversed(rows)]
