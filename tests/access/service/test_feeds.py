"""Feeds: rights in other systems are asked for with care, brought in whole, or not at all."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from muniment import access
from muniment.access import Feeds, open_feeds
from muniment.core.errors import (
    ForbiddenError,
    InvalidError,
    MunimentError,
    NotFoundError,
    UnavailableError,
)
from muniment.net import Fetcher
from muniment.plugins.sockets import Right
from muniment.testing import FixedClock, settings_for
from tests.access.company import HOST, Company


@dataclass
class Elsewhere:
    """Another system on this machine that lists its users as JSON."""

    url: str = ""
    rows: Any = field(default_factory=list)
    status: int = 200
    shown: list[str] = field(default_factory=list)


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """Run another system."""
    there = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        """Lists rows."""

        def do_GET(self) -> None:
            """Answer."""
            there.shown.append(self.headers.get("authorization", ""))
            body = json.dumps(there.rows).encode()
            self.send_response(there.status)
            self.send_header("location", "https://elsewhere.example.org/")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    there.url = f"http://127.0.0.1:{server.server_address[1]}/users"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield there
    server.shutdown()
    server.server_close()
    thread.join()


def feeds_in(folder: Path, text: str, clock: FixedClock, **more: object) -> Feeds:
    """Open the feeds of a file."""
    file = folder / "feeds.toml"
    file.write_text(text, encoding="utf-8")
    given = {"network.reach_plain_loopback": True, "access.feeds": file, **more}
    settings = settings_for(folder / "house", **given)
    return open_feeds(settings, Fetcher(settings, clock))


def grafana(there: Elsewhere, folder: Path, clock: FixedClock, more: str = "") -> Feeds:
    """Open one feed of the other system."""
    token = folder / "token"
    token.write_text("s3cret\n", encoding="ascii")
    words = f'feed = "json"\nurl = "{there.url}"\naccount = "login"\nwhat = "role"\n{more}'
    return feeds_in(folder, f'[grafana]\ntoken_file = "{token}"\n{words}', clock)


def pull(company: Company, feeds: Feeds, name: str = "") -> access.Import:
    """Bring in what the feed tells, in somebody's name."""
    actor = company.actor(name) if name else HOST
    return access.pull_outside(
        feeds,
        "grafana",
        lambda: company.database.look(actor),
        lambda: company.database.work(actor),
    )


@pytest.mark.requirement("ACC-07", "ACC-08", "ACC-17")
def test_rights_come_in_by_a_feed(company: Company, elsewhere: Elsewhere, tmp_path: Path) -> None:
    """The other system is asked with its token; its rights join those of people, as by a file."""
    feeds = grafana(elsewhere, tmp_path, company.clock)
    elsewhere.rows = [
        {"login": "ana@example.org", "role": "Editor"},
        {"login": "root", "role": "Admin"},
    ]
    found = pull(company, feeds, "ines")
    assert (found.added, found.gone, found.orphans) == (2, 0, ("root",))
    assert elsewhere.shown == ["Bearer s3cret"]
    elsewhere.rows = elsewhere.rows[:1]
    assert pull(company, feeds).gone == 1
    with company.look() as work:
        (right,) = access.outside(work).rows
    assert (right.person_id, right.source) == (company.people["ana"], "json")
    assert "s3cret" not in str(company.recorded()) + repr(feeds)


