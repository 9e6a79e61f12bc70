"""The corridor: the stages in their one order, and what runs them.

Every call passes every stage. What a stage raises stops the call: before the intent the refusal is
recorded, after it the outcome; then the caller is told. A stage that breaks stops the call too.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from anyio import to_thread
from msgspec import Struct
from msgspec.structs import replace as replace_struct

from muniment.core.errors import ForbiddenError, MunimentError
from muniment.db import MustWaitError, at_once
from muniment.exchanges import Attempt, Reached, State
from muniment.gateway.answering import HeldAnswerError, RefusedAnswerError
from muniment.gateway.back import back
from muniment.gateway.dialects.base import write_json
from muniment.gateway.exchange import Answered, Call, Stop, replace
from muniment.gateway.means import Means
from muniment.gateway.pace import busy
from muniment.gateway.recording import conclude, refuse
from muniment.gateway.soon import durable, soon, waiter_of
from muniment.gateway.stages.answer import answer
from muniment.gateway.stages.decide import RefusedError, decide
from muniment.gateway.stages.forward import First, forward, here, sending
from muniment.gateway.stages.hold import hold, must_hold
from muniment.gateway.stages.identify import identify
from muniment.gateway.stages.inspect import inspect
from muniment.gateway.stages.intend import handed_in, intend, intended
from muniment.gateway.stages.limit import limit
from muniment.gateway.stages.protect import protect
from muniment.gateway.stages.receive import receive
from muniment.gateway.stages.record import must_record, record
from muniment.gateway.stages.reside import reside
from muniment.gateway.stages.resolve import brings_token, resolve
from muniment.gateway.stages.route import route
from muniment.gateway.stages.withhold import must_withhold, withhold
from muniment.gateway.straight import straight
from muniment.ledger import Handed
from muniment.plugins.sockets import Answer

_log = logging.getLogger("muniment.gateway")

Now = Callable[[Call, Means], Call | Stop]
Later = Callable[[Call, Means], Awaitable[Call | Stop]]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its name in records, and what it does at once or waits for.

    One that waits may say which calls must; the others pass it as they are.
    """

    name: str
    at_once: Now | None = None
    waits: Later | None = None
    must: Callable[[Call], bool] | None = None


CORRIDOR: Final = (
    Stage("identify", at_once=identify),
    Stage("receive", at_once=receive),
    Stage("resolve", at_once=resolve),
    Stage("route", at_once=route),
    Stage("limit", at_once=limit),
    Stage("inspect", at_once=inspect),
    Stage("reside", at_once=reside),
    Stage("decide", at_once=decide),
    Stage("hold", waits=hold, must=must_hold),
    Stage("protect", at_once=protect),
    Stage("intend", waits=intend),
    Stage("forward", waits=forward),
    Stage("answer", at_once=answer),
    Stage("withhold", waits=withhold, must=must_withhold),
    Stage("record", waits=record, must=must_record),
)
_READS: Final = "what is known of calls"
_PLACES: Final = {each.name: place for place, each in enumerate(CORRIDOR)}
_END: Final = len(CORRIDOR)
_FIRST_OWN: Final = _PLACES["protect"]
_INTEND: Final = _PLACES["intend"]
_FORWARD: Final = _PLACES["forward"]
_ANSWER: Final = _PLACES["answer"]
_RECORD: Final = _PLACES["record"]
_OK: Final = 200
# What is longer is looked at on a thread, so that the others' calls need not wait for it.
_SMALL_BYTES: Final = 8_192
_BEGUN_WITHIN_SECONDS: Final = 1.0
_STATUS: Final = {
    "invalid": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "blocked": 403,
    "not_found": 404,
    "conflict": 409,
    "unavailable": 503,
    "corrupt": 503,
}


async def run(call: Call, means: Means) -> Call | Stop:
    """Walk a call through the corridor; give it with its answer, or where and why it stopped.

    A call of the usual kind waits three times, here, where few have to be woken: until its intent
    is durable, for the provider, and until it is durable how it ended.
    """
    walk = _Walk(call, means)
    recorded = walk.begin()
    if recorded is not None:
        try:
            if not recorded.done():
                await waiter_of(recorded)
            sending = walk.leave(recorded)
            ended = walk.came(await sending) if sending is not None else None
            if ended is not None:
                if not ended.done():
                    await waiter_of(ended)
                ended.result()
                return walk.call
        except Exception as error:  # noqa: BLE001 boundary: pipeline runner
            walk.went_wrong(error)
    return await _by_stages(walk)


