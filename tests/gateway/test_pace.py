"""A process that is behind says so."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from muniment.gateway.pace import (
    LATE_SECONDS,
    LEAST_WAITING,
    LONGEST_WAIT_SECONDS,
    SLOW_WAIT_SECONDS,
    Pace,
    Queue,
)
from tests.gateway.outgoing.talking import until


def test_a_loop_that_is_kept_busy_is_behind_and_catches_up() -> None:
    """With nothing due late it is not behind; held up, it is; a moment later no more."""

    async def busy() -> tuple[bool, bool, bool]:
        pace = Pace(asyncio.get_running_loop(), time.monotonic)
        await asyncio.sleep(0.01)
        before = pace.is_behind()
        time.sleep(LATE_SECONDS + 0.1)  # noqa: ASYNC251 this is what holds it up
        held = pace.is_behind()
        end = time.monotonic() + 20
        while pace.is_behind() and time.monotonic() < end:  # noqa: ASYNC110 nobody tells of it
            await asyncio.sleep(0.05)
        after = pace.is_behind()
        pace.stop()
        return before, held, after

    assert asyncio.run(busy()) == (False, True, False)


@dataclass
class Lain:
    """A call that lay unread for so long."""

    seconds: float
    is_first: bool = False
    asked: int = 0

    def unread(self) -> float:
        """Say how long."""
        self.asked += 1
        return self.seconds


def test_who_lay_unread_too_long_is_one_too_many() -> None:
    """A call that is taken has not waited for longer than that before it was read.

    It is asked for only where a call may have lain: over a new connection, or while the loop drags.
    """
    now = [0.0]
    loop = asyncio.new_event_loop()
    pace = Pace(loop, lambda: now[0])
    short, long = LATE_SECONDS * 0.9, LATE_SECONDS * 1.1
    assert not pace.is_behind(Lain(short, is_first=True))
    assert pace.is_behind(Lain(long, is_first=True))
    used = Lain(long)
    assert (pace.is_behind(used), used.asked) == (False, 0), "it was read as it came"
    now[0] = LATE_SECONDS / 2
    assert not pace.is_behind(Lain(short))
    assert pace.is_behind(used)
    now[0] = 2 * LATE_SECONDS
    assert pace.is_behind(Lain(0.0))
    pace.stop()
    loop.close()


def test_it_rests_when_nobody_calls_and_sees_as_much_afterwards() -> None:
    """A second after the last call it looks no more; the next one has it look again."""

    async def quiet() -> tuple[bool, bool, bool]:
        pace = Pace(asyncio.get_running_loop(), time.monotonic)
        pace.has_calls = True
        await until(lambda: pace.rests)
        time.sleep(LATE_SECONDS + 0.1)  # noqa: ASYNC251 nobody is kept from anything
        before = pace.is_behind()
        pace.begin()
        begun = pace.is_behind()
        time.sleep(LATE_SECONDS + 0.1)  # noqa: ASYNC251 this is what holds it up
        held = pace.is_behind()
        pace.stop()
        return before, begun, held

    assert asyncio.run(quiet()) == (False, False, True)


def test_no_more_wait_than_are_done_in_a_quarter_of_a_second() -> None:
    """A queue is full where it would take too long; a quick process lets more wait than a slow."""
    now = [0.0]
    queue = Queue(lambda: now[0])
    for number in range(LEAST_WAITING):
        assert not queue.is_full()
        queue.enter(f"exc_{number}")
    assert queue.is_full(), "nothing was done yet, so nobody knows how quick it is"
    for number in range(LEAST_WAITING):
        now[0] += 1 / 400
        queue.passes(f"exc_{number}")
        queue.passes(f"exc_{number}")
    assert len(queue) == 0
    for number in range(1_000):
        queue.enter(f"exc_{number}")
        now[0] += 1 / 400
        queue.passes(f"exc_{number}")
    let_in = 0
    while not queue.is_full():
        queue.enter(f"exc_{let_in}")
        let_in += 1
    assert 95 <= let_in <= 105, "400 in a second are 100 in a quarter of it"


def test_nobody_comes_while_the_first_of_many_waits_too_long() -> None:
    """However few they are: where they get on so slowly, who came now would wait longer still."""
    now = [0.0]
    queue = Queue(lambda: now[0])
    for number in range(40):
        queue.enter(f"exc_{number}")
    now[0] += LONGEST_WAIT_SECONDS
    assert not queue.is_full()
    now[0] += 0.01
    assert queue.is_full()
    queue.passes("exc_0")
    assert queue.is_full(), "the others came when the first did"
    for number in range(1, 40):
        queue.passes(f"exc_{number}")
    queue.enter("exc_0")
    now[0] += 60
    assert not queue.is_full(), "one that takes long keeps nobody out"
    for number in range(1, 40):
        queue.enter(f"exc_{number}")
    queue.passes("exc_0")
    queue.enter("exc_0")
    assert not queue.is_full(), "who comes back from a provider waits anew"


def test_a_slow_process_lets_fewer_wait_and_forgets_that_it_was_slow() -> None:
    """What it does while some always wait is what it can; later it may well be quicker again."""
    now, rate = [0.0], 20
    queue = Queue(lambda: now[0])
    names = [f"exc_{number}" for number in range(3 * rate)]
    for ahead, name in zip(names[3:], names, strict=False):
        queue.enter(ahead)
        now[0] += 1 / rate
        queue.passes(name)
    let_in = len(queue)
    while not queue.is_full():
        queue.enter(f"more_{let_in}")
        let_in += 1
    assert let_in == rate * SLOW_WAIT_SECONDS
    for name in [*names, *(f"more_{number}" for number in range(let_in))]:
        queue.passes(name)
    now[0] += 60
    for number in range(LEAST_WAITING):
        assert not queue.is_full()
        queue.enter(f"exc_{number}")


def test_one_that_takes_long_says_nothing_of_what_a_process_can() -> None:
    """Where little is asked, little is done; then many may come at once all the same."""
    now = [0.0]
    queue = Queue(lambda: now[0])
    queue.enter("long")
    for number in range(20):
        queue.enter(f"exc_{number}")
        now[0] += 0.2
        queue.passes(f"exc_{number}")
    for number in range(LEAST_WAITING // 2 - 2):
        assert not queue.is_full()
        queue.enter(f"exc_{number}")
