"""Followers: a room reacts by reading the ledger forward from its own stored place.

Each batch of entries and the new place are committed together, so an entry takes effect once even
if the process dies; entries come in order, at least once. A follower that keeps failing stops
itself, visibly, and nobody else; a person resumes it. What it reads from is handed in.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar, overload

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    Select,
    String,
    Text,
    bindparam,
    select,
    update,
)

from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError, NotFoundError
from muniment.db.engine import Database
from muniment.db.prepared import Repeated
from muniment.db.tables import exempt_table
from muniment.db.types import UtcTime
from muniment.db.work import Work
from muniment.jobs.job import retry_delay, storable

MAX_FAILURES: Final = 5
_BATCH: Final = 256
_MOST_BATCHES: Final = 8
_MOST_KEPT: Final = 2 * _MOST_BATCHES
_PASSED_BATCHES: Final = 8
_PLANNED_BATCHES: Final = 8

followers_table = exempt_table(
    "followers",
    Column("name", String(100), primary_key=True),
    Column("next_index", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("retry_at", UtcTime, nullable=False),
    Column("stopped", Text, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    reason="each follower's place in the ledger; it moves with what the follower did",
)


_ONE: Final = select(followers_table).where(followers_table.c.name == bindparam("of"))
_HELD: Final = _ONE.with_for_update()
_EVERY: Final = select(followers_table).order_by(followers_table.c.name)
_MOVE: Final = update(followers_table).where(
    followers_table.c.name == bindparam("of"), followers_table.c.next_index == bindparam("before")
)
_MOVING: Final = Repeated(
    lambda _dialect: _MOVE, ("next_index", "failures", "retry_at", "updated_at")
)
_TOGETHER: Final = system_actor("followers")


class FollowedEntry(Protocol):
    """What a follower needs to know of a ledger entry."""

    @property
    def index(self) -> int:
        """Its place in the log."""
        ...

    @property
    def kind(self) -> str:
        """What happened: room.verb_past."""
        ...

    @property
    def body(self) -> Mapping[str, Any]:
        """The facts."""
        ...


Reader = Callable[[int, int], Sequence[FollowedEntry]]
E = TypeVar("E", bound=FollowedEntry)


class Passage(Sequence[E], ABC):
    """Entries whose kinds are known before one of them is looked at."""

    __slots__ = ("kinds",)

    def __init__(self, kinds: Sequence[str]) -> None:
        self.kinds = kinds

    @abstractmethod
    def only(self, places: Sequence[int]) -> Passage[E]:
        """Give some of them."""

    @abstractmethod
    def entry(self, place: int) -> E:
        """Give one."""

    def __len__(self) -> int:
        return len(self.kinds)

    @overload
    def __getitem__(self, place: int) -> E: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[E]: ...
    def __getitem__(self, place: int | slice) -> E | Sequence[E]:
        places = range(len(self.kinds))[place]
        return self.entry(places) if isinstance(places, int) else self.only(places)


def _only(entries: Sequence[FollowedEntry], wanted: Sequence[int]) -> Sequence[FollowedEntry]:
    """Give those at some places; where that is all of them, as they are."""
    if len(wanted) == len(entries):
        return entries
    if isinstance(entries, Passage):
        return entries.only(wanted)
    return [entries[place] for place in wanted]


def _kinds_of(entries: Sequence[FollowedEntry]) -> Sequence[str]:
    return entries.kinds if isinstance(entries, Passage) else [entry.kind for entry in entries]


class OneReading:
    """Reads the log once for several followers that go through the same entries side by side.

    Only whole batches are kept, for what is sealed never changes, but more may follow; and only the
    last few, for entries that were read take several times the room that they take in the log.
    """

    def __init__(self, read: Reader, most: int = _MOST_KEPT) -> None:
        self._read = read
        self._most = most
        self._kept: dict[tuple[int, int], Sequence[FollowedEntry]] = {}

    def __call__(self, first: int, limit: int) -> Sequence[FollowedEntry]:
        """Give entries from a place on."""
        known = self._kept.get((first, limit))
        if known is not None:
            return known
        entries = self._read(first, limit)
        if len(entries) == limit:
            if len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]
            self._kept[first, limit] = entries
        return entries


Parts = Sequence[Sequence[FollowedEntry]]
Plan = Callable[[Work, Parts], Callable[[Work], None]]


@dataclass(frozen=True, slots=True)
class Follower:
    """A reaction: which kinds it follows (`registry.*` means all of a room) and what it does.

    What takes many entries together better than one by one says so by `plan`: it looks at them,
    as they were read, before the transaction begins, and gives what is left to be written. Nobody
    else may change meanwhile what it looked at, but in a way that it need not know of. What can
    tell by a kind that no entry of it concerns anybody now says so by `concerns`.
    """

    name: str
    kinds: tuple[str, ...]
    handle: Callable[[Work, FollowedEntry], None]
    plan: Plan | None = None
    concerns: Callable[[Work, str], bool] | None = None

    def wants_now(self, work: Work, kind: str) -> bool:
        """Tell whether an entry of this kind concerns it as things are."""
        return self.wants(kind) and (self.concerns is None or self.concerns(work, kind))

    def wants(self, kind: str) -> bool:
        """Tell whether an entry of this kind concerns it."""
        room = kind.partition(".")[0] + ".*"
        return kind in self.kinds or room in self.kinds


@dataclass(frozen=True, slots=True)
class FollowerState:
    """How far a follower has come, and why it stopped, if it did."""

    name: str
    next_index: int
    failures: int
    retry_at: datetime
    stopped: str


def step(database: Database, follower: Follower, read: Reader) -> int:
    """Take the follower through the next batch; give how many entries it passed.

    What concerns it not at all is passed by the batch, in one commit. Entries are read before the
    transaction begins, for others wait to write while it lasts.
    """
    actor = system_actor(f"follower:{follower.name}")
    with database.look(actor) as work:
        known = _known(work, follower.name)
        if known is not None and not _moves(known, work):
            return 0
        place = known.next_index if known is not None else 0
        ours, ahead = _read_on(work, follower, read, place)
        take = _planned(work, follower, ours)
    if known is not None and ahead == place:
        return 0
    with database.work(actor) as work:
        state = _entered(work, follower)
        if not _moves(state, work):
            return 0
        if state.next_index != place:  # another worker was quicker
            ours, ahead = _read_on(work, follower, read, state.next_index)
            take = _planned(work, follower, ours)
        take(work)
        if ahead != state.next_index:
            _move(work, state, ahead)
        return ahead - state.next_index


def pass_over(
    database: Database, followers: Sequence[Follower], read: Reader
) -> tuple[Sequence[Follower], bool]:
    """Take those on whom nothing new concerns past it, in one commit.

    Give those who have something to do, and whether anybody was moved. Entries are read once for
    all who stand at one place, and no more of them than are kept until the others come to them.
    """
    with database.look(_TOGETHER) as work:
        known = {each.name: each for each in _all(work)}
        moving = {name for name, state in known.items() if _moves(state, work)}
        busy = [each for each in followers if each.name not in known]
        idle: list[tuple[FollowerState, int]] = []
        standing: dict[int, list[Follower]] = {}
        for follower in followers:
            if follower.name in moving:
                standing.setdefault(known[follower.name].next_index, []).append(follower)
        for place, some in standing.items():
            concerned, ahead = _pass_from(work, place, some, read)
            busy += concerned
            passing = [each for each in some if each not in concerned and ahead != place]
            idle += [(known[each.name], ahead) for each in passing]
    if idle:
        with database.work(_TOGETHER) as work:  # where another was quicker nothing changes
            work.write_all(_MOVING, [_moving(work, state, ahead) for state, ahead in idle])
    return busy, bool(idle)


def _pass_from(
    work: Work, place: int, followers: Sequence[Follower], read: Reader
) -> tuple[list[Follower], int]:
    """Read on from a place; give those whom something concerns, and where the others come to."""
    concerned: list[Follower] = []
    for _ in range(_PASSED_BATCHES):
        entries = read(place, most := _to_the_edge(place))
        kinds = set(_kinds_of(entries))
        waiting = [each for each in followers if each not in concerned]
        concerned += [each for each in waiting if any(each.wants_now(work, one) for one in kinds)]
        place = entries[-1].index + 1 if entries else place
        if len(entries) < most or len(concerned) == len(followers):
            break
    return concerned, place


def _to_the_edge(place: int) -> int:
    """Say how many entries end a batch where the log's own bundles end: so each is cut once."""
    return _BATCH - place % _BATCH


