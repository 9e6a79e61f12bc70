"""Inspect, judge and protect an answer that came whole, and give the caller's own values back."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from muniment import detect
from muniment.core.errors import InvalidError, UnavailableError
from muniment.detect import Looked, Policy, Protector
from muniment.exchanges import Inspected, Judgement, Origin, Reached
from muniment.gateway.answering import (
    AnswerJudge,
    RefusedAnswerError,
    cures_of,
    held_for,
    own_words,
    require_answer,
    with_own,
)
from muniment.gateway.decisions import Named
from muniment.gateway.dialects import BY_SURFACE, Dialect
from muniment.gateway.dialects.base import read_object, word
from muniment.gateway.excepting import FAULTS
from muniment.gateway.exchange import Answered, Call, HeldTool, Stop, ToolCall, Usage, replace
from muniment.gateway.facts import standing_of, tokens_of
from muniment.gateway.means import Means
from muniment.gateway.plans import Given, kinds_in, remember
from muniment.gateway.rulings import policy_of
from muniment.gateway.words import words_of
from muniment.policy import Judged

_log = logging.getLogger("muniment.gateway")
_PASSED_ON: Final = frozenset({400, 404, 409, 413, 422, 429})
_ARGUMENTS: Final = frozenset({"arguments", "partial_json"})
_ARGUMENTS_JSON, _PARTIAL_JSON = b"arguments", b"partial_json"
_FINE: Final = (200, 300)
_OBJECTS: Final = (dict, Mapping)  # the kind that nearly all are of is asked for first


def answer(call: Call, means: Means) -> Call | Stop:
    """Give the answer as its caller may have it; a stream is judged while it runs."""
    answered = call.answer
    if answered is None:
        raise InvalidError("there is no answer", remedy="Send it again.")
    if answered.stream is not None:
        return call
    if not _FINE[0] <= answered.status < _FINE[1]:
        return _failed(call, means, answered)
    if call.asked is not None and call.asked.streamed:
        raise UnavailableError("the provider did not stream its answer", remedy="Try again.")
    dialect = BY_SURFACE[call.received.surface]
    try:
        body = read_object(answered.raw)
    except InvalidError as error:
        raise UnavailableError(
            "the provider's answer is not what its interface promises",
            reasons=(error.message[:80],),
            remedy="Try again; if it stays so, look at the provider.",
        ) from error
    judged = _judged(call, means, answered, dialect, body)
    return replace(call, answer=judged)


def _judged(
    call: Call, means: Means, answered: Answered, dialect: Dialect, body: Mapping[str, Any]
) -> Answered:
    """Look at an answer, ask the rules about it and its tools, and carry out what they say."""
    origin = _require_origin(call)
    parts = dialect.parts(body)
    content, usage, tools = parts.content, parts.usage, parts.tools
    looked, exception = _looked(origin, content, means)
    given = _given_before(call, means, answered, looked, usage) if not tools else None
    if given is None:
        ruled = _ruled(call, means, answered, body, tools, looked, usage)
    else:
        ruled = _as_before(call, means, given, looked)
    policy = ruled.policy if ruled.changes else None
    safe = made_safe(call, means, content, answered.raw, policy)
    noted, final = ruled.noted, dialect.with_content(body, safe) if content else body
    return replace(
        answered,
        body=final,
        provider_model=word(body.get("model")),
        usage=usage,
        tools=tuple([each.name for each in tools]),
        judged=replace(noted, inspected=Inspected.NOT) if exception else noted,
        decided=ruled.decided,
        exception=exception,
        holds=ruled.holds,
    )


def made_safe(
    call: Call, means: Means, content: Mapping[str, Any], raw: bytes, policy: Policy | None
) -> Any:  # noqa: ANN401 any JSON
    """Change an answer as a policy says, if one does, and put the caller's own values back."""
    safe: Any = content
    if policy is not None:
        protected = Protector(means.scanners.of(_require_origin(call).system), policy)
        told = protected.messages(dict(content))
        if not told.verdict.passes:
            raise UnavailableError("the answer could not be made safe", remedy="Try again.")
        safe = told.value
    own = call.protector
    changed = safe is not content
    if own is not None and own.pairs.turn_back() and (changed or _may_hold(own, raw)):
        safe = _restored(safe, own)
    return safe


class _Ruled(Struct, frozen=True):
    """What the rules say of an answer that may be given: how it is changed, what is noted."""

    policy: Policy
    changes: bool
    noted: Judgement
    decided: tuple[Named, ...]
    holds: tuple[HeldTool, ...] = ()


def _given_before(
    call: Call, means: Means, answered: Answered, looked: Looked, usage: Usage
) -> Given | None:
    """Give what the rules said of an answer in which as much was found, if nothing moved."""
    plan, judge = call.plan, means.judge
    if plan is None:
        return None
    held, minute, known = judge.holds(), means.now(), standing_of(call, means)
    tokens = tokens_of(judge, len(answered.raw), usage.output_tokens)
    kinds = kinds_in(looked.findings)
    key = (plan.number, answered.route.label, looked.inspected, kinds, tokens)
    found = means.plans.given.get(key)
    if found is not None and found.holds(held, minute, known):
        return found
    about = AnswerJudge(call, answered.route, means)
    judged = about.decide(looked.findings, inspected=looked.inspected, tokens=tokens)
    if held_for(judged):
        return None
    try:
        policy = require_answer(judged)
    except RefusedAnswerError:
        return None  # it is said where its tools are known too
    noted = about.judgement((), means.decisions.named(judged), whole=True)
    changes = any(rule.action.changes_text for rule in policy.rules)
    said = (noted.effect, noted.remedies, noted.reasons)
    found = Given(held, minute, judged, *said, known=known, policy=policy, changes=changes)
    remember(means.plans.given, key, found)
    return found


