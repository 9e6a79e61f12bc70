"""When a message is tried again."""

from __future__ import annotations

from datetime import timedelta

from muniment.notices import rules
from muniment.notices.rules import retrying


def test_pauses_grow_and_are_spread() -> None:
    """About 10 s, 30 s, 90 s …, six hours at most; two messages do not come back together."""
    for attempts, plain in ((1, 10), (2, 30), (3, 90), (4, 270)):
        pause = rules.delay("msg_1", attempts).total_seconds()
        assert plain * 0.75 <= pause <= plain * 1.25
    assert rules.delay("msg_1", 99) <= retrying.LONGEST_DELAY * 1.25
    assert rules.delay("msg_1", 3) == rules.delay("msg_1", 3)
    assert len({rules.delay(f"msg_{n}", 3) for n in range(20)}) == 20


def test_pauses_of_ten_attempts_span_a_night() -> None:
    """A receiver that is down from evening to morning still gets what it missed."""
    total = sum((rules.delay("msg_1", n) for n in range(1, 10)), timedelta())
    assert total > timedelta(hours=12)


def test_attempts_are_spent() -> None:
    """The last one allowed is the last one made."""
    assert rules.is_spent(10, 10)
    assert not rules.is_spent(9, 10)
