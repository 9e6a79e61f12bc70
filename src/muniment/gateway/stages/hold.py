"""Hold a call until a person said yes to exactly this request; the yes holds once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import anyio
from anyio import to_thread

from muniment import approvals
from muniment.approvals import Check, Matter, Need, Request, Rule, State, Timing
from muniment.core.errors import ForbiddenError, InvalidError
from muniment.gateway.exchange import Call, Stop, replace
from muniment.gateway.means import GATE, Means
from muniment.policy import RemedyKind

KIND: Final = "gateway.call"
_LOOK_SECONDS: Final = 0.25
_ENDS_AFTER: Final = timedelta(hours=24)
_STANDS: Final = (State.OPEN, State.APPROVED, State.DENIED)
_ROLES: Final = frozenset({"security", "operator", "owner", "compliance", "releaser"})


async def hold(call: Call, means: Means) -> Call | Stop:
    """Let a call that need not be held go on; ask for the others, wait a while, then say so."""
    targets = tuple(
        each.target
        for each in call.decided[0].judged.decision.remedies
        if each.kind is RemedyKind.HOLD
    )
    if not targets:
        return call
    means.queue.passes(call.received.exchange)
    matter, rule = _matter(call, targets), _rule(targets)
    until = anyio.current_time() + means.settings.gateway.hold_seconds
    limiter = means.threads
    request = await to_thread.run_sync(_asked, call, means, matter, rule, limiter=limiter)
    while request.state is State.OPEN and anyio.current_time() < until:
        await anyio.sleep(_LOOK_SECONDS)
        request = await to_thread.run_sync(_look, means, request.id, limiter=limiter)
    if request.state is State.APPROVED:
        await to_thread.run_sync(_use, means, request, call, limiter=limiter)
        return replace(call, held=targets, approval=request.id)
    return _held(replace(call, approval=request.id), request, targets)


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
        kind=KIND,
        subject=("system", origin.system),
        title=f"A call of {asked.model} is held for {', '.join(targets)}",
        document=document,
        consequence="This one request goes on to the model. Another one is asked about again.",
        checks=(
            Check(
                "detector",
                "met" if call.looked and call.looked.inspected else "could_not_tell",
                f"{sum(call.judged.findings.values())} findings",
            ),
        ),
        policies=rules,
        scope={"system": origin.system, "environment": origin.environment},
        href=f"/console/exchanges/{origin.exchange}",
    )


def _rule(targets: tuple[str, ...]) -> Rule:
    return Rule(
        needs=tuple(Need(1, each if each in _ROLES else "") for each in targets),
        not_author=False,
        escalate_to="security",
    )


def _asked(call: Call, means: Means, matter: Matter, rule: Rule) -> Request:
    subject = matter.subject
    with means.database.work(GATE) as work:
        found = approvals.latest(work, KIND, subject, matter.document)
        if found is not None and found.state in _STANDS:
            return found
        timing = Timing(expires_at=work.now + _ENDS_AFTER)
        author = call.actor.id if call.actor else GATE.id
        return approvals.ask(work, matter, rule, author=author, timing=timing, single_use=True)


def _look(means: Means, request_id: str) -> Request:
    with means.database.look(GATE) as work:
        return approvals.get(work, request_id)[0]


def _use(means: Means, request: Request, call: Call) -> None:
    with means.database.work(GATE) as work:
        approvals.use(work, request.id, digest=request.version.digest, what=call.received.exchange)


def _held(call: Call, request: Request, targets: tuple[str, ...]) -> Stop:
    if request.state is State.OPEN:
        return Stop(
            403,
            "held",
            f"this call waits for a yes of {', '.join(targets)}",
            remedy=f"Send the same request again once {request.id} is approved.",
            reasons=(f"/console/approvals/{request.id}",),
            call=call,
        )
    error = ForbiddenError(
        f"this call was held and is {request.state.value}",
        remedy="Change the request, or talk to who decided.",
        reasons=(request.id,),
    )
    return Stop.of(error, 403, call=call)
