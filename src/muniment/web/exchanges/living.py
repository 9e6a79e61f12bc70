"""The live view: calls as they leave and end, sent as they come; without a script a link asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from muniment import exchanges, registry
from muniment.core.clock import stamp
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.exchanges import Exchange, State, Wanted
from muniment.web.callers import require_visitor
from muniment.web.events import News, full_for, place_seen, read_place, stream
from muniment.web.exchanges.cells import ADDRESS, AREA, STATES, cost_words, end_words, looked_words
from muniment.web.lists import reading
from muniment.web.parts import Column
from muniment.web.shell import log_of, render

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


def routes() -> list[Route]:
    """List the addresses of the live view."""
    return [
        Route(LIVE, show, methods=["GET"]),
        Route(f"{LIVE}/events", send, methods=["GET"]),
    ]


async def show(request: Request) -> Response:
    """Show the newest calls; asked for JSON, what is new, and why that is not sent live if so."""
    system = _system(request)
    if "application/json" in request.headers.get("accept", ""):
        place = read_place(request.query_params.get("after", ""))
        found = await to_thread.run_sync(_first_news, request, system, place)
        after = found[-1].place if found else place
        rows_told = [each.told for each in found]
        return JSONResponse({"rows": rows_told, "after": after, "full": full_for(request)})
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


async def send(request: Request) -> Response:
    """Send what is recorded of calls, from the place the browser saw last."""
    system, place = _system(request), place_seen(request)
    first = await to_thread.run_sync(_first_news, request, system, place)
    return stream(request, partial(_more_news, request, system), place, first)


def told(found: Exchange, currency: str, systems: Mapping[str, str]) -> dict[str, str]:
    """Tell a call in the words of a row; nothing that was said in it is among them."""
    return {
        "at": stamp(found.ended_at or found.began_at),
        "id": found.id,
        "href": f"{ADDRESS}/{found.id}",
        "end": end_words(found),
        "tone": STATES[found.state.value],
        "system": systems.get(found.system, found.system),
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


def newest(request: Request, system: str) -> tuple[list[dict[str, str]], int]:
    """Read the newest calls, and the place from which news are asked."""
    with reading(request, AREA) as work:
        _none, place = exchanges.find_after(work, Wanted(), -1)
        found = exchanges.find(work, Wanted(system=registry.id_of(work, system)), limit=_SHOWN).rows
        currency = exchanges.currency(work)
        systems = registry.keys_of(work, [each.system for each in found])
    return [told(each, currency, systems) for each in found], max(place, 0)


def _first_news(request: Request, system: str, place: int) -> Sequence[News]:
    """Read what is new; that an auditor began to look is recorded first."""
    with reading(request, AREA) as work:
        return _news(work, system, place)


def _more_news(request: Request, system: str, place: int) -> Sequence[News]:
    with log_of(request).database.look(require_visitor(request).actor) as work:
        return _news(work, system, place)


def _news(work: Work, system: str, place: int) -> Sequence[News]:
    found, _after = exchanges.find_after(
        work, Wanted(system=registry.id_of(work, system)), place, limit=_AT_ONCE
    )
    currency = exchanges.currency(work)
    systems = registry.keys_of(work, [each.system for each in found])
    return [News(each.last_entry, told(each, currency, systems)) for each in found]


def _system(request: Request) -> str:
    system = request.query_params.get("system", "").strip()
    if len(system) > _LONGEST_ID or not system.isprintable():
        raise InvalidError("this is no id", field="system", remedy="Copy it from its page.")
    return system
