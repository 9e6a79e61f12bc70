"""Record that a call is about to leave; if that fails, nothing leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from msgspec.structs import replace

from muniment import exchanges
from muniment.core.errors import InvalidError
from muniment.db import MustWaitError, Work, at_once
from muniment.exchanges import Claim, Intent, Overrun
from muniment.gateway.decisions import Named
from muniment.gateway.dialects.base import write_json
from muniment.gateway.exchange import Asked, Call, Stop
from muniment.gateway.keeping import keeping_of, kept
from muniment.gateway.means import Means
from muniment.gateway.plans import Ready
from muniment.gateway.pricing import cost_of, most_tokens
from muniment.gateway.recording import key_of
from muniment.gateway.soon import durable
from muniment.ledger import Handed

_NOTHING: Final = Claim(0, 0)


async def intend(call: Call, means: Means) -> Call | Stop:
    """Reserve what the call may use and record it, durably, in one commit."""
    raw = write_json(call.body)
    try:
        recorded = at_once(handed_in, call, means, raw)
    except MustWaitError:
        whose = partial(key_of, call)
        recorded = await means.together.later(whose, handed_in, call, means, raw)
    return intended(call, means, raw, await durable(recorded))


def intended(call: Call, means: Means, raw: bytes, result: object) -> Call | Stop:
    """Give the call whose intent is durable, or say which limit it would overrun."""
    if type(result) is Overrun:
        return _over(call, result)
    means.vigil.note(call)
    return replace(call, intended=True, sent=raw)


def handed_in(call: Call, means: Means, raw: bytes) -> Handed:
    """Hand in what is to be recorded before a call leaves with this body."""
    actor, origin, asked, contents = call.actor, call.origin, call.asked, call.contents
    routes = call.routes
    if actor is None or origin is None or asked is None or contents is None:
        raise InvalidError("the call was not decided", remedy="Send it again.")
    key, digest = means.digester.digest(actor, origin.subject or origin.system, raw)
    ready, judged = call.ready, call.judged
    usual = ready if ready is not None and _is_usual(call, asked, ready) else None
    if usual is not None and usual.intent is not None:
        told = (
            *(judged.decision, judged.detector, judged.effect, origin.exchange, judged.findings),
            *(judged.inspected._value_, judged.policy, call.prompt, judged.reasons),
            *(judged.remedies, digest, key, call.took),
        )
        like = exchanges.intend_like(means.writer, actor, usual.intent, told)
        if like is not None:
            return like
    intent = Intent(
        origin,
        asked.model,
        (routes[0].label,) if len(routes) == 1 else tuple([each.label for each in routes]),
        call.set_digest,
        digest,
        key,
        call.prompt,
        judged,
        asked.streamed,
        dict(call.took),
        call.left_out,
        call.shadow.label if call.shadow else "",
        call.exception,
        call.approval,
    )
    claim = _claim(call, means, raw) if call.limits else _NOTHING
    keeping = call.plan.keeping if call.plan is not None else keeping_of(contents)
    content = raw if keeping.percent > 0 and keeping.keeps(origin.exchange) else b""
    fresh = means.decisions.fresh(call.decided)
    keep = partial(_keep, call, means, content, fresh) if fresh or content else None
    if usual is not None and usual.intent is None:
        usual.intent = exchanges.intent_like(means.writer, actor, intent)
    future = exchanges.intend(means.writer, actor, intent, claim, call.limits, keep)
    if fresh:
        means.decisions.once_durable(future, fresh)
    return future


def _is_usual(call: Call, asked: Asked, ready: Ready) -> bool:
    """Tell whether an intent says what others do, but for what was found and decided, and when.

    It is not usual where more is written with it: a limit, what was said, a decision.
    """
    limited, decided = ready.limited, call.decided
    if asked.streamed or call.shadow is not None or call.exception or call.approval:
        return False
    if call.limits or ready.plan.keeping.percent > 0 or call.left_out is not limited.left_out:
        return False
    return call.routes is limited.routes and len(decided) == 1 and decided[0].is_kept


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
