"""Who comes with this key? Answered from memory, and true to within a second.

Each process keeps the working keys by digest. Twice a second at most it asks the counter that every
change of access moves, and reads again when it moved; if the counter cannot be read in time nothing
is let in. Times of use are gathered and written once a minute.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Final, NoReturn

from muniment.access import rules, store
from muniment.access.models import Holder, HolderKind, Key, PersonState
from muniment.core.actor import Actor, ActorKind, system_actor
from muniment.core.digest import same_digest
from muniment.core.errors import ConflictError, UnauthenticatedError, UnavailableError
from muniment.db import Database, Work, kept_fresh, require_may_wait

_log = logging.getLogger(__name__)
_READER: Final = system_actor("keybook")
_LOOK_EVERY_SECONDS: Final = 0.5
_LONGEST_OLD_SECONDS: Final = 0.8
_WRITE_EVERY_SECONDS: Final = 60.0
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
_KINDS: Final = {HolderKind.PERSON: ActorKind.PERSON, HolderKind.SERVICE: ActorKind.SERVICE}

Refused = Callable[[rules.Refusal, str], None]


@dataclass(frozen=True, slots=True)
class _Known:
    digest: str
    key: Key
    holder_active: bool
    actor: Actor
    until: datetime | None = None
    """Until when it surely works; where nothing ends it, that is for ever."""


@dataclass(slots=True)
class KeyBook:
    """The keys that work, as one process knows them."""

    database: Database
    refused: Refused | None = None
    _known: Mapping[str, _Known] = field(default_factory=dict, repr=False)
    _version: int = -1
    _looked_at: float = float("-inf")
    _uses: dict[str, datetime] = field(default_factory=dict, repr=False)
    _written_at: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _noting: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def identify(self, presented: str) -> Actor:
        """Say who comes with this key, or that nobody known does; why stands in our log only."""
        known = self._held(presented)
        if known is None:
            return self._judge_slowly(_digest(presented))
        now = self.database.clock.now()
        if why := rules.refusal(known.key, now, holder_active=known.holder_active):
            self._refuse(why, known.key.id)
        with self._noting:
            self._uses[known.key.id] = now
        return known.actor

    def working(self, presented: str) -> Actor | None:
        """Say who comes with a key that works; of any other nothing is said, noted or asked."""
        return self.working_as(self.digest_of(presented), self.database.clock.now())

    def working_as(self, digest: str, now: datetime) -> Actor | None:
        """Say that of a key by its digest, as `digest_of` gave it."""
        if self.database.clock.monotonic() - self._looked_at >= _LOOK_EVERY_SECONDS:
            self._look()
        known = self._known.get(digest)
        if known is None or not compare_digest(known.digest, digest):
            return None
        key, until = known.key, known.until
        may_end = until is not None and now >= until
        if may_end and rules.refusal(key, now, holder_active=known.holder_active) is not None:
            return None
        with self._noting:
            self._uses[key.id] = now
        return known.actor

    @staticmethod
    def digest_of(presented: str) -> str:
        """Give what a key that was presented is known by; of what can be no key, nothing."""
        return rules.key_digest(presented) if presented.isascii() else ""

    def _held(self, presented: str) -> _Known | None:
        if self.database.clock.monotonic() - self._looked_at >= _LOOK_EVERY_SECONDS:
            self._look()
        # A digest that we know is one of a key that was well-formed when it was made.
        digest = self.digest_of(presented)
        known = self._known.get(digest)
        return known if known is not None and same_digest(known.digest, digest) else None

    def keep_fresh(self) -> None:
        """Have what changed read again before it is too old to go by; nobody comes just now."""
        self._look()

    def write_uses(self) -> int:
        """Write when keys were last used; give how many. What could not be written is kept."""
        with self._noting:
            uses, self._uses = self._uses, {}
        try:
            if uses:
                with self.database.work(_READER) as work:
                    store.note_uses(work, uses)
        except (UnavailableError, ConflictError):
            with self._noting:
                self._uses = {**uses, **self._uses}
            raise
        return len(uses)

    def _judge_slowly(self, digest: str) -> Actor:
        """Look in the database for a key we do not know: it may be new, or have ended."""
        if not digest:
            self._refuse(rules.Refusal.MALFORMED, "")
        with self.database.look(_READER) as work:
            found, why = _find(work, digest)
        if found is None or why is not None:
            self._refuse(why or rules.Refusal.UNKNOWN, found.key.id if found else "")
        return found.actor

    def _refuse(self, why: rules.Refusal, key_id: str) -> NoReturn:
        if self.refused is not None:
            self.refused(why, key_id)
        raise refused_key(why)

    def _look(self) -> None:
        """Read again what changed, if the last look is too long ago; others wait for it."""
        monotonic = self.database.clock.monotonic
        age = monotonic() - self._looked_at
        if age < _LOOK_EVERY_SECONDS:
            return
        if age < _LONGEST_OLD_SECONDS and kept_fresh(id(self), self._look):
            return
        require_may_wait()
        with self._lock:
            now = monotonic()
            if now - self._looked_at < _LOOK_EVERY_SECONDS:
                return
            if self.database.glance(store.VERSION) != self._version:
                with self.database.look(_READER) as work:
                    version = store.version(work)
                    self._known = _read(work)
                    self._version = version
            self._looked_at = now
        if now - self._written_at >= _WRITE_EVERY_SECONDS:
            self._written_at = now
            with suppress(UnavailableError, ConflictError):  # not worth refusing a good key
                self.write_uses()


def identify_key(database: Database, presented: str) -> Actor:
    """Say who comes with this key, straight from the database."""
    digest = _digest(presented)
    if not digest:
        raise refused_key(rules.Refusal.MALFORMED)
    with database.look(_READER) as work:
        found, why = _find(work, digest)
    if found is None or why is not None:
        raise refused_key(why or rules.Refusal.UNKNOWN)
    return found.actor


def refused_key(why: rules.Refusal) -> UnauthenticatedError:
    """Tell our log why a key opened nothing, and the world only that it did not."""
    _log.info("a key was refused", extra={"reason": why.value})
    return UnauthenticatedError("this key opens nothing here", remedy="Use a key that works.")


def _digest(presented: str) -> str:
    return rules.key_digest(presented) if rules.is_well_formed(presented) else ""


def _find(work: Work, digest: str) -> tuple[_Known | None, rules.Refusal | None]:
    kept = store.key_by_digest(work, digest)
    if kept is None or not same_digest(kept[0], digest):
        return None, rules.Refusal.UNKNOWN
    known = _known(*kept, _active(work, [kept[1].holder]))
    why = rules.refusal(known.key, work.now, holder_active=known.holder_active)
    return known, why


def _read(work: Work) -> Mapping[str, _Known]:
    kept = store.working_keys(work)
    active = _active(work, [key.holder for _, key in kept])
    return {digest: _known(digest, key, active) for digest, key in kept}


def _known(digest: str, key: Key, active: frozenset[Holder]) -> _Known:
    actor = Actor(_KINDS[key.holder.kind], key.holder.id, credential=key.id)
    is_active = key.holder in active
    until = key.expires_at if is_active and key.revoked_at is None else _LONG_AGO
    return _Known(digest, key, is_active, actor, until)


def _active(work: Work, holders: list[Holder]) -> frozenset[Holder]:
    """Name the holders who may act: active people, and active services of active people."""
    services = store.services_named(
        work, [each.id for each in holders if each.kind is HolderKind.SERVICE]
    )
    owners = {each.owner_id for each in services.values()}
    own = {each.id for each in holders if each.kind is HolderKind.PERSON}
    people = store.people_named(work, owners | own)
    active = {each.id for each in people.values() if each.state is PersonState.ACTIVE}
    return frozenset(
        each
        for each in holders
        if each.id in active
        or (
            each.id in services
            and services[each.id].active
            and services[each.id].owner_id in active
        )
    )