async def _by_stages(walk: _Walk) -> Call | Stop:
    """Walk on from wherever a call is."""
    means, stopped = walk.means, walk.stopped
    while stopped is None and walk.place < _END:
        text = walk.call.received.raw if walk.call.answer is None else walk.call.answer.raw
        if len(text) <= _SMALL_BYTES:
            try:
                stopped = at_once(walk.go_on)
            except MustWaitError:
                stopped = await means.together.later(walk.reads, walk.go_on)
        else:
            stopped = await to_thread.run_sync(walk.go_on, limiter=means.threads)
        if stopped is None and walk.place < _END:
            stopped = await walk.wait()
    return walk.call if stopped is None else await _told(stopped, means)


@dataclass(frozen=True, slots=True)
class _Stopped:
    """A stop, the call as far as it came, and the error behind it."""

    stop: Stop
    call: Call
    error: BaseException | None = None


class _Walk(Struct, eq=False):
    """A call and the place of its next stage. How long each takes it notes in microseconds."""

    call: Call
    means: Means
    place: int = 0
    is_led: bool = False  # the straight way was tried
    raw: bytes = b""
    stopped: _Stopped | None = None
    first: First | None = None
    began: float = 0.0

    def begin(self) -> Handed | None:
        """Lead a call as far as its intent and hand that in, if nothing of it must wait."""
        if len(self.call.received.raw) > _SMALL_BYTES:
            return None
        try:
            return at_once(self._begun)
        except MustWaitError:
            return None

    def _begun(self) -> Handed | None:
        call, means = self.call, self.means
        monotonic = means.database.clock.monotonic
        try:
            if monotonic() - call.received.began <= _BEGUN_WITHIN_SECONDS:
                way = straight(call, means, resolve)
                self.is_led = True
                if way is not None:
                    self.call, self.place = way.call, _PLACES[way.stage]
            if self.place != _INTEND:
                self.stopped = self.go_on()
                if self.stopped is not None or self.place != _INTEND:
                    return None
            self.began, self.raw = monotonic(), write_json(self.call.body)
            return handed_in(self.call, means, self.raw)
        except Exception as error:  # noqa: BLE001 boundary: pipeline runner
            self.went_wrong(error)
            return None

    def _lead(self) -> None:
        """Go the straight way as far as it leads."""
        way = straight(self.call, self.means, resolve)
        self.is_led = True
        if way is not None:
            self.call, self.place = way.call, _PLACES[way.stage]

    def go_on(self) -> _Stopped | None:
        """Do stages, one after the other in one thread, up to one that must wait, or the end.

        Begun anew it goes on with the stage that could not be done at once.
        """
        means, took, monotonic = self.means, self.call.took, self.means.database.clock.monotonic
        began = monotonic()
        if not self.place and began - self.call.received.began > _BEGUN_WITHIN_SECONDS:
            return _Stopped(busy(), self.call)
        call, place = self.call, self.place
        try:
            if not place and not self.is_led:
                self._lead()
                call, place, began = self.call, self.place, monotonic()
            while place < _END:
                stage = CORRIDOR[place]
                if stage.at_once is not None:
                    result = stage.at_once(call, means)
                    if type(result) is not Call:
                        return _stopped(result, stage, call)
                    call = result
                elif stage.must is None or stage.must(call):
                    return None
                place += 1
                ended = monotonic()
                took[stage.name] = round((ended - began) * 1_000_000)
                began = ended
        except Exception as error:  # noqa: BLE001 boundary: pipeline runner
            return _of_error(error, CORRIDOR[place], call)
        finally:  # also where it is to be begun anew
            self.call, self.place = call, place
        return None

    def leave(self, recorded: Handed) -> Coroutine[Any, Any, Answer] | None:
        """Begin to send a call whose intent is durable, if it goes the usual way."""
        call, means = self.call, self.means
        result = intended(call, means, self.raw, recorded.result())
        if type(result) is not Call:
            self.stopped = _stopped(result, CORRIDOR[_INTEND], call)
            return None
        now = means.database.clock.monotonic()
        call.took["intend"] = round((now - self.began) * 1_000_000)
        self.call, self.place, self.began = result, _FORWARD, now
        if call.kept is not None or not means.circuits.are_calm():
            return None
        means.queue.passes(call.received.exchange, now)
        return sending(result, means)

    def came(self, answer: Answer) -> Handed | None:
        """Lead an answer as far as the record of its end, or leave it to the stage that is next."""
        call, means, began = self.call, self.means, self.began
        raw = here(answer, means) if answer.status == _OK else None
        if raw is None:
            self.first = First(began, answer)
            return None
        route, now = call.routes[0], means.database.clock.monotonic()
        attempt = Attempt(route.label, _OK, round((now - began) * 1000))
        came = Answered(_OK, route, (attempt,), raw=raw, headers=answer.headers)
        means.circuits.worked(route.label)
        # From now on it waits for this process again.
        means.queue.enter(call.received.exchange, now)
        call.took["forward"] = round((now - began) * 1_000_000)
        self.place, ended = _ANSWER, None
        try:
            if len(raw) <= _SMALL_BYTES:
                ended = at_once(back, call, means, came, now)
        except MustWaitError:
            pass  # the stages begin anew where it began
        finally:
            if ended is None:
                self.call = replace_struct(call, answer=came)
        if ended is None:
            return None
        self.place, self.call = _RECORD, ended[0]
        return ended[1]

    def went_wrong(self, error: Exception) -> None:
        """Leave what a provider failed at to the stage that knows how to go on; else stop."""
        if self.place == _FORWARD and isinstance(error, MunimentError):
            self.first = First(self.began, None, error)
        else:
            self.stopped = _of_error(error, CORRIDOR[self.place], self.call)

    def reads(self) -> str | None:
        """Say what the next stage waits for: what all calls read, or something of its own."""
        is_own = self.place >= _FIRST_OWN or brings_token(self.call.received.headers)
        return None if is_own else _READS

    async def wait(self) -> _Stopped | None:
        """Do the stages that must wait, up to one that need not."""
        call, means, place = self.call, self.means, self.place
        monotonic, took = means.database.clock.monotonic, self.call.took
        began = monotonic()
        try:
            while place < _END:
                stage = CORRIDOR[place]
                if stage.waits is None or (stage.must is not None and not stage.must(call)):
                    return None
                first, self.first = self.first, None
                if first is None:
                    result = await stage.waits(call, means)
                else:
                    result = await forward(call, means, first)
                if type(result) is not Call:
                    return _stopped(result, stage, call)
                call = result
                place += 1
                ended = monotonic()
                took[stage.name] = round((ended - began) * 1_000_000)
                began = ended
        except Exception as error:  # noqa: BLE001 boundary: pipeline runner
            return _of_error(error, CORRIDOR[place], call)
        finally:
            self.call, self.place = call, place
        return None


