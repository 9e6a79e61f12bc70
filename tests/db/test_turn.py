"""One writer at a time: in the order they came, nobody forgotten."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from muniment.core.actor import system_actor
from muniment.core.errors import UnavailableError
from muniment.db.turn import Turn
from muniment.testing import fresh_database, settings_for

LONGEST_SECONDS = 60
IMPATIENT: dict[str, object] = {"database.busy_timeout_ms": 100}


def test_turns_are_taken_in_the_order_of_coming() -> None:
    """Whoever waits longest is next."""
    turn, order = Turn(LONGEST_SECONDS), []
    threads: list[threading.Thread] = []

    def wait(place: int) -> None:
        with turn.take():
            order.append(place)

    with turn.take():
        for place in range(8):
            threads.append(threading.Thread(target=wait, args=(place,)))
            threads[-1].start()
            while len(turn._waiting) <= place:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_a_busy_thread_does_not_keep_the_others_out() -> None:
    """A thread that writes again and again hands the turn on each time."""
    turn, stop, got = Turn(LONGEST_SECONDS), threading.Event(), 0

    def be_busy() -> None:
        while not stop.is_set():
            with turn.take():
                time.sleep(0.001)

    busy = [threading.Thread(target=be_busy) for _ in range(3)]
    for thread in busy:
        thread.start()
    for _ in range(100):
        with turn.take():
            got += 1
    stop.set()
    for thread in busy:
        thread.join()
    assert got == 100


def test_a_turn_that_does_not_come_is_given_up() -> None:
    """A waiter is told after its time, and its place in the queue is not handed a turn."""
    turn = Turn(0.01)
    with turn.take(), pytest.raises(UnavailableError, match=r"too long.*Try again"):
        turn.enter()
    with turn.take():
        pass


def test_a_turn_is_handed_on_after_a_failure() -> None:
    """An error within a turn does not keep it."""
    turn = Turn(0.01)
    for _ in range(2):
        with pytest.raises(RuntimeError), turn.take():
            raise RuntimeError
    assert not turn._taken


def test_no_two_threads_hold_a_turn() -> None:
    """Under a storm of threads with short patience, the place is never shared nor lost."""
    turn, inside, worst = Turn(0.002), [0], [0]

    def storm() -> None:
        for _ in range(40):
            try:
                with turn.take():
                    inside[0] += 1
                    worst[0] = max(worst[0], inside[0])
                    time.sleep(0)
                    inside[0] -= 1
            except UnavailableError:
                continue

    threads = [threading.Thread(target=storm) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert worst == [1]
    assert (turn._taken, len(turn._waiting)) == (False, 0)


def test_a_work_within_a_work_is_refused_in_time(tmp_path: Path) -> None:
    """On SQLite a thread that asks for a second work within its first is told, and not stuck."""
    settings = settings_for(tmp_path / "data", "", **IMPATIENT)
    actor = system_actor("test")
    with (
        fresh_database(settings) as database,
        database.work(actor),
        pytest.raises(UnavailableError),
        database.work(actor),
    ):
        pass
