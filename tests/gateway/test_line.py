"""The way back through a server that speaks ASGI."""

from __future__ import annotations

import asyncio
from typing import Any

from muniment.gateway.line import AsgiLine
from muniment.gateway.telling import Told

TOLD = Told.of([(b"x-muniment-model", b"m")])


def said_by(doing: Any, heard: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give what is sent while something is done, and heard."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not heard:
            await asyncio.sleep(60)
        return heard.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(doing(AsgiLine(receive, send)))
    return sent


def test_a_whole_answer_is_a_head_and_a_body() -> None:
    """The head says how long it is, what is told, and which exchange it was."""

    async def reply(line: AsgiLine) -> None:
        await line.reply(403, b"{}", TOLD, "exc_1")

    begun, body = said_by(reply, [])
    assert begun["status"] == 403
    assert begun["headers"] == [
        (b"content-type", b"application/json"),
        (b"content-length", b"2"),
        (b"x-muniment-model", b"m"),
        (b"x-muniment-exchange", b"exc_1"),
    ]
    assert (body["body"], body["more_body"]) == (b"{}", False)


def test_a_stream_breaks_off_when_its_caller_goes_away() -> None:
    """What is done within ends with them; else it comes to its end, and nobody watches on."""
    ended: list[bool] = []

    async def stream(line: AsgiLine) -> None:
        await line.begin(TOLD, "exc_1")
        async with line.watched():
            await line.write(b"piece")
            await asyncio.sleep(30 * bool(heard))
            ended.append(True)
            await line.end()

    heard = [{"type": "http.request"}, {"type": "http.disconnect"}]
    pieces = [each.get("body") for each in said_by(stream, heard)]
    assert (pieces, ended) == ([None, b"piece"], [])
    pieces = [each.get("body") for each in said_by(stream, [])]
    assert (pieces, ended) == ([None, b"piece", b""], [True])
