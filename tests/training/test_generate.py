"""The sentences that the names layer learns from."""

from __future__ import annotations

from itertools import pairwise

from training import lists
from training.generate import Writer


def test_the_same_seed_writes_the_same_texts() -> None:
    """A training can be repeated."""
    one, other = Writer(5), Writer(5)
    assert [one.document() for _ in range(30)] == [other.document() for _ in range(30)]


def test_spans_lie_within_their_text_and_apart() -> None:
    """Each name stands where the writer says, and none lies in another."""
    writer = Writer(6)
    for _ in range(200):
        written = writer.document()
        spans = sorted(written.spans or [])
        assert all(0 <= start < end <= len(written.text) for start, end, _ in spans)
        assert all(one[1] <= two[0] for one, two in pairwise(spans))


def test_what_is_kept_for_measuring_is_not_learned() -> None:
    """The two parts of a list share nothing."""
    names = lists.sections("given")["en"]
    learning, measuring = lists.part(names, "learning"), lists.part(names, "measuring")
    assert not set(learning) & set(measuring)
    assert sorted([*learning, *measuring]) == sorted(names)
