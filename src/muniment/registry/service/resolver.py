"""The snapshot that a gateway reads: system and environment to what serves there just now.

It lives in memory and asks the database only for the number of the last move; when that has grown,
it reads what moved. So an answer is never older than the time between two looks, and when the
database cannot be asked for too long, there is no answer.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from muniment.core.actor import system_actor
from muniment.core.errors import BlockedError, NotFoundError, UnavailableError
from muniment.db import Database, Work, kept_fresh, require_may_wait
from muniment.registry import store
from muniment.registry.models import Contents, Serving, System, SystemState
from muniment.registry.store.serving import StandingRow

_ACTOR: Final = system_actor("resolver")
FRESH_SECONDS: Final = 0.5
STALE_SECONDS: Final = 30.0
_MOST_KEPT: Final = 2_000
_MAY_SERVE: Final = (SystemState.APPROVED, SystemState.LIVE)


@dataclass(slots=True)
class Resolver:
    """What serves, as of half a second ago at most."""

    database: Database = field(repr=False)
    fresh_seconds: float = FRESH_SECONDS
    stale_seconds: float = STALE_SECONDS
    _by_place: dict[tuple[str, str], Serving] = field(default_factory=dict, repr=False)
    _seen: int = -1
    _looked_at: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _documents: dict[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict, repr=False)
    _stated: dict[str, tuple[float, System]] = field(default_factory=dict, repr=False)

    def resolve(self, system: str, environment: str = "production") -> Serving:
        """Say what serves an environment of a system, named by id or key; or why nothing does."""
        self._be_fresh()
        found = self._by_place.get((system, environment))
        if found is None or not found.shares:
            raise NotFoundError(
                f"nothing of {system[:60]} serves in {environment[:60]}",
                subject=system[:60],
                remedy="Promote an approved change there.",
            )
        if found.state not in _MAY_SERVE:
            raise BlockedError(
                f"{found.key} is {found.state.value.replace('_', ' ')}",
                subject=found.system_id,
                remedy="Who answers for it can resume it.",
            )
        return found

    def contents(self, serving: Serving, set_digest: str) -> Contents:
        """Give what a set of a place is made of, and what is stated of its system.

        What a digest names never changes and is read once; what is stated is never older than
        what serves.
        """
        now = self.database.clock.monotonic()
        documents = self._documents.get(set_digest)
        stated = self._stated.get(serving.system_id)
        age = now - stated[0] if stated is not None else -1.0
        if documents is not None and stated is not None and self.fresh_seconds <= age:
            again = partial(self.contents, serving, set_digest)
            if age < self._longest and kept_fresh((id(self), set_digest), again):
                return Contents(stated[1], set_digest, documents)
        if documents is None or stated is None or not 0 <= age < self.fresh_seconds:
            with self.database.look(_ACTOR) as work:
                stated = (now, store.systems.get(work, serving.system_id))
                documents = documents or _documents(work, serving, set_digest)
            self._keep(set_digest, documents, serving.system_id, stated)
        return Contents(stated[1], set_digest, documents)

    def _keep(
        self,
        set_digest: str,
        documents: Mapping[str, Mapping[str, Any]],
        system_id: str,
        stated: tuple[float, System],
    ) -> None:
        for kept in (self._documents, self._stated):
            if len(kept) >= _MOST_KEPT:
                kept.clear()
        self._documents[set_digest] = documents
        self._stated[system_id] = stated

    @property
    def _longest(self) -> float:
        """How old something may be while it is read again: together less than a second."""
        return self.fresh_seconds * 1.6

    def refresh(self) -> bool:
        """Look whether anything moved, and read it; tell whether something did."""
        with self._lock:
            return self._refresh()

    def size(self) -> int:
        """Count the places that are known."""
        return len({(each.system_id, each.environment) for each in self._by_place.values()})

    def _be_fresh(self) -> None:
        age = self._age()
        if age < self.fresh_seconds:
            return
        if age < self._longest and kept_fresh(id(self), self._be_fresh):
            return
        require_may_wait()
        with self._lock:
            if self._age() < self.fresh_seconds:
                return
            try:
                self._refresh()
            except UnavailableError:
                if self._age() > self.stale_seconds:
                    raise

    def _age(self) -> float:
        return self.database.clock.monotonic() - self._looked_at

    def _refresh(self) -> bool:
        looked = self.database.clock.monotonic()
        if self.database.glance(store.serving.PULSE) == self._seen:
            self._looked_at = looked
            return False
        with self.database.snapshot(_ACTOR) as work:
            pulse = store.serving.pulse(work)
            rows = store.serving.moved_since(work, self._seen)
            fresh = _read(work, rows)
        self._by_place = {**self._by_place, **fresh}
        self._seen, self._looked_at = pulse, looked
        return True


def _documents(work: Work, serving: Serving, set_digest: str) -> Mapping[str, Mapping[str, Any]]:
    named = serving.versions.get(set_digest, {})
    known = store.parts.versions_with(work, serving.system_id, named.values())
    return {label: known[label, digest].document for label, digest in named.items()}


def _read(work: Work, rows: tuple[StandingRow, ...]) -> dict[tuple[str, str], Serving]:
    shares = store.serving.shares_of(work, [row.deployment_id for row in rows if row.deployment_id])
    digests = [share.set_digest for some in shares.values() for share in some]
    versions = store.serving.versions_of_sets(work, digests)
    found = {}
    for row in rows:
        mine = shares.get(row.deployment_id, ())
        serving = Serving(
            system_id=row.system_id,
            key=row.key,
            environment=row.environment,
            state=SystemState(row.state),
            deployment_id=row.deployment_id,
            shares=mine,
            versions={each.set_digest: versions[each.set_digest] for each in mine},
            version=row.version,
        )
        found[row.system_id, row.environment] = found[row.key, row.environment] = serving
    return found
