"""The SCIM feed keeps the contract of its socket, and reads groups, roles and entitlements."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from muniment.access.feeds.scim import ScimFeed
from muniment.core.errors import InvalidError, UnavailableError
from muniment.plugins.sockets import Feed, Right
from muniment.testing.feeds import FeedContract

URL = "https://grafana.example.org/scim/v2"


class Application:
    """An application that serves SCIM, page by page."""

    def __init__(self, users: list[Any], groups: list[Any] | None = None) -> None:
        self.found = {"Users": users, "Groups": groups or []}
        self.counts: dict[str, Any] = {}
        self.page = 50
        self.breaks_at = 10**9
        self.asked: list[str] = []

    def __call__(self, url: str) -> bytes:
        """Answer one page."""
        self.asked.append(url)
        split = urlsplit(url)
        kind = split.path.rpartition("/")[2]
        start = int(parse_qs(split.query)["startIndex"][0])
        if start >= self.breaks_at:
            raise UnavailableError("the line broke")
        rows = self.found[kind]
        told = {
            "totalResults": self.counts.get(kind, len(rows)),
            "Resources": rows[start - 1 : start - 1 + self.page],
        }
        return json.dumps(told).encode()


def feed_of(application: Application, **words: str) -> ScimFeed:
    """Make a feed that reads an application."""
    return ScimFeed({"url": URL, **words}, application)


def users_of(rights: Sequence[Right]) -> list[dict[str, Any]]:
    """Write rights as an application's users, who are entitled to them."""
    users: dict[str, dict[str, Any]] = {}
    for right in rights:
        user = users.setdefault(
            right.account, {"id": f"u{len(users)}", "userName": right.account, "entitlements": []}
        )
        user["entitlements"].append({"value": right.what})
        user["emails"] = [{"value": right.person}] if right.person else []
    return list(users.values())


class TestScim(FeedContract):
    """Every promise of the socket."""

    def make_feed(self, rights: Sequence[Right]) -> Feed:
        """Give a feed of an application that holds these."""
        return feed_of(Application(users_of(rights)))

    def make_broken(self, rights: Sequence[Right]) -> Feed:
        """Give a feed of an application that is gone after two pages."""
        application = Application(users_of(rights))
        application.breaks_at = 101
        return feed_of(application)

    def worded(self, rights: Sequence[Right]) -> set[Right]:
        """Each right is an entitlement, and each account is a right of its own."""
        accounts = {Right(each.account, "an account", each.person) for each in rights}
        held = {Right(each.account, f"entitlement {each.what}", each.person) for each in rights}
        return accounts | held


def test_groups_in_groups_roles_and_who_is_not_active() -> None:
    """A member of a group is in those above it; a circle ends; who is not active holds nothing."""
    users = [
        {
            "id": "1",
            "userName": "ana",
            "emails": [{"value": "old@x.org"}, {"value": "ana@x.org", "primary": True}],
            "roles": [{"value": "r1", "display": "Editor"}],
            "groups": [{"value": "g9", "display": "Guests"}],
        },
        {"id": "2", "userName": "bob", "active": False, "roles": [{"value": "Admin"}]},
    ]
    groups = [
        {"id": "g1", "displayName": "Builders", "members": [{"value": "1"}, {"value": "g2"}]},
        {"id": "g2", "displayName": "Everybody", "members": [{"value": "g1"}, {"value": "2"}]},
    ]
    told = list(feed_of(Application(users, groups)).rights())
    assert {each.what for each in told} == {
        "an account",
        "member of Builders",
        "member of Everybody",
        "member of Guests",
        "role Editor",
    }
    assert {(each.account, each.person) for each in told} == {("ana", "ana@x.org")}
    alone = Application(users[:1])
    list(feed_of(alone, groups="no").rights())
    assert alone.asked == [f"{URL}/Users?startIndex=1&count=100"]


@pytest.mark.parametrize("total", [1, 3, -1, None, True, "2", 10**9])
def test_a_count_that_does_not_fit_tells_nothing(total: object) -> None:
    """If the server counts otherwise than it tells, or does not count, nothing is believed."""
    application = Application([{"id": "1", "userName": "a"}, {"id": "2", "userName": "b"}])
    application.counts["Users"] = total
    with pytest.raises(UnavailableError):
        list(feed_of(application).rights())


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b"{",
        b'{"totalResults": 1, "Resources": [1]}',
        b'{"totalResults": 1, "Resources": {}}',
        b'{"totalResults": 1, "Resources": [{"id": ""}]}',
        b'{"totalResults":1,"Resources":[{"id":"1"}]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_scim_is_an_error(answer: bytes) -> None:
    """Whatever else comes back is told as an error of ours."""
    with pytest.raises(UnavailableError):
        list(ScimFeed({"url": URL}, lambda _url: answer).rights())


@pytest.mark.parametrize(
    "words", [{}, {"url": ""}, {"url": URL, "x": "y"}, {"url": URL, "groups": "maybe"}]
)
def test_words_that_do_not_fit_stop_the_start(words: dict[str, str]) -> None:
    """A word that is missing or not known is named when the feed is made."""
    with pytest.raises(InvalidError):
        ScimFeed(words, lambda _url: b"")
