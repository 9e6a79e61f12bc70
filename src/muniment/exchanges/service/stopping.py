"""The kill switch: stop something everywhere at once, and let it go on."""

from __future__ import annotations

from muniment import access, ledger
from muniment.access import EVERYTHING, Scope
from muniment.core.errors import ConflictError, NotFoundError
from muniment.db import Work
from muniment.exchanges import rules, store
from muniment.exchanges.models import Stop, StopKind
from muniment.ledger.kinds.exchanges import Resumed, Stopped


def stop(work: Work, kind: StopKind, name: str, *, reason: str) -> Stop:
    """Stop something; every process refuses it within a fraction of a second."""
    access.require(work, "exchanges.stop", _place(kind, name))
    rules.require_stop(kind, name, reason)
    made = Stop(work.new_id("stp"), kind, name, reason, work.actor.id, work.now)
    store.setting.add_stop(work, made)
    store.setting.beat(work)
    ledger.record(work, Stopped(made.id, kind.value, name, reason))
    return made


def resume(work: Work, stop_id: str, *, reason: str) -> Stop:
    """Let what was stopped go on; other stops of the same thing stay."""
    found = store.setting.stop(work, stop_id)
    if found is None:
        raise NotFoundError(
            "there is no such stop", subject=stop_id[:60], remedy="List them to see their ids."
        )
    access.require(work, "exchanges.resume", _place(found.kind, found.name))
    rules.require_reason(reason)
    if not store.setting.end_stop(work, stop_id, work.actor.id, work.now, reason):
        raise ConflictError("this has gone on already", subject=stop_id, remedy="List the stops.")
    store.setting.beat(work)
    ledger.record(work, Resumed(stop_id, found.kind.value, found.name, reason))
    ended = store.setting.stop(work, stop_id)
    return ended or found


def stops(work: Work, *, ended: bool = False) -> tuple[Stop, ...]:
    """List what is stopped, or all that ever was, the newest first."""
    access.require(work, "exchanges.read")
    return store.setting.stops(work, ended=ended)


def _place(kind: StopKind, name: str) -> Scope:
    return Scope.of(system=name) if kind is StopKind.SYSTEM and name else EVERYTHING
