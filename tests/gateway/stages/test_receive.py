"""What comes is one JSON object in the dialect of its surface, or is refused and recorded."""

from __future__ import annotations

import pytest

from tests.gateway.asking import Shared


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"{", b"[]", b"null", b"\xff", b"\x00", b'{"model": "echo"}', b"[" * 5_000),
        b'{"model": "echo", "messages": "x"}',
        b'{"model": 5, "messages": [{"role": "user", "content": "x"}]}',
        b'{"model": "echo", "stream": "yes", "messages": [{}]}',
        b'{"model": "echo", "messages": [{"content": "\\ud800"}]}',
        b'{"model": "echo", "tools": [5], "messages": [{}]}',
    ],
)
@pytest.mark.parametrize("path", ["/chat/completions", "/messages"])
def test_what_is_malformed_is_refused_and_recorded(shared: Shared, path: str, raw: bytes) -> None:
    """One clear 400 in the caller's dialect, and one refusal in the record."""
    require_refused(shared, path, raw)


def test_too_many_answers_are_refused(shared: Shared) -> None:
    """Chat may ask for several answers, but not for a million."""
    require_refused(
        shared, "/chat/completions", b'{"model": "echo", "n": 1000000, "messages": [{}]}'
    )


def require_refused(shared: Shared, path: str, raw: bytes) -> None:
    """Ask, and see a clear refusal that stands in the record."""
    asked = shared.ask(path, raw=raw)
    assert asked.status == 400
    assert asked.json["error"]["message"]
    assert asked.kinds == ["refused"]
    assert asked.body("refused")["stage"] == "receive"


@pytest.mark.parametrize("content", [None, 5, [], [{"type": "text"}], {"x": "y"}, "\x00", True])
def test_odd_contents_break_nothing(shared: Shared, content: object) -> None:
    """Whatever a message holds, the call is answered and recorded, or refused and recorded."""
    asked = shared.chat("echo", messages=[{"role": "user", "content": content}])
    assert asked.status in (200, 400, 403)
    assert asked.kinds[0] in ("intended", "refused")


def test_a_picture_follows_the_rule_for_what_cannot_be_read(shared: Shared) -> None:
    """A part that nobody can inspect is not passed on where a rule says so."""
    part = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    asked = shared.chat("echo", messages=[{"role": "user", "content": [part]}])
    assert (asked.status, asked.kinds) == (403, ["refused"])
    assert asked.body("refused")["inspected"] == "part"
