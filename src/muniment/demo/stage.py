"""The stage of a story: the house it is played in, the time, who is there, and what they do.

Everything that happens goes through the services of the rooms, in the name of a person who is
signed in, or of a part of the product. Nothing is written past them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from muniment import access, approvals, jobs
from muniment.access import Method, PersonId, Session, SignIn
from muniment.approvals import Answer, Request
from muniment.core.actor import Actor, system_actor
from muniment.db import Work
from muniment.demo.clock import StoryClock
from muniment.demo.copies import Copies, learn
from muniment.demo.desk import Desk
from muniment.demo.story import Scale
from muniment.server import House

MACHINE: Final = system_actor("demo")
_PLACE: Final = ("198.51.100.7", "Demo browser")
_SPARE: Final = timedelta(minutes=5)
_NIGHTLY: Final = (
    "approvals.due",
    "approvals.remind",
    "access.tidy",
    "access.reviews",
    "notices.post",
    "notices.look",
    "policy.reviews_due",
    "exchanges.close_open",
)
T = TypeVar("T")


@dataclass(slots=True)
class Stage:
    """Where a story is played."""

    house: House
    clock: StoryClock
    desk: Desk
    scale: Scale
    began: datetime
    copies: Copies = field(default_factory=Copies)
    people: dict[str, PersonId] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    _sessions: dict[str, Session] = field(default_factory=dict, repr=False)

    def at(self, day: float) -> datetime:
        """Say which moment a part of a day of the story is."""
        return self.began + timedelta(days=day)

    @contextmanager
    def by(self, name: str) -> Iterator[Work]:
        """Do something as somebody of the story, signed in with a second factor."""
        with self.house.database.work(self.actor(name)) as work:
            yield work

    @contextmanager
    def machine(self) -> Iterator[Work]:
        """Do something as the product itself."""
        with self.house.database.work(MACHINE) as work:
            yield work

    def actor(self, name: str) -> Actor:
        """Give somebody as one who acts: by the session they have, or a fresh one."""
        now = self.clock.now()
        known = self._sessions.get(name)
        if known is None or min(known.idle_until, known.ends_at) <= now + _SPARE:
            how = SignIn(self.people[name], (Method.PASSWORD, Method.TOTP), strong=True)
            with self.machine() as work:
                known, _ = access.begin_session(work, how, *_PLACE, settings=self.house.settings)
            self._sessions[name] = known
        return access.actor_of(known)

    def answer(
        self, name: str, request_id: str, how: Answer = Answer.APPROVE, *, reason: str
    ) -> Request:
        """Let somebody open what is asked and answer exactly that."""
        with self.by(name) as work:
            shown = approvals.open_request(work, request_id)
        self.clock.go_to(self.clock.now() + timedelta(seconds=40 + self.dice(request_id, 200)))
        with self.by(name) as work:
            digest = shown.version.digest
            return approvals.decide(work, request_id, how, digest=digest, reason=reason)

    def follow(self) -> None:
        """Seal what was recorded, and let every room follow it."""
        house = self.house
        house.log.seal()
        read = jobs.OneReading(house.log.read_after)
        followers = house.runner.followers
        moved = True
        while moved:  # side by side, so that each batch is read once for all
            moved = sum(jobs.step(house.database, each, read) for each in followers) > 0

    def night(self) -> None:
        """Let the worker do what it does: seal, follow, remind, escalate, tidy, tell."""
        self.follow()
        with self.machine() as work:
            for name in _NIGHTLY:
                jobs.enqueue(work, name)
        while self.house.runner.run_one():
            pass
        self.copies.wait()
        self.follow()
        learn(self)

    @property
    def machine_actor(self) -> Actor:
        """Name the product itself as the one who looks."""
        return MACHINE

    @staticmethod
    def dice(seed: object, sides: int) -> int:
        """Give a number below `sides` that is always the same for the same seed."""
        return int.from_bytes(hashlib.sha256(repr(seed).encode()).digest()[:6]) % sides

    def one_of(self, seed: object, things: Sequence[T]) -> T:
        """Choose one of several, always the same for the same seed."""
        return things[self.dice(seed, len(things))]

    def doing(self, name: str, what: Callable[[Work], T]) -> T:
        """Do one thing as somebody, and give what came of it."""
        with self.by(name) as work:
            return what(work)
