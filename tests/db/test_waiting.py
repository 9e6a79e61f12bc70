"""What must be done at once never waits for the database."""

from __future__ import annotations

import threading

import pytest

from muniment.core.actor import system_actor
from muniment.core.errors import UnavailableError
from muniment.db import (
    Database,
    MustWaitError,
    at_once,
    gently,
    kept_fresh,
    require_may_wait,
    wait_for_keeper,
)

_ACTOR = system_actor("test")


def test_what_is_known_is_done_at_once_and_the_database_is_not_asked(database: Database) -> None:
    """Reading, writing and looking all stop before anything is done; afterwards all is as ever."""
    assert at_once(lambda: 3) == 3

    def reads() -> None:
        with database.look(_ACTOR):
            pytest.fail("it was read")

    def writes() -> None:
        with database.work(_ACTOR):
            pytest.fail("it was written")

    def looks() -> None:
        with database.snapshot(_ACTOR):
            pytest.fail("it was read")

    for does in (reads, writes, looks):
        with pytest.raises(MustWaitError):
            at_once(does)
    with database.work(_ACTOR) as work:
        assert work.writable


def test_nobody_takes_it_for_something_that_went_wrong() -> None:
    """What handles every error lets it through, and another thread may wait meanwhile."""

    def careful() -> str:
        try:
            require_may_wait()
        except Exception as error:  # noqa: BLE001 that it is not caught here is what is tested
            return str(error)
        return "it waited"

    told: list[str] = []

    def elsewhere() -> None:
        other = threading.Thread(target=lambda: told.append(careful()))
        other.start()
        other.join()
        careful()

    with pytest.raises(MustWaitError):
        at_once(elsewhere)
    assert told == ["it waited"]


def test_what_is_young_is_read_again_meanwhile_and_once() -> None:
    """Who may not wait has it read by the keeper, one time for all; who may wait reads it."""
    reads: list[int] = []
    may_end = threading.Event()

    def read() -> None:
        assert may_end.wait(10)
        reads.append(threading.get_ident())

    assert not kept_fresh("it", read)

    def fails() -> None:
        raise UnavailableError("the database does not answer")

    assert [at_once(kept_fresh, "it", read) for _ in range(3)] == [True, True, True]
    may_end.set()
    wait_for_keeper()
    assert len(reads) == 1
    assert reads[0] != threading.get_ident()
    assert at_once(kept_fresh, "other", fails)  # whoever finds it too old is told
    wait_for_keeper()
    assert at_once(kept_fresh, "it", read)
    wait_for_keeper()
    assert len(reads) == 2


def test_what_can_be_done_once_only_goes_on_with_what_is_young(database: Database) -> None:
    """A keeper reads it again meanwhile; where that is not enough, it may still wait."""
    read = threading.Event()
    assert gently(kept_fresh, "young", read.set)
    assert read.wait(20)
    gently(require_may_wait)
    assert not kept_fresh("young", read.set), "afterwards all is as ever"
    with database.look(_ACTOR) as work:
        assert not work.writable