def _stopped(stop: Call | Stop, stage: Stage, call: Call) -> _Stopped:
    if not isinstance(stop, Stop):
        raise TypeError(f"{stage.name} gives neither a call nor a stop")
    return _Stopped(replace(stop, stage=stage.name), stop.call or call)


def _of_error(error: Exception, stage: Stage, call: Call) -> _Stopped:
    if isinstance(error, HeldAnswerError):
        return _Stopped(replace(error.stop, stage=stage.name), call, error)
    if isinstance(error, MunimentError):
        status = _STATUS.get(error.code, 500)
        if call.answer is not None and status in (400, 503):
            status = 502
        stop = replace(Stop.of(error, status), stage=stage.name, retry=status in (502, 503))
        return _Stopped(stop, call, error)
    _log.error("a stage broke", extra={"stage": stage.name}, exc_info=error)
    says = "this could not be done; nothing was passed on unguarded"
    stop = Stop(500, "internal", says, remedy="Whoever runs the gateway finds why in its log.")
    return _Stopped(replace(stop, stage=stage.name), call, error)


async def _told(stopped: _Stopped, means: Means) -> Stop:
    """Record the stop before the caller hears of it; if that fails, they hear that instead."""
    stop, call, error = stopped.stop, stopped.call, stopped.error
    if stop.recorded:
        return replace(stop, call=call)
    if isinstance(error, RefusedError) and error.noted is not None:
        call = replace(call, judged=error.noted)
    try:
        future = await soon(means.threads, _recorded, stop, call, means, error)
        if future is not None:
            await durable(future)
    except MunimentError as failed:
        _log.error("a stop could not be recorded", extra={"stage": stop.stage}, exc_info=failed)
        told = Stop.of(failed, 503, call=call)
        return replace(told, stage=stop.stage, retry=True)
    return replace(stop, call=call)


def _recorded(stop: Stop, call: Call, means: Means, error: BaseException | None) -> Any:  # noqa: ANN401 a future
    if not call.intended:
        decided = next(iter(call.decided), None)  # what was decided is kept, whoever stops it then
        return refuse(
            call, means, stop, error.named if isinstance(error, RefusedError) else decided
        )
    is_refused = isinstance(error, RefusedAnswerError | ForbiddenError)
    state = State.REFUSED if is_refused else State.FAILED
    answered = call.answer
    if answered is not None:
        approval = stop.approval or answered.approval
        answered = replace(answered, reached=Reached.NONE, approval=approval)
    if answered is not None and isinstance(error, RefusedAnswerError) and error.judged:
        named = means.decisions.named(error.judged)
        if error.noted is not None:
            named = replace(named, id=error.noted.decision)
            answered = replace(answered, judged=error.noted)
        answered = replace(answered, decided=(named,))
    ended = partial(conclude, call, means, answered, state=state, status=stop.status)
    return ended(problem=f"{stop.code}: {stop.says}", attempts=stop.attempts)