def test_what_cannot_be_told_leaves_all_as_it_was(
    company: Company, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """An error, a redirect, a bad row, sudden silence: rights stand, and the record says so."""
    feeds = grafana(elsewhere, tmp_path, company.clock)
    elsewhere.rows = [{"login": "ana@example.org", "role": "Editor"}]
    pull(company, feeds)
    bad: list[tuple[int, Any]] = [
        (500, elsewhere.rows),
        (302, elsewhere.rows),
        (200, [{"login": "x"}]),
        (200, [{"login": "x" * 201, "role": "y"}]),
        (200, []),
    ]
    for elsewhere.status, elsewhere.rows in bad:
        with pytest.raises((UnavailableError, InvalidError)):
            pull(company, feeds)
        with company.look() as work:
            assert len(access.outside(work).rows) == 1
    unread = [each["body"] for each in company.recorded("access.outside_unread")]
    assert [each["because"] for each in unread] == [
        "UnavailableError",
        "UnavailableError",
        "UnavailableError",
        "InvalidError",
        "UnavailableError",
    ]
    assert {(each["place"], each["source"]) for each in unread} == {("grafana", "json")}


def test_only_who_may_asks_another_system(
    company: Company, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """Whoever may not bring rights in makes us ask nobody; nor does a place with no feed."""
    feeds = grafana(elsewhere, tmp_path, company.clock)
    with pytest.raises(ForbiddenError):
        pull(company, feeds, "ana")
    with pytest.raises(NotFoundError, match="no feed tells of"):
        pull(company, Feeds())
    assert elsewhere.shown == []


def test_the_token_goes_to_its_own_address_only(
    company: Company, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """A next page at another host, scheme or port is not asked, so nobody is shown the token."""
    feeds = grafana(elsewhere, tmp_path, company.clock, 'rows = "rows"\nnext = "next"\n')
    port = int(elsewhere.url.rpartition(":")[2].partition("/")[0])
    for away in (
        "http://127.0.0.2/",
        f"https://127.0.0.1:{port}/",
        f"http://127.0.0.1:{port + 1}/",
        f"http://127.0.0.1:{port}@evil.example.org/",
        "http://127.0.0.1:x/",
    ):
        elsewhere.rows = {"rows": [], "next": away}
        with pytest.raises((ForbiddenError, InvalidError)):
            pull(company, feeds)
    assert len(elsewhere.shown) == 5
    (tmp_path / "token").write_text("Basic abc=", encoding="ascii")
    elsewhere.rows = {"rows": [{"login": "a", "role": "b"}]}
    pull(company, feeds)
    assert elsewhere.shown[-1] == "Basic abc="
    for token in (b"", b"a\r\nx: y", b"\xff"):
        (tmp_path / "token").write_bytes(token)
        with pytest.raises(UnavailableError, match="token"):
            pull(company, feeds)
    (tmp_path / "token").unlink()
    with pytest.raises(UnavailableError, match="cannot be read"):
        pull(company, feeds)
    assert len(elsewhere.shown) == 6


def test_a_strangers_feed_that_fails_is_told(company: Company) -> None:
    """Whatever a plug-in raises or tells besides rights is one of our errors, and names it."""

    class Bad:
        """A feed that fails in its own way."""

        def __init__(self, failing: Any) -> None:
            self.failing = failing

        def rights(self) -> Any:
            """Fail."""
            yield Right("a", "b")
            if isinstance(self.failing, Exception):
                raise self.failing
            yield self.failing

    for failing in (KeyError("x"), OSError(), RuntimeError(), ("a", "b"), None):
        with pytest.raises(UnavailableError, match="the feed odd failed"):
            pull(company, Feeds({"grafana": ("odd", Bad(failing))}))
    endless = Feeds({"grafana": ("odd", Endless())})
    with pytest.raises(InvalidError, match="more than 20000"):
        pull(company, endless)


class Endless:
    """A feed that never ends."""

    def rights(self) -> Iterator[Right]:
        """Tell on and on."""
        number = 0
        while True:
            number += 1
            yield Right(str(number), "x")


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "x = 1",
        "[grafana]",
        '[grafana]\nfeed = "none"',
        '[grafana]\nfeed = "json"',
        '[grafana]\nfeed = "json"\nurl = 1',
        '[" grafana"]\nfeed = "scim"\nurl = "https://x.org"',
    ],
)
def test_a_file_that_does_not_fit_stops_the_start(tmp_path: Path, text: str) -> None:
    """What cannot be read or made is told at the start, and there is no way around it."""
    with pytest.raises(MunimentError) as caught:
        feeds_in(tmp_path, text, FixedClock())
    assert caught.value.field in {"access.feeds", "muniment.feeds"}
    assert caught.value.remedy


def test_a_file_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    """A file that cannot be read is told; without the setting there are no feeds."""
    settings = settings_for(tmp_path, **{"access.feeds": tmp_path / "none.toml"})
    with pytest.raises(InvalidError, match="cannot be read"):
        open_feeds(settings, Fetcher(settings, FixedClock()))
    plain = settings_for(tmp_path)
    assert open_feeds(plain, Fetcher(plain, FixedClock())).places == ()


def test_loopback_needs_the_operators_word(
    company: Company, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """An address of this machine is not reached unless the settings allow it."""
    words = f'feed = "json"\nurl = "{elsewhere.url}"\naccount = "a"\nwhat = "b"\n'
    closed: Mapping[str, object] = {"network.reach_plain_loopback": False}
    feeds = feeds_in(tmp_path, f"[grafana]\n{words}", company.clock, **closed)
    with pytest.raises(ForbiddenError):
        pull(company, feeds)
    assert elsewhere.shown == []
