"""A request that is sent again is answered again, and what it asked for is done once."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from muniment.core.errors import InvalidError
from muniment.db import Database
from muniment.db.once import (
    KEEP,
    Kept,
    RepeatedDifferentlyError,
    answers_table,
    begin_once,
    finish_once,
)
from muniment.settings import Settings
from muniment.testing import FixedClock
from tests.db.orchard import GARDENER, ORCHARD, lay_out, weather

ANSWER = Kept(201, '{"rain":3}')


@pytest.fixture
def orchard(database: Database) -> Iterator[Database]:
    """A database with weather to write down."""
    lay_out(database)
    yield database
    with database.machine() as connection:
        ORCHARD.drop_all(connection)


def rain(
    database: Database,
    name: str = "k1",
    *,
    request: str = "rain 3",
    who: str = "per_a",
    breaks: bool = False,
    before_commit: Callable[[], object] = lambda: None,
) -> Kept:
    """Write down rain, once for each name."""
    with database.work(GARDENER) as work:
        kept = begin_once(work, who, name, request)
        if kept is None:
            work.write(insert(weather).values(rain=3))
            kept = ANSWER
            finish_once(work, who, name, kept)
            if breaks:
                raise ZeroDivisionError
            before_commit()
        return kept


def days(database: Database) -> int:
    """Count how often it was done."""
    with database.look(GARDENER) as work:
        return len(work.read(select(weather)).all())


def test_a_repeated_request_gets_the_first_answer(orchard: Database) -> None:
    """The second time nothing is done, and the answer is the first one, word for word."""
    assert rain(orchard) == rain(orchard) == ANSWER
    assert days(orchard) == 1


def test_another_body_under_the_same_key_is_refused(orchard: Database) -> None:
    """A key that comes back with another request is a mistake, and says so by the header's name."""
    rain(orchard)
    with pytest.raises(RepeatedDifferentlyError) as caught:
        rain(orchard, request="rain 4")
    assert caught.value.field == "Idempotency-Key"
    assert days(orchard) == 1


def test_keys_of_two_callers_never_meet(orchard: Database) -> None:
    """Nobody is shown the answer of somebody who happens to use the same key."""
    rain(orchard, who="per_a")
    rain(orchard, who="per_b")
    assert days(orchard) == 2


def test_what_failed_may_be_tried_again(orchard: Database) -> None:
    """Of a request that was undone no answer remains, so the same key does it the next time."""
    with pytest.raises(ZeroDivisionError):
        rain(orchard, breaks=True)
    assert days(orchard) == 0
    assert rain(orchard) == ANSWER
    assert days(orchard) == 1


def test_an_answer_is_forgotten_after_a_day(orchard: Database, clock: FixedClock) -> None:
    """After its time the key is free, and the old answer is gone from the table."""
    rain(orchard)
    clock.advance(KEEP.total_seconds())
    rain(orchard, name="k2")
    with orchard.look(GARDENER) as work:
        assert len(work.read(select(answers_table)).all()) == 1
    assert rain(orchard, request="rain 4") == ANSWER


@pytest.mark.parametrize("name", ["", "x" * 256, "schlüssel", "a\nb", "a\x00b"])
def test_refuses_keys_that_are_none(orchard: Database, name: str) -> None:
    """A key is short printable ASCII."""
    with pytest.raises(InvalidError):
        rain(orchard, name)


def test_requests_at_the_same_time_are_done_once(orchard: Database) -> None:
    """Of eight that come together one is done; all are given its answer."""
    start, answers = threading.Barrier(8), list[Kept]()

    def one() -> None:
        start.wait()
        answers.append(rain(orchard))

    threads = [threading.Thread(target=one) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers == [ANSWER] * 8
    assert days(orchard) == 1


@pytest.mark.slow
def test_killed_at_any_step(orchard: Database, settings: Settings) -> None:
    """Killed without a word at any write or before the commit, it is done once when sent again."""
    root = Path(__file__).parents[2]
    command = [
        sys.executable,
        "-m",
        "tests.db.rainmaker",
        str(settings.data.dir),
        settings.database.url,
    ]
    made = subprocess.run(
        command, cwd=root, capture_output=True, text=True, timeout=120, check=False
    )
    assert made.returncode == 0, made.stderr
    *killed, done = made.stdout.split()
    assert len(killed) >= 4
    assert (set(killed), done) == ({str(int(signal.SIGKILL))}, "done")
    assert days(orchard) == 1
    assert rain(orchard) == ANSWER
    assert days(orchard) == 1
