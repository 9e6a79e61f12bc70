"""The straight way back, for an answer like those that came before it to calls like this one.

It goes from the bytes of an answer to the record of how the call ended, by what the stages
remember (see `plans`), under their own conditions. It decides nothing: an answer with tools, or in
which something is new or goes wrong, is left to the stages. Before the record nothing is changed,
so they begin where it began. A test holds that an answer becomes the same on both ways.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from muniment import detect
from muniment.exchanges import Judgement, Origin, State
from muniment.gateway.dialects import BY_SURFACE
from muniment.gateway.dialects.base import read_object, word, write_json
from muniment.gateway.excepting import FAULTS
from muniment.gateway.exchange import Answered, Call, Route
from muniment.gateway.facts import standing_of, tokens_of
from muniment.gateway.means import Means
from muniment.gateway.plans import Plan, kinds_in
from muniment.gateway.recording import conclude, conclude_like, learn
from muniment.gateway.stages.answer import made_safe
from muniment.gateway.telling import Told, told_of
from muniment.ledger import Handed

Ended = tuple[Call, Handed]


def back(call: Call, means: Means, came: Answered, began: float) -> Ended | None:
    """Lead an answer that came whole as far as its record, if all is known of answers like it.

    Given is the call with what its caller gets once it is durable how it ended.
    """
    plan, origin = call.plan, call.origin
    if plan is None or origin is None:
        return None
    try:
        return _ended(call, means, came, began, (plan, origin))
    except FAULTS:
        return None  # the stages say what is wrong, and where


def _ended(
    call: Call, means: Means, came: Answered, began: float, of: tuple[Plan, Origin]
) -> Ended | None:
    answered = _judged(call, means, came, *of)
    if answered is None:
        return None
    spent = means.database.clock.monotonic() - began
    call.took["answer"], call.took["withhold"] = round(spent * 1_000_000), 0
    recorded = conclude_like(call, means, answered)
    ended = replace(call, answer=answered)
    if recorded is None:
        raw, status = answered.written, answered.status
        recorded = conclude(ended, means, answered, state=State.ANSWERED, status=status, raw=raw)
        learn(ended, means, answered)
    elif answered.told is None:
        _learn_told(ended, answered)
    return ended, recorded


def _learn_told(ended: Call, answered: Answered) -> None:
    """Keep what headers tell of answers like this one, if nothing was done on either way."""
    asked, said, plan = ended.judged, answered.judged, ended.plan
    if plan is None or plan.ending is None or asked.remedies or said.remedies or ended.exception:
        return
    told = told_of(ended)
    plan.ending.told = (asked.inspected, said.inspected, answered.provider_model, told)


def _told(call: Call, route: Route, model: str, said: Judgement) -> Told | None:
    """Give what headers told of the answer before, if this one is told of alike."""
    ending, asked = call.plan.ending if call.plan is not None else None, call.judged
    known = ending.told if ending is not None else None
    if known is None or ending is None or ending.route is not route or known[2] != model:
        return None
    if asked.remedies or said.remedies or call.exception:
        return None
    return known[3] if known[0] is asked.inspected and known[1] is said.inspected else None


def _judged(
    call: Call, means: Means, came: Answered, plan: Plan, origin: Origin
) -> Answered | None:
    """Give an answer of which the rules said before that it may be given as it came."""
    raw, route, judge = came.raw, came.route, means.judge
    body = read_object(raw)
    dialect = BY_SURFACE[origin.surface]
    parts = dialect.parts(body)
    if parts.tools:
        return None
    content, usage = parts.content, parts.usage
    looked = detect.look(means.scanners.of(origin.system), content)
    findings = looked.findings
    tokens = tokens_of(judge, len(raw), usage.output_tokens)
    kinds = kinds_in(findings) if findings else None
    given = means.plans.given.get((plan.number, route.label, looked.inspected, kinds, tokens))
    if given is None:
        return None
    if not given.holds(judge.holds(), means.now(), standing_of(call, means)):
        return None
    safe: Any = content
    if given.changes or call.protector is not None:
        safe = made_safe(call, means, content, raw, given.policy if given.changes else None)
    named, final = given.named or given.named_by(means.decisions), body
    if content and not (parts.is_usual and safe is content):
        final = dict(dialect.with_content(body, safe))
    noted, model = given.note(looked, call.judged.detector, named), word(body.get("model"))
    return Answered(
        came.status,
        route,
        came.attempts,
        final,
        raw,
        came.headers,
        None,
        model,
        usage,
        (),
        noted,
        (named,),
        written=write_json(final),
        told=_told(call, route, model, noted),
    )