def _as_before(call: Call, means: Means, given: Given, looked: Looked) -> _Ruled:
    named = means.decisions.named(given.judged)
    noted = given.note(looked, call.judged.detector, named)
    return _Ruled(given.policy, given.changes, noted, (named,))


def _ruled(
    call: Call,
    means: Means,
    answered: Answered,
    body: Mapping[str, Any],
    tools: Sequence[ToolCall],
    looked: Looked,
    usage: Usage,
) -> _Ruled:
    """Ask the rules about an answer and each tool in it; refuse what they forbid."""
    judge = AnswerJudge(call, answered.route, means)
    findings, whole = looked.findings, looked.inspected
    tokens = judge.tokens_of(len(answered.raw), usage.output_tokens)
    judged = judge.decide(findings, inspected=whole, tokens=tokens)
    try:
        policy = require_answer(judged, may_wait=True)
        used = _each_required(judge, tools, looked)
    except RefusedAnswerError as error:
        judge.give_back(tools)
        named = means.decisions.named(error.judged or judged)
        error.noted = judge.judgement(findings, named, whole=whole)
        raise
    cures = tuple(cure for each in used for cure in cures_of(each))
    if cures:
        policy = policy_of((*cures, *judged.decision.remedies))
    decided = tuple(means.decisions.named(each) for each in (judged, *used))
    return _Ruled(
        policy,
        any(rule.action.changes_text for rule in policy.rules),
        judge.judgement(findings, decided[0], whole=whole),
        decided,
        _holds(judge, answered, body, judged, list(zip(tools, used, strict=True))),
    )


def _holds(
    judge: AnswerJudge,
    answered: Answered,
    body: Mapping[str, Any],
    judged: Judged,
    used: Sequence[tuple[ToolCall, Judged]],
) -> tuple[HeldTool, ...]:
    """Give what of an answer waits for people: all of it, or tools that it wants called."""
    whole = judge.waits(answered.raw, words_of(body), judged) if held_for(judged) else ()
    return (*whole, *(held for tool, each in used for held in judge.held(tool, each)))


def _each_required(judge: AnswerJudge, tools: Sequence[ToolCall], looked: Looked) -> list[Judged]:
    """Ask the rules about each tool that an answer wants called, in its order."""
    judged, times = [], Counter[str]()
    for each in tools:
        before = times[each.name]
        given = judge.require_tool(each, looked.findings, inspected=looked.inspected, before=before)
        judged.append(given)
        times[each.name] += 1
    return judged


def _require_origin(call: Call) -> Origin:
    if call.origin is None:
        raise InvalidError("the call was not resolved", remedy="Send it again.")
    return call.origin


def _looked(origin: Origin, content: Mapping[str, Any], means: Means) -> tuple[Looked, str]:
    """Look at an answer; if that breaks, only an approved exception goes on without."""
    try:
        return detect.look(means.scanners.of(origin.system), content), ""
    except InvalidError:
        raise
    except FAULTS as error:
        exception = means.exceptions.of(origin.system, origin.environment)
        if not exception:
            raise
        extra = {"exchange": origin.exchange}
        _log.error("an answer goes on uninspected", extra=extra, exc_info=error)
        return Looked((), inspected=False, build=""), exception


def _may_hold(own: Protector, raw: bytes) -> bool:
    """Tell whether an answer may hold what stands for own values, or JSON within a text."""
    return own.pairs.may_stand_in(raw) or _ARGUMENTS_JSON in raw or _PARTIAL_JSON in raw


def _restored(value: Any, protector: Protector, key: str = "") -> Any:  # noqa: ANN401 any JSON
    """Put the caller's own values back; JSON within a text stays JSON."""
    if isinstance(value, str):
        return with_own(protector, value) if key in _ARGUMENTS else protector.restore(value)
    if isinstance(value, _OBJECTS):
        return {name: _restored(each, protector, str(name)) for name, each in value.items()}
    if isinstance(value, list):
        return [_restored(each, protector, key) for each in value]
    return value


def _failed(call: Call, means: Means, answered: Answered) -> Stop:
    """Say that the provider refused, in words of ours and, made safe, its own."""
    status = answered.status if answered.status in _PASSED_ON else 502
    said = own_words(means, call.origin.system if call.origin else "", _said(answered.raw))
    return Stop(
        status,
        f"upstream_{answered.status}",
        f"the provider answered {answered.status}",
        remedy="Change the request." if status in (400, 413, 422) else "Try again later.",
        reasons=said,
        retry_after=_seconds(answered.headers),
        retry=status == 429 or status >= 500,
        call=replace(call, answer=replace(answered, reached=Reached.NONE)),
        attempts=answered.attempts,
    )


def _said(raw: bytes) -> str:
    try:
        body = read_object(raw)
    except InvalidError:
        return ""
    error = body.get("error", body)
    found = error.get("message") if isinstance(error, Mapping) else error
    return found if isinstance(found, str) else ""


def _seconds(headers: Mapping[str, str]) -> int:
    given = headers.get("retry-after", "")
    is_number = given.isascii() and given.isdigit() and len(given) < 6
    return min(int(given), 3600) if is_number else 0
