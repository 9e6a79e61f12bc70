"""The kill switch: stop something everywhere at once, and let it go on."""

from __future__ import annotations

from collections.abc import Collection

from muniment import access, ledger
from muniment.access import EVERYTHING, Scope
from muniment.core.errors import ConflictError, NotFoundError
from muniment.db import Work
from muniment.exchanges import rules, store
from muniment.exchanges.models import RULE, Stop, StopKind
from muniment.exchanges.service.seeing import READ, systems_seen
from muniment.ledger import Entry
from muniment.ledger.kinds.exchanges import Resumed, Stopped


def stop(work: Work, kind: StopKind, name: str, *, reason: str) -> Stop:
    """Stop something; every process refuses it within a fraction of a second."""
    rules.require_stop(kind, name, reason)
    access.require(work, "exchanges.stop", _place(kind, name))
    made = Stop(work.new_id("stp"), kind, name, reason, work.actor.id, work.now)
    store.setting.add_stop(work, made)
    store.setting.beat(work)
    ledger.record(work, Stopped(made.id, kind.value, name, reason))
    return made


def resume(work: Work, stop_id: str, *, reason: str) -> Stop:
    """Let what was stopped go on; other stops of the same thing stay."""
    found = _known(work, stop_id)
    access.require(work, "exchanges.resume", _place(found.kind, found.name))
    rules.require_reason(reason)
    if not store.setting.end_stop(work, stop_id, work.actor.id, work.now, reason):
        raise ConflictError("this has gone on already", subject=stop_id, remedy="List the stops.")
    store.setting.beat(work)
    ledger.record(work, Resumed(stop_id, found.kind.value, found.name, reason))
    ended = store.setting.stop(work, stop_id)
    return ended or found


def stops(work: Work, *, ended: bool = False) -> tuple[Stop, ...]:
    """List what is stopped, or all that ever was, the newest first; as far as it may be seen.

    Whoever sees calls of a system sees what stops it, and what stops everything.
    """
    seen, found = systems_seen(work), store.setting.stops(work, ended=ended)
    if seen is None:
        return found
    return tuple(each for each in found if _concerns(each, seen))


def get_stop(work: Work, stop_id: str) -> Stop:
    """Show one stop."""
    found, seen = _known(work, stop_id), systems_seen(work)
    if seen is not None and not _concerns(found, seen):
        access.require(work, READ, _place(found.kind, found.name))
    return found


def follow_asked_stop(work: Work, entry: Entry) -> None:
    """Stop what a rule asks for in a record, unless the same rule stops it already.

    Nobody may look like having stopped it: who did it is the rule, and the record says which.
    """
    asked = rules.asked_stop(entry.kind, entry.body)
    if asked is None:
        return
    kind, name, by, reason = asked
    for each in store.setting.stops(work):
        if (each.kind, each.name, each.stopped_by) == (kind, name, by):
            return
    made = Stop(work.new_id("stp"), kind, name, reason, by, work.now)
    store.setting.add_stop(work, made)
    store.setting.beat(work)
    rule = by.removeprefix(RULE)
    ledger.record(work, Stopped(made.id, kind.value, name, reason, rule=rule, cause=entry.id))


def _known(work: Work, stop_id: str) -> Stop:
    found = store.setting.stop(work, stop_id) if stop_id.isprintable() else None
    if found is None:
        raise NotFoundError(
            "there is no such stop", subject=stop_id[:60], remedy="List them to see their ids."
        )
    return found


def _concerns(stop: Stop, systems: Collection[str]) -> bool:
    if stop.kind is StopKind.EVERYTHING:
        return bool(systems)
    return stop.kind is StopKind.SYSTEM and stop.name in systems


def _place(kind: StopKind, name: str) -> Scope:
    return Scope.of(system=name) if kind is StopKind.SYSTEM and name else EVERYTHING
