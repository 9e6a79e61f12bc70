"""The JSON feed keeps the contract of its socket, and reads rows as the words say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from muniment.access.feeds.listing import ListingFeed
from muniment.core.errors import InvalidError, UnavailableError
from muniment.plugins.sockets import Feed, Right
from muniment.testing.feeds import FeedContract

URL = "https://store.example.org/keys"
PLAIN = {"url": URL, "account": "login", "what": "role"}


def telling(*pages: Any) -> Any:
    """Answer pages in turn, whatever address is asked."""
    told = list(pages)

    def ask(url: str) -> bytes:
        number = int(url.partition("page=")[2] or 0)
        return json.dumps(told[number]).encode()

    return ask


def paged(rights: Sequence[Right], *, whole: bool = True) -> Feed:
    """Make a feed of a list in pages of a hundred, the last of which may be broken."""
    rows = [{"who": {"login": r.account, "mail": r.person}, "role": r.what} for r in rights]
    starts = range(0, max(len(rows), 1), 100)
    pages: list[Any] = [
        {"data": {"items": rows[start : start + 100]}, "next": f"?page={number + 1}"}
        for number, start in enumerate(starts)
    ]
    pages[-1]["next"] = None
    if not whole:
        pages[-1] = {"error": "try later"}
    words = {
        "url": URL,
        "rows": "data.items",
        "next": "next",
        "account": "who.login",
        "what": "role",
        "person": "who.mail",
    }
    return ListingFeed(words, telling(*pages))


class TestListing(FeedContract):
    """Every promise of the socket."""

    def make_feed(self, rights: Sequence[Right]) -> Feed:
        """Give a feed of a list that holds these."""
        return paged(rights)

    def make_broken(self, rights: Sequence[Right]) -> Feed:
        """Give a feed of a list whose last page is an error."""
        return paged(rights, whole=False)


def test_a_list_of_rights_in_a_row() -> None:
    """Each value of a list is a right of its own, also inside of parts; numbers are text."""
    rows = [{"login": 7, "roles": [{"name": "a"}, {"name": "b"}, {"name": "a"}]}]
    feed = ListingFeed({"url": URL, "account": "login", "what": "roles.name"}, telling(rows))
    assert list(feed.rights()) == [Right("7", "a"), Right("7", "b")]


@pytest.mark.parametrize(
    "page",
    [
        {},
        "x",
        None,
        7,
        [7],
        [{"login": "a"}],
        [{"role": "x"}],
        [{"login": "", "role": "x"}],
        [{"login": ["a"], "role": "x"}],
        [{"login": "a", "role": [""]}],
        [{"login": "a", "role": {"x": 1}}],
    ],
)
def test_what_does_not_fit_is_an_error(page: Any) -> None:
    """A row without an account, or that does not say what it allows, is not passed over."""
    with pytest.raises(UnavailableError):
        list(ListingFeed(PLAIN, telling(page)).rights())


def test_neither_no_json_nor_pages_in_a_circle() -> None:
    """What is no JSON is an error, and a list whose pages lead round ends as one."""
    for told in (b"<html>", b"\xff", b"[" * 100_000):
        with pytest.raises(UnavailableError):
            list(ListingFeed(PLAIN, lambda _url, told=told: told).rights())  # type: ignore[misc]
    page = {"rows": [], "next": URL}
    with pytest.raises(UnavailableError, match="do not end"):
        list(ListingFeed({**PLAIN, "rows": "rows", "next": "next"}, telling(page)).rights())


@pytest.mark.parametrize("words", [{}, {"url": URL}, {**PLAIN, "account": ""}, {**PLAIN, "x": "y"}])
def test_words_that_do_not_fit_stop_the_start(words: dict[str, str]) -> None:
    """A word that is missing or not known is named when the feed is made."""
    with pytest.raises(InvalidError):
        ListingFeed(words, lambda _url: b"")
