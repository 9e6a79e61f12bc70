"""The contract suite of the Feed socket: every promise, tried on the real thing.

Subclass `FeedContract`, give `make_feed` and `make_broken`, and let pytest collect the class; ours
and yours run the same tests. Nothing here needs pytest: a broken promise raises AssertionError.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from muniment.core.errors import MunimentError
from muniment.plugins import check_socket
from muniment.plugins.sockets import Feed, Right

_SOME: Final = (
    Right("ana@example.org", "Editor", "ana@example.org"),
    Right(
        "ana@example.org",
        "Viewer of \N{LEFT DOUBLE QUOTATION MARK}Risk\N{RIGHT DOUBLE QUOTATION MARK}",
        "ana@example.org",
    ),
    Right("r\N{LATIN SMALL LETTER O WITH DIAERESIS}t 7", "Admin"),
)
_MANY: Final = 257
_LONGEST: Final = 200
_THREADS: Final = 4


class FeedContract:
    """What every feed must keep; subclass it and give `make_feed` and `make_broken`."""

    def make_feed(self, rights: Sequence[Right]) -> Feed:
        """Give a feed of a place in which exactly these rights stand."""
        raise NotImplementedError

    def make_broken(self, rights: Sequence[Right]) -> Feed:
        """Give a feed of such a place that breaks off after it has told a part."""
        raise NotImplementedError

    def worded(self, rights: Sequence[Right]) -> set[Right]:
        """Say how this feed words such rights; left alone, just as they are."""
        return set(rights)

    def test_it_keeps_to_its_socket(self) -> None:
        """It has every method of the socket."""
        check_socket("muniment.feeds", self.make_feed(_SOME))

    def test_it_tells_all_and_nothing_else(self) -> None:
        """Every right is told once, in plain text, and the same again when asked again."""
        feed = self.make_feed(_SOME)
        told = list(feed.rights())
        _require(set(told) == self.worded(_SOME), "all rights are told, and no other")
        _require(len(told) == len(set(told)), "no right is told twice")
        _require(all(_is_plain(each) for each in told), "a right is plain, short, printable text")
        _require(set(feed.rights()) == set(told), "asked again it tells the same")

    def test_an_empty_place_is_empty(self) -> None:
        """A place in which nobody holds anything is told as such, without an error."""
        _require(not list(self.make_feed(()).rights()), "nothing is told of an empty place")

    def test_a_large_place_is_told_whole(self) -> None:
        """What does not fit into one answer is told to its end."""
        many = tuple(Right(f"account {number}", "Viewer") for number in range(_MANY))
        told = set(self.make_feed(many).rights())
        _require(told == self.worded(many), "a large place is told to its end")

    def test_a_part_is_never_told_as_the_whole(self) -> None:
        """If it breaks off, an error of the family says so; what was not told would be ended."""
        many = tuple(Right(f"account {number}", "Viewer") for number in range(_MANY))
        try:
            list(self.make_broken(many).rights())
        except MunimentError as error:
            _require(bool(error.message), "an error says what happened")
            return
        raise AssertionError("broken promise: a feed that breaks off raises")

    def test_threads_do_not_disturb_each_other(self) -> None:
        """Several threads read at once, and each is told everything."""
        feed = self.make_feed(_SOME)
        with ThreadPoolExecutor(_THREADS) as pool:
            told = list(pool.map(lambda _: set(feed.rights()), range(_THREADS)))
        _require(all(each == self.worded(_SOME) for each in told), "each thread is told everything")


def _is_plain(right: Right) -> bool:
    texts: tuple[object, ...] = (right.account, right.what, right.person)
    if not all(isinstance(each, str) and len(each) <= _LONGEST for each in texts):
        return False
    return all(texts[:2]) and "".join(map(str, texts)).isprintable()


def _require(kept: bool, promise: str) -> None:  # noqa: FBT001 an assertion that says its promise
    if not kept:
        raise AssertionError(f"broken promise: {promise}")
