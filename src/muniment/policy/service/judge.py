"""The judge of a process: decides from memory, true to what is in force within a second.

Twice a second at most it asks for the revision of what is in force, and reads the rules again when
that moved; if it cannot be read in time nothing is decided, so nothing is let through. Rules are
indexed by action and type of resource, and decisions remembered (see `rules.engine`). While one
thread reads new rules, the others go on with the old ones, for a second at most.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final

from muniment.core.actor import system_actor
from muniment.core.digest import Digest
from muniment.db import Database, Work, kept_fresh, require_may_wait
from muniment.policy import store
from muniment.policy.models import Decision, Effect, Facts, Judged
from muniment.policy.rules import Engine
from muniment.policy.service.bundles import load, require_version

_READER: Final = system_actor("policy")
_LOOK_EVERY_SECONDS: Final = 0.5
_LONGEST_OLD_SECONDS: Final = 1.0
_NOTHING: Final = Decision(Effect.DENY, (), (), Digest(""), says="no policy is in force")


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """The rules of one revision, ready to judge by."""

    revision: int = 0
    version: int = 0
    enforced: Engine | None = None
    shadow_version: int = 0
    shadow: Engine | None = None
    reads: dict[tuple[str, str, str], bool] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class Judge:
    """Decides in this process; safe to share between threads."""

    database: Database
    _held: _Snapshot = field(default_factory=_Snapshot, repr=False)
    _looked_at: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def decide(self, facts: Facts) -> Judged:
        """Judge the facts by what is in force, and by what is in shadow beside it."""
        held = self._now()
        decision = _NOTHING if held.enforced is None else held.enforced.decide(facts)
        if held.shadow is None:
            return Judged(facts, decision, held.version)
        would = held.shadow.decide(facts)
        return Judged(facts, decision, held.version, would, held.shadow_version)

    def holds(self) -> object:
        """Give what is in force: another object each time that it changed, and only then."""
        if self.database.clock.monotonic() - self._looked_at >= _LOOK_EVERY_SECONDS:
            self.look()
        return self._held

    def reads(self, action: str, resource: str, name: str) -> bool:
        """Tell whether a rule in force or in shadow can see a fact that is dear to come by."""
        held, asked = self._held, (action, resource, name)
        known = held.reads.get(asked)
        if known is None:
            engines = (held.enforced, held.shadow)
            known = any(each is not None and each.reads(*asked) for each in engines)
            held.reads[asked] = known
        return known

    def version(self) -> int:
        """Give the number of the version that this process judges by just now."""
        return self._held.version

    def _now(self) -> _Snapshot:
        if self.database.clock.monotonic() - self._looked_at >= _LOOK_EVERY_SECONDS:
            self.look()
        return self._held

    def look(self) -> None:
        """Read again what is in force, if the last look is too long ago."""
        monotonic = self.database.clock.monotonic
        age = monotonic() - self._looked_at
        if age < _LOOK_EVERY_SECONDS:
            return
        waits = age >= _LONGEST_OLD_SECONDS
        if waits:
            require_may_wait()
        elif kept_fresh(id(self), self.look):
            return
        if not self._lock.acquire(blocking=waits):
            return  # another thread reads it just now, and what we hold is young enough
        try:
            now = monotonic()
            if now - self._looked_at < _LOOK_EVERY_SECONDS:
                return
            if self.database.glance(store.REVISION) != self._held.revision:
                with self.database.look(_READER) as work:
                    self._held = _read(work, self._held)
            self._looked_at = now
        finally:
            self._lock.release()


def _read(work: Work, held: _Snapshot) -> _Snapshot:
    now = store.standing(work)
    if now.revision == held.revision:
        return held
    known = {
        number: engine
        for number, engine in (
            (held.version, held.enforced),
            (held.shadow_version, held.shadow),
        )
        if engine is not None
    }
    return _Snapshot(
        now.revision,
        now.enforced,
        known.get(now.enforced) or _engine(work, now.enforced),
        now.shadow,
        known.get(now.shadow) or _engine(work, now.shadow),
    )


def _engine(work: Work, number: int) -> Engine | None:
    return Engine(load(work, require_version(work, number).bundle)) if number else None
