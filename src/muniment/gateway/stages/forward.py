"""Send a call over its routes, in order, until one answers; the only stage that waits for others.

A call is sent again only where the provider certainly did not work on it: no connection, or a
status that says so. What may have been billed is never sent twice to the same place. Retries have a
budget for the whole process, and a route that failed again and again rests for a while.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Coroutine, Mapping
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from muniment.core.errors import InvalidError, MunimentError, UnavailableError
from muniment.exchanges import Attempt
from muniment.gateway.dialects import BY_SURFACE, Dialect
from muniment.gateway.dialects.base import write_json
from muniment.gateway.exchange import Answered, Call, Kept, Route, Stop
from muniment.gateway.holding import taken_out
from muniment.gateway.means import Means
from muniment.gateway.outgoing import Body
from muniment.gateway.patience import Patience
from muniment.gateway.providers.sending import NotSentError
from muniment.gateway.routing import translation_for
from muniment.gateway.translating import Translation
from muniment.plugins.sockets import Answer

_AGAIN: Final = frozenset({429, 502, 503, 504, 529})
_OTHER_ROUTE: Final = frozenset({401, 403, 404, 408, 500, *_AGAIN})
_LONGEST_WAIT: Final = 2.0
_FIRST_WAIT: Final = 0.1


class First(Struct, frozen=True):
    """What came of the first sending over the first route, where that was begun already."""

    began: float
    answer: Answer | None
    error: MunimentError | None = None


async def forward(call: Call, means: Means, first: First | None = None) -> Call | Stop:
    """Give the call its answer: a body that was read, or a stream that begins."""
    if call.asked is None:
        raise InvalidError("the call was not read", remedy="Send it again.")
    means.queue.passes(call.received.exchange)
    if call.kept is not None:
        return replace(call, answer=await _again(call, means, call.kept))
    attempts: list[Attempt] = []
    resting: list[Route] = []
    last: Answered | None = None
    for route in call.routes:
        is_open = first is not None or means.circuits.are_calm()
        if not is_open and not means.circuits.admits(route.label, _time()):
            resting.append(route)
            continue
        found = await _over(call, route, means, attempts, first)
        first = None
        if found is None:
            continue
        last = found
        if found.status not in _OTHER_ROUTE:
            break
    if last is None and not attempts and resting:
        return _resting(call, resting, means)
    if last is None:
        return _nobody(call, attempts)
    if last.stream is None:
        means.queue.enter(call.received.exchange)  # from now on it waits for this process again
    return replace(call, answer=replace(last, attempts=tuple(attempts)))


async def _again(call: Call, means: Means, kept: Kept) -> Answered:
    """Take the answer that was kept back; nothing is sent, and the corridor judges it anew."""
    raw = await taken_out(call, means, kept)
    route = next(each for each in call.routes if each.label == kept.route)
    dialect = BY_SURFACE[call.received.surface]
    other = translation_for(route, dialect.surface, dialect.protocol)
    name = "" if other is None else other.name
    found = Answered(200, route, (), raw=raw, translated=name, released=kept.exchange)
    streamed = call.asked is not None and call.asked.streamed
    return replace(found, stream=_said_again(raw)) if streamed else found


async def _said_again(raw: bytes) -> AsyncIterator[bytes]:
    yield raw


async def _over(
    call: Call, route: Route, means: Means, attempts: list[Attempt], first: First | None
) -> Answered | None:
    """Try one route, again if that is safe; nothing is given where nothing came back."""
    wait, monotonic = _FIRST_WAIT, means.database.clock.monotonic
    for turn in range(means.settings.gateway.retries + 1):
        began = monotonic() if first is None else first.began
        try:
            came, first = first, None
            found = await sent(call, route, means, came)
        except MunimentError as error:
            spent = round((monotonic() - began) * 1000)
            attempts.append(Attempt(route.label, 0, spent, _problem(error)))
            means.circuits.failed(route.label, _time())
            if not isinstance(error, NotSentError) or not _may_again(turn, means):
                return None
        else:
            spent = round((monotonic() - began) * 1000)
            attempts.append(Attempt(route.label, found.status, spent))
            if found.status not in _OTHER_ROUTE:
                means.circuits.worked(route.label)
                return found
            means.circuits.failed(route.label, _time())
            if found.status not in _AGAIN or not _may_again(turn, means):
                return found
            wait = max(wait, _asked_to_wait(found.headers))
        if wait > _LONGEST_WAIT:
            return None if not attempts or attempts[-1].status == 0 else found
        await asyncio.sleep(wait * _spread(call.received.exchange, turn))
        wait *= 2
    return None


def _time() -> float:
    return asyncio.get_running_loop().time()


def _spread(exchange: str, turn: int) -> float:
    """Give half to one and a half, so that calls that failed together do not come back together."""
    return 0.5 + zlib.crc32(f"{exchange}{turn}".encode()) / 2**32


def _may_again(turn: int, means: Means) -> bool:
    return turn < means.settings.gateway.retries and means.circuits.spend()


def sending(call: Call, means: Means) -> Coroutine[Any, Any, Answer] | None:
    """Begin to send a call that wants one whole answer, where its first route speaks as it does."""
    if not call.routes or call.asked is None or call.asked.streamed:
        return None
    route, dialect = call.routes[0], BY_SURFACE[call.received.surface]
    if route.protocol not in (dialect.protocol, "any"):
        return None
    return _sending(call, route, means, dialect)


def _sending(
    call: Call, route: Route, means: Means, dialect: Dialect
) -> Coroutine[Any, Any, Answer]:
    body = call.sent
    if not body or call.body.get("model") != route.model:
        body = write_json({**call.body, "model": route.model})
    return means.providers.of(route).send(dialect.path, call.received.headers, body)


async def sent(call: Call, route: Route, means: Means, first: First | None = None) -> Answered:
    """Send a call over one route, once, in words its provider understands."""
    dialect = BY_SURFACE[call.received.surface]
    other = translation_for(route, dialect.surface, dialect.protocol)
    if other is not None:
        return await _translated(call, route, means, other)
    if first is not None and first.error is not None:
        raise first.error
    answer = first.answer if first is not None else None
    if answer is None:
        answer = await _sending(call, route, means, dialect)
    status, headers = answer.status, answer.headers
    if call.asked is not None and call.asked.streamed and _streams(call, answer):
        return Answered(status, route, (), headers=headers, stream=answer.body)
    raw = here(answer, means)
    if raw is None:
        raw = await _read(answer, means)
    return Answered(status, route, (), raw=raw, headers=headers)


async def _translated(call: Call, route: Route, means: Means, other: Translation) -> Answered:
    told = {**call.body, "model": route.model}
    body = write_json(other.request(told, route.kind))
    answer = await means.providers.of(route).send(other.path, call.received.headers, body)
    base = Answered(
        answer.status,
        route,
        (),
        headers=answer.headers,
        translated=other.name,
        not_told=other.left_out(told),
    )
    if _streams(call, answer):
        most = means.settings.gateway.max_answer_bytes
        return replace(base, stream=other.stream(told, answer.body, most))
    raw = here(answer, means)
    if raw is None:
        raw = await _read(answer, means)
    return replace(base, raw=other.answer(raw) if _is_fine(answer) else raw)


def _is_fine(answer: Answer) -> bool:
    return 200 <= answer.status < 300


def _streams(call: Call, answer: Answer) -> bool:
    if call.asked is None or not call.asked.streamed or not _is_fine(answer):
        return False
    return "event-stream" in answer.headers.get("content-type", "").lower()


def here(answer: Answer, means: Means) -> bytes | None:
    """Give an answer that came with its head, as short ones do."""
    said = answer.body.whole() if isinstance(answer.body, Body) else None
    if said is not None and len(said) > means.settings.gateway.max_answer_bytes:
        raise _too_large(means.settings.gateway.max_answer_bytes)
    return said


async def _read(answer: Answer, means: Means) -> bytes:
    """Read an answer that comes whole, each piece within its time."""
    most, seconds = means.settings.gateway.max_answer_bytes, means.settings.gateway.answer_seconds
    raw = bytearray()
    patience = Patience(seconds)
    try:
        async for piece in answer.body:
            raw += piece
            if len(raw) > most:
                raise _too_large(most)
            patience.begin_anew()
    except asyncio.CancelledError as error:
        if not patience.has_ended():
            raise
        raise UnavailableError("the provider took too long", remedy="Try again later.") from error
    finally:
        patience.stop()
    return bytes(raw)


def _too_large(most: int) -> UnavailableError:
    return UnavailableError(
        f"the answer is larger than {most} bytes",
        field="gateway.max_answer_bytes",
        remedy="Ask for less, or allow more.",
    )


def _asked_to_wait(headers: Mapping[str, str]) -> float:
    try:
        return float(headers.get("retry-after", 0))
    except ValueError:
        return 0.0


def _problem(error: MunimentError) -> str:
    """Say what went wrong in words of our own; what a provider says may hold secrets."""
    return "; ".join((error.message, *error.reasons))[:200]


def _resting(call: Call, routes: list[Route], means: Means) -> Stop:
    """Say at once that every route rests, and when the first of them is tried again."""
    now = _time()
    return Stop(
        503,
        "resting",
        "no provider answered lately, so none is asked just now",
        remedy="Try again a little later.",
        reasons=tuple(f"{each.label} rests after failures" for each in routes[:5]),
        retry_after=min(means.circuits.rests_for(each.label, now) for each in routes),
        call=call,
        retry=True,
    )


def _nobody(call: Call, attempts: list[Attempt]) -> Stop:
    timed_out = bool(attempts) and "too long" in attempts[-1].problem
    return Stop(
        504 if timed_out else 502,
        "upstream",
        "no provider answered",
        remedy="Try again later; who runs the gateway sees what was tried.",
        reasons=tuple(f"{each.route}: {each.problem or each.status}" for each in attempts)[-5:],
        call=call,
        attempts=tuple(attempts),
        retry=True,
    )