def _moves(state: FollowerState, work: Work) -> bool:
    return not state.stopped and state.retry_at <= work.now


def _read_on(
    work: Work, follower: Follower, read: Reader, place: int
) -> tuple[list[Sequence[FollowedEntry]], int]:
    """Read the next batch in which something concerns it; give that, and where the batch ends.

    Who plans is given several batches: what belongs together is in one more often.
    """
    ours: list[Sequence[FollowedEntry]] = []
    left = _PLANNED_BATCHES if follower.plan is not None else 1
    for _ in range(_MOST_BATCHES):
        entries = read(place, most := _to_the_edge(place))
        kinds = _kinds_of(entries)
        wanted = {kind for kind in set(kinds) if follower.wants_now(work, kind)}
        if found := [at for at, kind in enumerate(kinds) if kind in wanted]:
            ours.append(_only(entries, found))
            left -= 1
        place += len(entries)
        if not left or len(entries) < most:
            break
    return ours, place


def _planned(work: Work, follower: Follower, parts: Parts) -> Callable[[Work], None]:
    """Do what can be done before the transaction begins; give what is left."""
    if follower.plan is not None and parts:
        return follower.plan(work, parts)
    ours = [entry for part in parts for entry in part]
    for entry in ours:
        _ = entry.body  # what is read when it is asked for is read now, not in the transaction

    def take(work: Work) -> None:
        for entry in ours:
            follower.handle(work, entry)

    return take


