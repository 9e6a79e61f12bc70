"""A call on the short way is answered in one piece, at once or when its caller takes more."""

from __future__ import annotations

from typing import Any

from muniment.gateway.telling import Told
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
