"""What is remembered for a moment."""

from __future__ import annotations

import threading

import pytest

from muniment.core.errors import UnavailableError
from muniment.gateway.fresh import FRESH_SECONDS, OLDEST_SECONDS, Fresh


class Clock:
    """A clock that stands until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_is_read_once_while_it_is_fresh() -> None:
    """Within the time nothing is read again; after it, once."""
    clock, answers = Clock(), iter([1, 2, 3])
    known = Fresh[str, int](clock, lambda _key: next(answers))
    assert [known.get("a"), known.get("a"), known.get("b")] == [1, 1, 2]
    clock.now = FRESH_SECONDS
    assert known.get("a") == 3


def test_one_reads_while_others_go_on() -> None:
    """Who comes while somebody reads takes what is young, and waits for what is too old."""
    clock, begun, may_end = Clock(), threading.Event(), threading.Event()
    answers = iter([1, 2, 3])

    def read(_key: str) -> int:
        found = next(answers)
        if found == 2:
            begun.set()
            assert may_end.wait(10)
        return found

    known = Fresh[str, int](clock, read)
    assert known.get("a") == 1
    clock.now = FRESH_SECONDS + 0.01
    slow = threading.Thread(target=known.get, args=("a",))
    slow.start()
    assert begun.wait(10)
    assert known.get("a") == 1
    may_end.set()
    slow.join()
    assert known.get("a") == 2


def test_what_cannot_be_read_again_is_not_given() -> None:
    """When the database is gone, what is old opens nothing; a clock that ran back is no help."""
    clock = Clock()
    answers = iter([1])

    def read(_key: str) -> int:
        try:
            return next(answers)
        except StopIteration:
            raise UnavailableError from None

    known = Fresh[str, int](clock, read)
    assert known.get("a") == 1
    for moment in (OLDEST_SECONDS + 1, -5.0):
        clock.now = moment
        with pytest.raises(UnavailableError):
            known.get("a")


def test_what_was_read_beside_something_else_is_not_read_again() -> None:
    """It counts from when it was read, and never takes the place of what is newer."""
    clock, answers = Clock(), iter([1, 2])
    known = Fresh[str, int](clock, lambda _key: next(answers))
    known.learn("a", 7, 0.0)
    assert known.get("a") == 1, "nobody has asked for it before"
    clock.now = FRESH_SECONDS
    known.learn("a", 8, clock.now - 0.1)
    known.learn("a", 9, clock.now - 0.2)
    assert known.get("a") == 8
    clock.now = 2 * FRESH_SECONDS - 0.05
    assert known.get("a") == 2
