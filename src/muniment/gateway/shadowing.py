"""Asks another route the same, after the caller has an answer, and records how the two compare.

Nothing of it reaches the caller, counts towards a limit or makes anybody wait. That it would go
there stands in the intent. It passes the answer's inspection like any other, and is thrown away.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from anyio import to_thread

from muniment import exchanges
from muniment.core.errors import InvalidError, MunimentError
from muniment.exchanges import Shadow
from muniment.gateway.excepting import FAULTS
from muniment.gateway.exchange import Call, Stop, replace
from muniment.gateway.means import Means
from muniment.gateway.pricing import cost_of
from muniment.gateway.stages.answer import answer
from muniment.gateway.stages.forward import sent
from muniment.gateway.words import words_of

_log = logging.getLogger("muniment.gateway")
_MOST: Final = 32
_GRACE_SECONDS: Final = 5.0
_STEERS_STREAM: Final = frozenset({"stream", "stream_options"})


@dataclass(slots=True)
class Shadows:
    """The comparisons that run in one process: so many at once, and no more."""

    _running: set[asyncio.Task[None]] = field(default_factory=set, repr=False)

    def begin(self, call: Call, means: Means, served: str, spent_ms: int) -> None:
        """Begin to compare, if the call has something to be compared with."""
        if call.shadow is None or call.origin is None:
            return
        told = Shadow(
            call.origin.exchange,
            call.origin.system,
            call.shadow.label,
            served_length=len(served),
            served_milliseconds=spent_ms,
        )
        if len(self._running) >= _MOST:
            _record(call, means, replace(told, problem="too many comparisons at once"))
            return
        task = asyncio.get_running_loop().create_task(_compare(call, means, told, served))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def finish(self) -> None:
        """Wait a little for those that run, then end them; each of them is on record."""
        if self._running:
            _, left = await asyncio.wait(self._running, timeout=_GRACE_SECONDS)
            for each in left:
                each.cancel()
            await asyncio.gather(*left, return_exceptions=True)


async def _compare(call: Call, means: Means, told: Shadow, served: str) -> None:
    began = means.database.clock.monotonic()
    problem = "the process ended"
    try:
        found = await _asked(call, means)
        told, problem = replace(told, **_seen(found, call, means, served)), ""
    except MunimentError as error:
        problem = f"{error.code}: {error.message}"[:200]
    except FAULTS as error:  # nobody waits for it who could be told
        _log.error("a comparison broke", exc_info=error)
        problem = "internal: it could not be compared"
    finally:
        spent = round((means.database.clock.monotonic() - began) * 1000)
        told = replace(told, milliseconds=spent, problem=problem or told.problem)
        _record(call, means, told)


async def _asked(call: Call, means: Means) -> Call | Stop:
    """Ask the other route, whole, and inspect what it says."""
    if call.shadow is None or call.asked is None:
        raise InvalidError("there is nothing to compare with", remedy="Name a model.")
    body = {name: each for name, each in call.body.items() if name not in _STEERS_STREAM}
    plain = replace(call, asked=replace(call.asked, streamed=False), body=body)
    found = await sent(plain, call.shadow, means)
    inspected = partial(answer, replace(plain, answer=found), means)
    return await to_thread.run_sync(inspected, limiter=means.threads)


def _seen(found: Call | Stop, call: Call, means: Means, served: str) -> Mapping[str, Any]:
    if isinstance(found, Stop):
        return {"status": found.status, "problem": f"{found.code}: {found.says}"[:200]}
    answered, actor, origin, route = found.answer, call.actor, call.origin, call.shadow
    if answered is None or actor is None or origin is None or route is None:
        return {"problem": "no answer came"}
    said = words_of(answered.body)
    raw = said.encode("utf-8", "surrogatepass")
    key, digest = means.digester.digest(actor, origin.subject or origin.system, raw)
    used = answered.usage
    return {
        "status": answered.status,
        "same": "met" if _even(said) == _even(served) else "not_met",
        "answer": digest,
        "answer_key": key,
        "length": len(said),
        "input_tokens": used.input_tokens,
        "output_tokens": used.output_tokens,
        "cost_micros": cost_of(means.book, route, used.input_tokens, used.output_tokens),
        "inspected": answered.judged.inspected,
        "findings": answered.judged.findings,
    }


def _record(call: Call, means: Means, told: Shadow) -> None:
    if call.actor is None:
        return
    try:
        exchanges.shadow(means.writer, call.actor, told)
    except MunimentError as error:
        _log.warning("a comparison could not be recorded", extra={"code": error.code})


def _even(text: str) -> str:
    """Leave out how words are set, which differs between streamed answers and whole ones."""
    return "".join(text.split())
