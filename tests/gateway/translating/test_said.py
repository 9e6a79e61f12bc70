"""Turns and counts are put together as both families understand them."""

from __future__ import annotations

from muniment.gateway.translating.said import Count, Text, Turn, joined, summed


def test_turns_of_one_side_are_one() -> None:
    """Nothing is lost, and the order stays."""
    turns = [Turn("user", (Text("a"),)), Turn("user", (Text("b"),)), Turn("assistant", ())]
    assert joined(turns) == (Turn("user", (Text("a"), Text("b"))), Turn("assistant", ()))
    assert joined([]) == ()


def test_what_is_told_later_counts() -> None:
    """A count that is told again replaces the one before; one that is not told stays."""
    assert summed(Count(5, 1, 2, 1), Count(0, 0, 0, 9)) == Count(5, 1, 2, 9)
