"""A call on the short way is answered in one piece, at once or when its caller takes more."""

from __future__ import annotations

from typing import Any

from muniment.gateway.dialects import Dialect
from muniment.gateway.pace import Coming
from muniment.gateway.telling import Told
from muniment.server.wire import WireProtocol
from tests.server.wired import Small, call, plain, wired

TOLD = Told.of([(b"x-muniment-model", b"m")])


def test_at_once_or_after_a_wait_it_is_the_same_answer() -> None:
    """Both ways write the same bytes; once a call was answered its connection is free again."""

    async def does(raw: bytes, line: Any) -> None:
        if raw == b"1":
            await line.reply(200, b"said", TOLD, "exc_1")
        else:
            assert line.reply_at_once(200, b"said", TOLD, "exc_1")
        assert line.response_complete

    with wired(Small(does=does)) as opened:
        heard = [plain(opened.said(call(raw, last=True))) for raw in (b"1", b"2")]
        assert opened.counted(200) == 2
    assert heard[0] == heard[1]
    head, _, body = heard[0].partition(b"\r\n\r\n")
    assert body == b"said"
    lines = head.split(b"\r\n")
    assert lines[0] == b"HTTP/1.1 200 OK"
    for line in (b"content-length: 4", b"x-muniment-model: m", b"x-muniment-exchange: exc_1"):
        assert lines.count(line) == 1
    assert b"connection: close" in lines


def test_who_takes_nothing_just_now_is_turned_away_later() -> None:
    """A call for which there is no room is never let in because its caller reads slowly."""

    class Slow(Small):
        def turned_away(self, dialect: Dialect, coming: Coming) -> tuple[bytes, Told, str] | None:
            """Have nothing more written for a moment."""
            for each in opened.server.server_state.connections:
                assert isinstance(each, WireProtocol)
                each.pause_writing()
                each.loop.call_later(0.05, each.resume_writing)
            return super().turned_away(dialect, coming)

    slow = Slow(full=True)
    with wired(slow) as opened:
        heard = opened.said(call(b"{}", last=True))
        assert opened.counted(503) == 1
    assert heard.startswith(b"HTTP/1.1 503 ")
    assert heard.endswith(b"\r\n\r\nfull")
    assert not slow.seen


def test_who_has_gone_is_not_answered() -> None:
    """Nothing is written to a connection that was lost, and whoever answers is told."""
    given: list[bool] = []

    async def does(_raw: bytes, line: Any) -> None:
        line.disconnected = True
        given.append(line.reply_at_once(200, b"said", TOLD, "exc_1"))
        await line.reply(200, b"said", TOLD, "exc_1")
        line.transport.close()

    with wired(Small(does=does)) as opened:
        assert opened.said(call(b"{}")) == b""
    assert given == [False]