def note_failure(database: Database, follower: Follower, reason: str) -> bool:
    """Remember that a batch failed; tell whether the follower has now stopped itself."""
    with database.work(system_actor(f"follower:{follower.name}")) as work:
        # If the very first batch failed, its place was rolled back with it.
        failures = _entered(work, follower).failures + 1
        stopped = storable(reason) if failures >= MAX_FAILURES else ""
        work.write(
            update(followers_table)
            .where(followers_table.c.name == follower.name)
            .values(
                failures=failures,
                stopped=stopped,
                retry_at=work.now + retry_delay(failures),
                updated_at=work.now,
            )
        )
        return bool(stopped)


def resume(work: Work, name: str) -> None:
    """Let a stopped follower try again from where it stopped."""
    _state(work, name)
    work.write(
        update(followers_table)
        .where(followers_table.c.name == name)
        .values(failures=0, stopped="", retry_at=work.now, updated_at=work.now)
    )


def followers(work: Work) -> tuple[FollowerState, ...]:
    """List every follower and its place, for the health page."""
    return _all(work)


def _all(work: Work) -> tuple[FollowerState, ...]:
    return tuple(
        FollowerState(row.name, row.next_index, row.failures, row.retry_at, row.stopped)
        for row in work.read(_EVERY).all()
    )


def _entered(work: Work, follower: Follower) -> FollowerState:
    """Give a follower's place; it is made when it is first asked for."""
    known = _known(work, follower.name, _HELD)
    if known is not None:
        return known
    work.insert_if_absent(
        followers_table,
        {
            "name": follower.name,
            "next_index": 0,
            "failures": 0,
            "retry_at": work.now,
            "stopped": "",
            "updated_at": work.now,
        },
    )
    return _state(work, follower.name)


def _state(work: Work, name: str) -> FollowerState:
    known = _known(work, name, _HELD)
    if known is None:
        raise NotFoundError(
            f"there is no follower {name}", subject=name, remedy="See `muniment jobs followers`."
        )
    return known


def _known(work: Work, name: str, query: Select[Any] = _ONE) -> FollowerState | None:
    row = work.read(query, {"of": name}).one_or_none()
    if row is None:
        return None
    return FollowerState(row.name, row.next_index, row.failures, row.retry_at, row.stopped)


def _move(work: Work, state: FollowerState, next_index: int) -> None:
    if work.write(_MOVE, _moving(work, state, next_index)).count != 1:
        raise ConflictError(f"another worker moved follower {state.name}", subject=state.name)


def _moving(work: Work, state: FollowerState, next_index: int) -> dict[str, Any]:
    values = {"next_index": next_index, "failures": 0, "retry_at": work.now, "updated_at": work.now}
    return {**values, "of": state.name, "before": state.next_index}
