"""Hold a call until a person said yes to exactly this request; the yes holds once.

A caller who names what was held of an earlier answer is led to that answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from anyio import to_thread

from muniment import approvals
from muniment.approvals import Check, Matter, Request, Rule, State, Timing
from muniment.core.errors import InvalidError
from muniment.gateway.decisions import remedies_of
from muniment.gateway.exchange import Call, Stop, replace
from muniment.gateway.holding import (
    APPROVAL_HEADER,
    CALL_KIND,
    ENDS_AFTER,
    STANDS,
    resumed,
    rule_for,
    stop_of,
    waited,
)
from muniment.gateway.means import GATE, Means
from muniment.policy import RemedyKind


def must_hold(call: Call) -> bool:
    """Tell whether a call must be held, or names what was held of an earlier one."""
    if call.received.headers.get(APPROVAL_HEADER, "").strip():
        return True
    for named in call.decided:
        for each in named.judged.decision.remedies:
            if each.kind is RemedyKind.HOLD:
                return True
    return False


async def hold(call: Call, means: Means) -> Call | Stop:
    """Let a call that need not be held go on; ask for the others, wait a while, then say so."""
    named = call.received.headers.get(APPROVAL_HEADER, "").strip()
    taken_up = await resumed(call, means, named) if named else None
    if taken_up is not None:
        return taken_up
    remedies = remedies_of(call.decided)
    targets = tuple(each.target for each in remedies if each.kind is RemedyKind.HOLD)
    if not targets:
        return call
    means.queue.passes(call.received.exchange)
    matter, rule, limiter = _matter(call, targets), rule_for(targets), means.threads
    request = await to_thread.run_sync(_asked, call, means, matter, rule, limiter=limiter)
    request = await waited(means, request)
    if request.state is State.APPROVED:
        await to_thread.run_sync(_use, means, request, matter, call, limiter=limiter)
        return replace(call, held=targets, approval=request.id)
    says = f"this call waits for a yes of {', '.join(targets)}"
    return stop_of(replace(call, approval=request.id), request, says)


def _matter(call: Call, targets: tuple[str, ...]) -> Matter:
    origin, asked = call.origin, call.asked
    if origin is None or asked is None:
        raise InvalidError("the call was not decided", remedy="Send it again.")
    document: Mapping[str, Any] = {
        "system": origin.system,
        "environment": origin.environment,
        "key": origin.key,
        "surface": origin.surface,
        "model": asked.model,
        "request": f"sha256:{hashlib.sha256(call.received.raw).hexdigest()}",
        "found": dict(call.judged.findings),
        "for": list(targets),
    }
    rules = tuple(call.judged.reasons)
    return Matter(
        kind=CALL_KIND,
        subject=("system", origin.system),
        title=f"A call of {asked.model} is held for {', '.join(targets)}",
        document=document,
        consequence="This one request goes on to the model. Another one is asked about again.",
        checks=(
            Check(
                "detector",
                "met" if call.looked and call.looked.inspected else "could_not_tell",
                _count(sum(call.judged.findings.values())),
            ),
        ),
        policies=rules,
        scope={"system": origin.system, "environment": origin.environment},
        href=f"/console/exchanges/{origin.exchange}",
    )


def _asked(call: Call, means: Means, matter: Matter, rule: Rule) -> Request:
    subject = matter.subject
    with means.database.work(GATE) as work:
        found = approvals.latest(work, CALL_KIND, subject, matter.document)
        if found is not None and found.state in STANDS:
            return found
        timing = Timing(expires_at=work.now + ENDS_AFTER)
        author = call.actor.id if call.actor else GATE.id
        return approvals.ask(work, matter, rule, author=author, timing=timing, single_use=True)


def _use(means: Means, request: Request, matter: Matter, call: Call) -> None:
    """Spend the yes; one that was given to something else, by a change, is refused."""
    with means.database.work(GATE) as work:
        approvals.use(work, request.id, digest=matter.digest, what=call.received.exchange)


def _count(findings: int) -> str:
    return "1 finding" if findings == 1 else f"{findings} findings"
