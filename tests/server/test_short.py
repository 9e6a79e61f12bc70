"""Which requests are calls of the usual kind, and that each has its id, its count and its line."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from muniment.server.logs import set_up_logs
from muniment.server.short import Short
from muniment.settings import Settings
from muniment.testing import settings_for
from tests.server.wired import call, wired


@pytest.fixture(autouse=True)
def _own_root() -> Iterator[None]:
    """Give the root logger back as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def short_with(settings: Settings) -> Short:
    """Make what decides, with nothing behind it."""
    nothing: Any = None
    return Short(nothing, nothing, settings=settings, ids=nothing, clock=nothing, metrics=nothing)


@pytest.mark.parametrize(
    ("host", "known"),
    [
        (b"localhost", True),
        (b"LOCALHOST:8484", True),
        (b"127.0.0.1:1", True),
        (b"muniment.example", True),
        (b"evil.example", False),
        (b"localhost.evil.example", False),
        (b"", False),
    ],
)
def test_only_names_of_this_server_are_usual(tmp_path: Path, host: bytes, *, known: bool) -> None:
    """Another page must not reach it by a name of its own; a name is judged once, as ever."""
    public = {"server.public_url": "https://muniment.example"}
    short = short_with(settings_for(tmp_path, "", **public))
    head = [(b"host", host), (b"content-length", b"2")]
    for _ in range(2):
        assert (short.usual(b"POST", b"/v1/messages", head) is not None) is known
    anywhere = settings_for(tmp_path, "", **{"server.host": "0.0.0.0"})
    assert short_with(anywhere).usual(b"POST", b"/v1/messages", head) == dict(head)


@pytest.mark.parametrize(
    "length", [b"", b"-1", b"+1", b"1 ", b"0x1", b"1_0", "\u0661".encode(), b"1" * 13, b"99999999"]
)
def test_a_length_that_cannot_be_read_or_borne_is_not_usual(length: bytes) -> None:
    """It is judged and told where everything unusual is."""
    head = [(b"host", b"localhost"), (b"content-length", length)]
    assert short_with(Settings()).usual(b"POST", b"/v1/messages", head) is None


def test_a_call_has_its_id_and_its_line(tmp_path: Path) -> None:
    """The caller's own id is taken if it is one; each call is one line of the log and counted."""
    stream = io.StringIO()
    set_up_logs(settings_for(tmp_path, "", **{"log.format": "json"}), stream)
    with wired() as opened:
        mine = opened.said(call(b"{}", "x-request-id: mine-0001", last=True))
        own = opened.said(call(b"{}", "x-request-id: no id, no", last=True))
        assert b"\r\nx-request-id: mine-0001\r\n" in mine
        made = re.search(rb"\r\nx-request-id: (req_[0-9a-z]{26})\r\n", own)
        assert made is not None
        assert opened.counted(200) == 2
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    told = [line for line in lines if line["says"] == "request"]
    assert [line["request"] for line in told] == ["mine-0001", made[1].decode()]
    assert {(line["method"], line["path"], line["status"]) for line in told} == {
        ("POST", "/v1", 200)
    }


def test_a_line_goes_to_everybody_who_listens(tmp_path: Path) -> None:
    """At a terminal, or with another handler beside ours, it is a record like any other."""
    stream = io.StringIO()
    set_up_logs(settings_for(tmp_path, "", **{"log.format": "pretty"}), stream)
    with wired() as opened:
        opened.said(call(b"{}", "x-request-id: mine-0001", last=True))
    assert "info    request request=mine-0001 method=POST path=/v1 status=200" in stream.getvalue()
