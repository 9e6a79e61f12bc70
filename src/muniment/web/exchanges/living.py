"""The live view: calls as they leave and end, sent as they are recorded; without a script, a link.

What is sent carries its place in the log, and whoever comes again names the last one they have, so
a broken line leaves no gap. A line lasts half a minute at most: who may see what is asked anew.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Final

from anyio import sleep, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from muniment import exchanges
from muniment.core.clock import stamp
from muniment.core.errors import InvalidError, UnavailableError
from muniment.exchanges import Exchange, State, Wanted
from muniment.web.exchanges.cells import ADDRESS, AREA, STATES, cost_words, end_words, looked_words
from muniment.web.lists import reading
from muniment.web.parts import Column
from muniment.web.shell import render

LIVE: Final = f"{ADDRESS}/live"
COLUMNS: Final = (
    Column("When"),
    Column("Call"),
    Column("End"),
    Column("System", hide_narrow=True),
    Column("Model", hide_narrow=True),
    Column("Of it"),
)
_SHOWN: Final = 25
_AT_ONCE: Final = 100
_LONGEST_ID: Final = 80
_LONGEST_PLACE: Final = 16
_EVENTS: Final = "text/event-stream"
_BEATS: Final = 30
_BEAT_SECONDS: Final = 1.0
_AGAIN_MS: Final = 1_000
MOST_LINES: Final = 40


def routes() -> list[Route]:
    """List the address of the live view."""
    return [Route(LIVE, show, methods=["GET"])]


async def show(request: Request) -> Response:
    """Show the newest calls; asked for JSON, what was recorded since a place."""
    system = request.query_params.get("system", "").strip()
    if len(system) > _LONGEST_ID or not system.isprintable():
        raise InvalidError("this is no id", field="system", remedy="Copy it from its page.")
    if _EVENTS in request.headers.get("accept", ""):
        given = request.headers.get("last-event-id") or request.query_params.get("after", "")
        return await _line(request, system, _place(given))
    if "application/json" in request.headers.get("accept", ""):
        place = _place(request.query_params.get("after", ""))
        return JSONResponse(await to_thread.run_sync(_news, request, system, place))
    rows, place = await to_thread.run_sync(newest, request, system)
    return render(
        request,
        "exchanges/live.html",
        rows=rows,
        place=place,
        system=system,
        columns=COLUMNS,
        address=LIVE,
        back=ADDRESS,
    )


def told(found: Exchange, currency: str) -> dict[str, str]:
    """Tell a call in the words of a row; nothing that was said in it is among them."""
    return {
        "at": stamp(found.ended_at or found.began_at),
        "id": found.id,
        "href": f"{ADDRESS}/{found.id}",
        "end": end_words(found),
        "tone": STATES[found.state.value],
        "system": found.system,
        "model": found.provider_model or found.model,
        "says": _says(found, currency),
    }


def _says(found: Exchange, currency: str) -> str:
    words = []
    if found.code:
        words.append(found.code.replace("_", " "))
    if found.state not in (State.OPEN, State.REFUSED):
        words.append(f"{found.milliseconds:,} ms")
        words.append(f"{found.input_tokens + found.output_tokens:,} tokens")
        words.append(f"cost {cost_words(found, currency)}")
    if found.findings:
        words.append(f"{found.findings:,} found")
    if found.uninspected and found.state is not State.OPEN:
        words.append(looked_words(found))
    return ", ".join(words) or "nothing yet"


async def _line(request: Request, system: str, place: int) -> Response:
    """Open a line, after looking whether whoever asks may see calls at all."""
    if getattr(request.app.state, "lines_open", 0) >= MOST_LINES:
        raise UnavailableError(
            f"{MOST_LINES} live views are open already", remedy="Ask again, or use the list."
        )
    first = await to_thread.run_sync(_news, request, system, place)
    events = _events(request, system, first)
    return StreamingResponse(events, media_type=_EVENTS, headers={"cache-control": "no-store"})


async def _events(request: Request, system: str, told: dict[str, object]) -> AsyncIterator[str]:
    """Send what is recorded, once a beat, until the reader leaves, the time is up or we stop."""
    state = request.app.state
    state.lines_open = getattr(state, "lines_open", 0) + 1
    try:
        yield f"retry: {_AGAIN_MS}\n\n"
        for _ in range(_BEATS):
            yield event(told)
            await sleep(_BEAT_SECONDS)
            if getattr(state, "stopping", False) or await request.is_disconnected():
                return
            told = await to_thread.run_sync(_news, request, system, int(str(told["after"])))
    finally:
        state.lines_open -= 1


def event(told: dict[str, object]) -> str:
    """Write news as an event; its id is the place to go on from."""
    if not told["rows"]:
        return f"id: {told['after']}\ndata:\n\n"
    return f"id: {told['after']}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n"


def newest(request: Request, system: str) -> tuple[list[dict[str, str]], int]:
    """Read the newest calls, and the place from which news are asked."""
    with reading(request, AREA) as work:
        _none, place = exchanges.find_after(work, Wanted(), -1)
        found = exchanges.find(work, Wanted(system=system), limit=_SHOWN).rows
        currency = exchanges.currency(work)
    return [told(each, currency) for each in found], max(place, 0)


def _news(request: Request, system: str, place: int) -> dict[str, object]:
    with reading(request, AREA) as work:
        found, after = exchanges.find_after(work, Wanted(system=system), place, limit=_AT_ONCE)
        currency = exchanges.currency(work)
    return {"rows": [told(each, currency) for each in found], "after": after}


def _place(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > _LONGEST_PLACE:
        raise InvalidError(
            f"“{text[:20]}” is no place in the log", field="after", remedy="Begin anew."
        )
    return int(text)
