"""Counters on both databases: never more than there is room for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from muniment.core.actor import system_actor
from muniment.core.errors import UnavailableError
from muniment.db import Database
from muniment.exchanges import Reserved, Window
from muniment.exchanges.store import counting

ACTOR = system_actor("test")


def test_a_counter_stops_at_its_limit(database: Database) -> None:
    """Ten fit into ten, the eleventh does not, and a smaller one still may."""
    with database.work(ACTOR) as work:
        assert counting.take(work, "l", "w", 7, 10) == 7
        assert counting.take(work, "l", "w", 4, 10) is None
        assert counting.take(work, "l", "w", 3, 10) == 10
        assert counting.take(work, "l", "other", 11, 10) is None
        assert counting.take(work, "l", "none", 0, 0) == 0
        assert counting.used(work, "l", "w") == 10
        assert counting.used(work, "l", "other") == 0


def test_corrections_go_both_ways_and_never_below_nothing(database: Database) -> None:
    """What was reserved too much comes back; nothing is taken below nothing."""
    with database.work(ACTOR) as work:
        counting.take(work, "l", "w", 5, 10)
        counting.correct(work, "l", "w", -2)
        assert counting.used(work, "l", "w") == 3
        counting.correct(work, "l", "w", 20)
        assert counting.used(work, "l", "w") == 23
        counting.correct(work, "l", "w", -40)
        assert counting.used(work, "l", "w") == 0


def test_sixteen_callers_at_once_overrun_nothing(database: Database) -> None:
    """Of two hundred tries at once exactly a hundred succeed."""

    def attempt(_number: int) -> bool:
        while True:
            try:
                with database.work(ACTOR) as work:
                    return counting.take(work, "l", "w", 1, 100) is not None
            except UnavailableError:  # PostgreSQL found two first counters at once
                continue

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(attempt, range(200))) == 100
    with database.look(ACTOR) as work:
        assert counting.used(work, "l", "w") == 100


def test_what_a_call_holds_is_taken_back_once(database: Database) -> None:
    """Whoever settles a call second finds nothing to settle."""
    parts = (Reserved("l", "w", 3), Reserved("m", "now", 1))
    with database.work(ACTOR) as work:
        counting.hold(work, "exc_1", parts)
    with database.work(ACTOR) as work:
        assert counting.let_go(work, "exc_1") == parts
        assert counting.let_go(work, "exc_1") == ()


def test_windows_long_over_are_forgotten(database: Database) -> None:
    """Old windows of each length go, and what counts now stays."""
    with database.work(ACTOR) as work:
        for window in ("2026-01", "2026-03", "2026-01-31", "2026-03-01", "now"):
            counting.take(work, "l", window, 1, 9)
        gone = counting.forget_windows(
            work, [(Window.MONTH, "2026-02"), (Window.DAY, "2026-02-01"), (Window.NOW, "now")]
        )
        assert gone == 2
        assert counting.used(work, "l", "2026-03") == counting.used(work, "l", "now") == 1
