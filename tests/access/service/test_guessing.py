"""Guessing: many tries in the same moment are no way around the count."""

from __future__ import annotations

import threading

from muniment.access import Reception, forget_old
from muniment.access.service.guessing import begin_try, end_try
from muniment.testing import FixedClock
from tests.access.reception import HERE, ROOT


def test_many_at_once(reception: Reception) -> None:
    """Of many tries together only as many are judged as one after the other."""
    judged: list[int] = []

    def attempt() -> None:
        tried = begin_try(reception, "ines@example.org", HERE, "password")
        if not tried.wait_seconds:
            judged.append(1)

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert 1 <= len(judged) <= 6


def test_given_back_and_forgotten(reception: Reception, clock: FixedClock) -> None:
    """A right answer gives its tries back; a night's sleep forgets the wrong ones."""
    for _turn in range(4):
        tried = begin_try(reception, "a", HERE, "password")
    with reception.database.work(ROOT) as work:
        end_try(work, tried)
    for _turn in range(6):
        tried = begin_try(reception, "a", HERE, "password")
    assert tried.wait_seconds
    clock.advance(13 * 3_600)
    with reception.database.work(ROOT) as work:
        forget_old(work)
    assert not begin_try(reception, "a", HERE, "password").wait_seconds
