"""Followers: in order, at least once, together with their own change, and stopped visibly."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, String, insert, select

from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError, MunimentError, NotFoundError
from muniment.db import Database, Work, exempt_table
from muniment.jobs import Follower, FollowerState, followers, resume, step
from muniment.jobs.follow import MAX_FAILURES, FollowedEntry, note_failure, pass_over
from muniment.testing import FixedClock

SHELF = MetaData()
heard = exempt_table(
    "test_heard",
    Column("place", Integer, primary_key=True),
    Column("kind", String(40)),
    reason="what a follower of a test has taken in",
    into=SHELF,
)


@dataclass(frozen=True)
class Said:
    """An entry of a log that a test made up."""

    index: int
    kind: str
    body: Mapping[str, Any] = field(default_factory=dict)


def log_of(*kinds: str) -> Callable[[int, int], Sequence[FollowedEntry]]:
    """Read from a log of these kinds."""
    entries = [Said(index, kind) for index, kind in enumerate(kinds)]
    return lambda first, limit: entries[first : first + limit]


def hear(work: Work, entry: FollowedEntry) -> None:
    """Take an entry in; hearing one twice fails on its key."""
    work.write(insert(heard).values(place=entry.index, kind=entry.kind))


LISTENER = Follower("listener", ("room.opened", "hall.*"), hear)


@pytest.fixture
def shelf(database: Database) -> Database:
    """A database with a table to hear into."""
    with database.machine() as connection:
        SHELF.create_all(connection)
    return database


def heard_in(database: Database) -> list[tuple[int, str]]:
    """Read what was heard."""
    with database.look(system_actor("test")) as work:
        return [(row.place, row.kind) for row in work.read(select(heard).order_by(heard.c.place))]


def state_of(database: Database) -> FollowerState:
    """Read the one follower's place."""
    with database.look(system_actor("test")) as work:
        (state,) = followers(work)
    return state


def test_a_follower_hears_its_kinds_in_order(shelf: Database) -> None:
    """Entries of its kinds reach it as they happened; the others are passed by."""
    log = log_of("room.opened", "room.closed", "hall.lit", "hallway.lit", "room.opened")
    assert step(shelf, LISTENER, log) == 5
    assert heard_in(shelf) == [(0, "room.opened"), (2, "hall.lit"), (4, "room.opened")]
    assert step(shelf, LISTENER, log) == 0
    assert state_of(shelf).next_index == 5


def test_a_long_log_is_taken_in_batches(shelf: Database) -> None:
    """However much there is, each batch is committed with the place it reached."""
    log = log_of(*["room.opened"] * 640)
    assert [step(shelf, LISTENER, log) for _ in range(4)] == [256, 256, 128, 0]
    assert [place for place, _ in heard_in(shelf)] == list(range(640))


def test_a_failed_batch_leaves_nothing_and_is_heard_again(
    shelf: Database, clock: FixedClock
) -> None:
    """What a follower changed and its place stand or fall together."""
    fails = [True]

    def hear_badly(work: Work, entry: FollowedEntry) -> None:
        hear(work, entry)
        if entry.index == 2 and fails:
            fails.pop()
            raise RuntimeError

    follower = Follower("listener", ("room.*",), hear_badly)
    log = log_of(*["room.opened"] * 4)
    with pytest.raises(RuntimeError):
        step(shelf, follower, log)
    assert heard_in(shelf) == []
    assert not note_failure(shelf, follower, "stumbled")
    clock.advance(10)
    assert step(shelf, follower, log) == 4
    assert [place for place, _ in heard_in(shelf)] == [0, 1, 2, 3]
    assert state_of(shelf).failures == 0


def test_a_failing_follower_waits_longer_and_then_stops(shelf: Database, clock: FixedClock) -> None:
    """It is tried again at growing distances, then stops itself and says why."""
    log = log_of("room.opened")
    for failures in range(1, MAX_FAILURES):
        assert not note_failure(shelf, LISTENER, "no ears")
        assert state_of(shelf).failures == failures
        assert state_of(shelf).retry_at > clock.now()
        assert step(shelf, LISTENER, log) == 0
        clock.advance(3_600)
    assert note_failure(shelf, LISTENER, "no ears")
    clock.advance(10**7)
    assert step(shelf, LISTENER, log) == 0
    state = state_of(shelf)
    assert (state.stopped, state.failures, state.next_index) == ("no ears", MAX_FAILURES, 0)


