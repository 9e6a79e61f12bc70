"""What is looked after every night: idle keys, grants that ran out, programs nobody answers for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from muniment.access import rules, store
from muniment.access.models import PersonState
from muniment.access.service.answering import verify_answers
from muniment.access.service.gate import require
from muniment.access.service.keys import end_key
from muniment.access.service.reading import AREA
from muniment.access.service.reviews import escalate
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.reviews import EmergenciesUnreviewed, GrantsEnded, ServicesStopped

_MARK: Final = "grants_ended"
_IDS_PER_ENTRY: Final = 500


@dataclass(frozen=True, slots=True)
class Tidied:
    """What a night's work found and ended."""

    keys: tuple[str, ...]
    grants: tuple[str, ...]
    services: tuple[str, ...]
    emergencies: tuple[str, ...]


def tidy(work: Work) -> Tidied:
    """End idle keys, record grants that ran out, stop what nobody answers for, remind of glass."""
    store.take_turn(work)
    require(work, "access.tidy", AREA)
    return Tidied(
        keys=_end_idle_keys(work),
        grants=_note_ended_grants(work),
        services=_stop_orphans(work),
        emergencies=_remind(work),
    )


def look_after_reviews(work: Work) -> None:
    """Record late reviews, and look again at what reviewers ended."""
    escalate(work)
    for each in store.unclosed_campaigns(work):
        verify_answers(work, each.id)


def _end_idle_keys(work: Work) -> tuple[str, ...]:
    idle = [key for _, key in store.working_keys(work) if rules.is_inactive(key, work.now)]
    for each in idle:
        end_key(work, each, "inactive")
    return tuple(each.id for each in idle)


def _note_ended_grants(work: Work) -> tuple[str, ...]:
    since = store.mark(work, _MARK)
    ended = store.ended_between(work, since, work.now)
    store.set_mark(work, _MARK, work.now)
    ids = tuple(each.id for each in ended)
    for first in range(0, len(ids), _IDS_PER_ENTRY):
        record(work, GrantsEnded(ids[first : first + _IDS_PER_ENTRY]))
    return ids


def _stop_orphans(work: Work) -> tuple[str, ...]:
    orphans = [
        each
        for each in store.active_services(work)
        if store.person(work, each.owner_id).state is PersonState.LEFT
    ]
    if orphans:
        record(work, ServicesStopped(tuple(each.id for each in orphans)))
    for each in orphans:
        store.save_service(work, replace(each, active=False))
    return tuple(each.id for each in orphans)


def _remind(work: Work) -> tuple[str, ...]:
    late = tuple(
        each.id
        for each in store.emergencies(work, unreviewed=True)
        if rules.is_long_unreviewed(each, work.now)
    )
    if late:
        record(work, EmergenciesUnreviewed(late))
    return late
