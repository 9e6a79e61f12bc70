"""The contract suite finds a feed that breaks a promise, and a feed that keeps them all passes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from muniment.core.errors import UnavailableError
from muniment.plugins.sockets import Feed, Right
from muniment.testing.feeds import FeedContract


class Listed:
    """A feed over a list."""

    def __init__(self, rights: Iterable[Right], *, breaks: bool = False) -> None:
        self._rights = tuple(rights)
        self._breaks = breaks

    def rights(self) -> Iterable[Right]:
        """Tell what is listed."""
        half = len(self._rights) // 2
        yield from self._rights[:half]
        if self._breaks:
            raise UnavailableError("the line broke")
        yield from self._rights[half:]


class TestListed(FeedContract):
    """Every promise, kept."""

    def make_feed(self, rights: Sequence[Right]) -> Feed:
        """Give a feed."""
        return Listed(rights)

    def make_broken(self, rights: Sequence[Right]) -> Feed:
        """Give a feed that breaks off."""
        return Listed(rights, breaks=True)


class Partial(TestListed):
    """Ends quietly when the line breaks."""

    __test__ = False

    def make_broken(self, rights: Sequence[Right]) -> Feed:
        """Give a feed that hides it."""
        return Listed(rights[:3])


class Double(TestListed):
    """Tells every right twice."""

    __test__ = False

    def make_feed(self, rights: Sequence[Right]) -> Feed:
        """Give a feed that repeats itself."""
        return Listed([*rights, *rights])


class FirstPage(TestListed):
    """Reads one page only."""

    __test__ = False

    def make_feed(self, rights: Sequence[Right]) -> Feed:
        """Give a feed that stops early."""
        return Listed(rights[:100])


class Padded(TestListed):
    """Tells what cannot be printed."""

    __test__ = False

    def make_feed(self, rights: Sequence[Right]) -> Feed:
        """Give a feed that pads its texts."""
        return Listed(Right(each.account, f"{each.what}\0") for each in rights)

    def worded(self, rights: Sequence[Right]) -> set[Right]:
        """Expect the padding, so that only the text itself is at fault."""
        return {Right(each.account, f"{each.what}\0") for each in rights}


@pytest.mark.parametrize(
    ("broken", "test"),
    [
        (Partial, "test_a_part_is_never_told_as_the_whole"),
        (Double, "test_it_tells_all_and_nothing_else"),
        (Padded, "test_it_tells_all_and_nothing_else"),
        (FirstPage, "test_a_large_place_is_told_whole"),
    ],
)
def test_a_broken_feed_is_found(broken: type[FeedContract], test: str) -> None:
    """A feed that breaks a promise fails the test of that promise."""
    with pytest.raises(AssertionError, match="broken promise"):
        getattr(broken(), test)()