@pytest.mark.parametrize("reason", ["", "\0", "half \ud800", "x" * 1_000])
def test_any_reason_stops_a_follower(shelf: Database, reason: str) -> None:
    """A follower is stopped and seen to be, whatever its last error said."""
    told = [note_failure(shelf, LISTENER, reason) for _ in range(MAX_FAILURES)]
    assert told == [False] * (MAX_FAILURES - 1) + [True]
    assert 0 < len(state_of(shelf).stopped) <= 500


def test_a_stopped_follower_is_resumed_where_it_stopped(shelf: Database) -> None:
    """A person lets it go on, at once, from its own place."""
    assert step(shelf, LISTENER, log_of("room.opened")) == 1
    for _ in range(MAX_FAILURES):
        note_failure(shelf, LISTENER, "no ears")
    with shelf.work(system_actor("test")) as work:
        resume(work, "listener")
    assert step(shelf, LISTENER, log_of("room.opened", "hall.lit")) == 1
    assert heard_in(shelf) == [(0, "room.opened"), (1, "hall.lit")]


def test_nobody_resumes_what_does_not_follow(shelf: Database) -> None:
    """A misspelt name is told, with the command that lists the names."""

    def resume_nobody() -> None:
        with shelf.work(system_actor("test")) as work:
            resume(work, "nobody")

    with pytest.raises(NotFoundError, match=r"no follower nobody.*jobs followers"):
        resume_nobody()


def test_each_follower_has_its_own_place(shelf: Database) -> None:
    """One that stopped holds up no other."""
    deaf = Follower("deaf", ("room.*",), hear)
    for _ in range(MAX_FAILURES):
        note_failure(shelf, deaf, "no ears")
    log = log_of("room.opened")
    assert (step(shelf, deaf, log), step(shelf, LISTENER, log)) == (0, 1)
    with shelf.look(system_actor("test")) as work:
        assert [(each.name, each.next_index) for each in followers(work)] == [
            ("deaf", 0),
            ("listener", 1),
        ]


def test_two_workers_do_not_hear_the_same_entry_twice(shelf: Database) -> None:
    """Several workers may drive one follower; each entry takes effect once."""
    log = log_of(*["room.opened"] * 300)
    barrier = threading.Barrier(4)
    failures: list[BaseException] = []

    def drive() -> None:
        barrier.wait()
        while True:
            try:
                if step(shelf, LISTENER, log) == 0:
                    return
            except ConflictError:
                continue
            except (MunimentError, Exception) as error:  # noqa: BLE001 must reach the test
                failures.append(error)
                return

    threads = [threading.Thread(target=drive) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [place for place, _ in heard_in(shelf)] == list(range(300))
    assert state_of(shelf).next_index == 300


def test_those_on_whom_nothing_concerns_are_taken_past_it_at_once(shelf: Database) -> None:
    """The log is read once for all at one place; who has something to do is left where it was."""
    kinds = ("yard.swept", "hall.lit")
    read, asked = log_of(*kinds), []

    def counted(first: int, limit: int) -> Sequence[FollowedEntry]:
        asked.append(first)
        return read(first, limit)

    idle = [Follower(name, ("attic.*",), hear) for name in ("one", "two", "three")]
    assert pass_over(shelf, (LISTENER, *idle), counted) == ([LISTENER, *idle], False), "unknown yet"
    for each in (LISTENER, *idle):
        step(shelf, each, log_of())
    asked.clear()
    assert pass_over(shelf, (LISTENER, *idle), counted) == ([LISTENER], True)
    assert asked == [0]
    with shelf.look(system_actor("test")) as work:
        places = {each.name: each.next_index for each in followers(work)}
    assert places == {"listener": 0, "one": 2, "two": 2, "three": 2}
    assert step(shelf, LISTENER, counted) == 2
    assert heard_in(shelf) == [(1, "hall.lit")]
    assert pass_over(shelf, (LISTENER, *idle), counted) == ([], False)


def test_a_kind_that_concerns_nobody_now_is_passed_unread(shelf: Database) -> None:
    """Who can tell by the kind is taken past it like one who does not follow it, and no further."""
    minded = {"hall.lit"}
    picky = Follower("picky", ("hall.*",), hear, concerns=lambda _work, kind: kind in minded)
    read = log_of("hall.swept", "hall.swept", "hall.lit", "hall.swept")
    step(shelf, picky, log_of())
    assert pass_over(shelf, [picky], log_of("hall.swept", "hall.swept")) == ([], True)
    assert pass_over(shelf, [picky], read) == ([picky], False)
    assert step(shelf, picky, read) == 2
    assert heard_in(shelf) == [(2, "hall.lit")]
    minded.add("hall.swept")
    assert pass_over(shelf, [picky], log_of(*["hall.swept"] * 5)) == ([picky], False)
