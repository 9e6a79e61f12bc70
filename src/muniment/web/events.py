"""Pages that live: news sent as it comes, gone on with where a connection broke.

Each event carries its place in the log. A browser that has lost the connection says the last place
it has seen, in the header its own EventSource sends, and is told everything recorded after it: no
news is kept for anybody, so none can be lost. A stream ends after a minute, and the browser asks
again; by that the session is judged anew, as it is before every page. There is an end to how many
are open at once; whoever finds none free is told so, and the page asks now and then instead.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import anyio
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from muniment.core.errors import InvalidError, MunimentError
from muniment.web.callers import require_visitor
from muniment.web.shell import seats_of

LAST_SEEN: Final = "last-event-id"
QUIET_ROUNDS: Final = 15  # after so many without news a line says that the connection lives
_AGAIN_MS: Final = 1_000
_LONGEST_PLACE: Final = 16


@dataclass(frozen=True, slots=True)
class News:
    """One thing that was recorded, and its place in the log."""

    place: int
    told: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a stream looks for news, and how long it lasts."""

    pause_seconds: float = 1.0
    rounds: int = 60


PACE: Final = Pace()
Read = Callable[[int], Sequence[News]]  # what was recorded after a place, the oldest first


def place_seen(request: Request) -> int:
    """Say from where on news are wanted: what the browser saw last, else what the page says."""
    text = request.headers.get(LAST_SEEN) or request.query_params.get("after", "")
    return read_place(text)


def read_place(text: str) -> int:
    """Read a place in the log as a page or a browser writes it."""
    if not text.isascii() or not text.isdigit() or len(text) > _LONGEST_PLACE:
        raise InvalidError(
            f"“{text[:20]}” is no place in the log", field="after", remedy="Begin anew."
        )
    return int(text)


def stream(request: Request, read: Read, place: int, first: Sequence[News]) -> StreamingResponse:
    """Answer with a stream of events, beginning with those already read."""
    seats_of(request).require_one(_person(request))
    return _Live(request, _lines(request, read, place, first, PACE))


def full_for(request: Request) -> str:
    """Say why the one who asks cannot watch one more page live; empty when they can."""
    return seats_of(request).full_for(_person(request))


def line(news: News) -> str:
    """Write one event; JSON holds no line break, so nothing told can begin another."""
    told = json.dumps(news.told, ensure_ascii=True)
    return f"id: {news.place}\nevent: news\ndata: {told}\n\n"


class _Live(StreamingResponse):
    """A stream that holds a seat from its first byte to its end, however it ends."""

    def __init__(self, request: Request, lines: AsyncIterator[str]) -> None:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__(lines, media_type="text/event-stream", headers=headers)
        self._seat = seats_of(request).taken_by(_person(request))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._seat:
            await super().__call__(scope, receive, send)


def _person(request: Request) -> str:
    return require_visitor(request).actor.id


async def _lines(
    request: Request, read: Read, place: int, news: Sequence[News], pace: Pace
) -> AsyncIterator[str]:
    yield f"retry: {_AGAIN_MS}\n\n"
    quiet = 0
    for _ in range(pace.rounds):
        for each in news:
            place = each.place
            yield line(each)
        quiet = 0 if news else quiet + 1
        if quiet == QUIET_ROUNDS:
            quiet = 0
            yield ": nothing new\n\n"
        if is_leaving(request):
            break
        if not news:
            await anyio.sleep(pace.pause_seconds)
        try:
            news = await to_thread.run_sync(read, place)
        except MunimentError:
            # What may not be seen any more, or cannot be read now: when the browser asks again,
            # it is told why, in an answer that has not yet begun.
            return


def is_leaving(request: Request) -> bool:
    """Tell whether this server was told to stop; it does not wait for a stream to end."""
    return bool(getattr(request.app.state, "is_leaving", False))
