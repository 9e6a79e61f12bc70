"""A private key that begins in a text is known by its end."""

from __future__ import annotations

from muniment.detect.rules.open_keys import Waiting, open_key
from tests.detect.texts import KEY


def test_an_open_key_is_seen_until_its_end_is_there() -> None:
    """A private key is known whole when its end came, or when it cannot come any more."""
    half = KEY[:200]
    waiting = open_key(half, 0, len(half), final=False)
    assert waiting is not None
    assert not waiting.known
    ended = open_key(half, 0, len(half), final=True)
    assert ended is not None
    assert (ended.known, ended.closed, ended.end) == (True, False, 200)
    whole = open_key(KEY, 0, 100, final=False)
    assert whole is not None
    assert (whole.closed, whole.end) == (True, len(KEY))
    assert open_key(KEY, 0, len(KEY), final=False) is None


def test_the_end_of_a_key_is_waited_for_without_reading_all_again() -> None:
    """Only what is new is searched, and a key that is too long is not waited for."""
    half = KEY[:200]
    key = open_key(half, 0, len(half), final=False)
    assert key is not None
    waiting = Waiting.of(key, half)
    assert waiting.waits(KEY[:300])
    assert not waiting.waits(KEY)
    assert not Waiting.of(key, half).waits(half + "A" * 70_000)
