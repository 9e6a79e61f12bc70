"""Record that a call is about to leave; if that fails, nothing leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from muniment import exchanges
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.exchanges import Claim, Intent, Overrun
from muniment.gateway.decisions import Named
from muniment.gateway.dialects.base import write_json
from muniment.gateway.exchange import Call, Stop, replace
from muniment.gateway.keeping import keeping_of, kept
from muniment.gateway.means import Means
from muniment.gateway.pricing import cost_of, most_tokens
from muniment.gateway.soon import durable, soon


async def intend(call: Call, means: Means) -> Call | Stop:
    """Reserve what the call may use and record it, durably, in one commit."""
    raw = write_json(call.body)
    intent, claim = await soon(means.threads, _prepared, call, means, raw)
    if call.actor is None or call.origin is None or call.contents is None:
        raise InvalidError("the call was not decided", remedy="Send it again.")
    kept_as = keeping_of(call.contents)
    fresh = means.decisions.fresh(call.decided)
    content = raw if kept_as.keeps(call.received.exchange) else b""
    keep = partial(_keep, call, means, content, fresh) if fresh or content else None
    future = exchanges.intend(means.writer, call.actor, intent, claim, call.limits, keep)
    means.decisions.once_durable(future, fresh)
    result = await durable(future)
    if isinstance(result, Overrun):
        return _over(call, result)
    return replace(call, intended=True, sent=raw)


def _prepared(call: Call, means: Means, raw: bytes) -> tuple[Intent, Claim]:
    return _intent(call, means, raw), _claim(call, means, raw)


def _intent(call: Call, means: Means, raw: bytes) -> Intent:
    origin, asked = call.origin, call.asked
    if origin is None or asked is None or call.actor is None:
        raise InvalidError("the call was not decided", remedy="Send it again.")
    subject = origin.subject or origin.system
    key, digest = means.digester.digest(call.actor, subject, raw)
    return Intent(
        origin=origin,
        model=asked.model,
        routes=tuple(each.label for each in call.routes),
        set_digest=call.set_digest,
        request=digest,
        request_key=key,
        prompt=call.prompt,
        judged=call.judged,
        streamed=asked.streamed,
        took=dict(call.took),
        left_out=call.left_out,
        shadow=call.shadow.label if call.shadow else "",
        exception=call.exception,
        approval=call.approval,
    )


def _keep(
    call: Call, means: Means, raw: bytes, fresh: Sequence[Named], work: Work
) -> tuple[Mapping[str, str | int], ...]:
    """Keep the decision with its facts, and what was asked where the system's owner wants it."""
    means.decisions.keep(work, fresh)
    if not raw or call.origin is None or call.contents is None:
        return ()
    return kept(work, means, call.origin, call.contents, raw)


def _claim(call: Call, means: Means, raw: bytes) -> Claim:
    if call.asked is None:
        raise InvalidError("the call was not decided", remedy="Send it again.")
    tokens_in, tokens_out = most_tokens(len(raw), call.asked)
    prices = [cost_of(means.book, each, tokens_in, tokens_out) for each in call.routes]
    return Claim(tokens_in + tokens_out, max(0, *prices))


def _over(call: Call, over: Overrun) -> Stop:
    limit = over.limit
    again = f" It begins anew at {over.again_at:%Y-%m-%d %H:%M} UTC." if over.again_at else ""
    return Stop(
        429,
        "limited",
        f"{over.left} of {limit.amount} {limit.measure.value} each {limit.window.value} are left,"
        f" and this call may need {over.wanted}",
        remedy=f"Wait, or ask for a larger limit.{again}",
        reasons=(f"{limit.id}: {limit.reason}",),
        call=call,
        recorded=True,
    )
