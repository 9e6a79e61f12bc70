"""What waits for a person: who is asked, about what exactly, and what their yes lets go on.

A request that is held has not left. A tool call that is held has come already, so the answer it
stands in rests in the vault. A yes is bound to the tool, what it is called with, the system, the
caller and the request; it lets that answer go to that caller, once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import anyio
from anyio import to_thread

from muniment import approvals, exchanges, vault
from muniment.approvals import Check, Matter, Need, Query, Request, Rule, State, Timing
from muniment.core.errors import ForbiddenError, InvalidError, NotFoundError
from muniment.db import Work
from muniment.exchanges import HeldAnswer, StopKind
from muniment.gateway.answering import ANSWER, HeldAnswerError, RefusedAnswerError, permitted_tools
from muniment.gateway.exchange import Answered, Call, HeldTool, Kept, Stop, replace
from muniment.gateway.means import CLASSIFICATION, GATE, Means
from muniment.vault import Held

CALL_KIND: Final = "gateway.call"
TOOL_KIND: Final = exchanges.HELD
APPROVAL_HEADER: Final = "x-muniment-approval"
FETCHED_WITHIN: Final = exchanges.FETCHED_WITHIN
ENDS_AFTER: Final = timedelta(hours=24)
STANDS: Final = (State.OPEN, State.APPROVED, State.DENIED)
_LOOK_SECONDS: Final = 0.25
_ROLES: Final = frozenset({"security", "operator", "owner", "compliance", "releaser"})
_WHOSE: Final = ("system", "environment", "key", "caller")
_WHERE: Final = frozenset({"answer", "exchange", "route"})
_MOST_LOOKED_AT: Final = 100


def rule_for(targets: tuple[str, ...]) -> Rule:
    """Say who must say yes to what is held for these."""
    return Rule(
        needs=tuple(Need(1, each if each in _ROLES else "") for each in targets),
        not_author=False,
        escalate_to="security",
    )


async def waited(means: Means, request: Request) -> Request:
    """Wait a while for an answer."""
    until = anyio.current_time() + means.settings.gateway.hold_seconds
    while request.state is State.OPEN and anyio.current_time() < until:
        await anyio.sleep(_LOOK_SECONDS)
        request = await to_thread.run_sync(_look, means, request.id, limiter=means.threads)
    return request


async def settled(call: Call, means: Means, answered: Answered, raw: bytes) -> Answered:
    """Give an answer with the yes that lets its tool calls go; without one, say that it waits."""
    request = await to_thread.run_sync(_asked, call, means, answered, raw, limiter=means.threads)
    request = await waited(means, request)
    if request.state is not State.APPROVED:
        raise _held(request, answered)
    _require_unchanged(request, first=request.version.number == 1)
    names = frozenset(each.tool.name for each in answered.holds)
    stop = means.book.stop_for({StopKind.TOOL: names})  # it may have been stopped meanwhile
    if stop is not None:
        raise RefusedAnswerError(stop.says(), subject=stop.id, reasons=(stop.reason,))
    return replace(answered, approval=request.id, used=request.version.digest)


async def resumed(call: Call, means: Means, named: str) -> Call | Stop | None:
    """Take up the held answer that a caller names; nothing is given where they name none."""
    request = await to_thread.run_sync(_named, call, means, named, limiter=means.threads)
    if request is None:
        return None
    request = await waited(means, request)
    document = request.version.document
    if request.state is not State.APPROVED:
        targets = ", ".join(map(str, document["for"]))
        return stop_of(
            replace(call, approval=request.id), request, f"an answer waits for {targets}"
        )
    _require_unchanged(request, first=request.version.number == 1)
    routes = tuple(each for each in call.routes if each.label == document["route"])
    if not routes:
        raise ForbiddenError(
            "the model that gave the held answer may not be asked now",
            subject=request.id,
            remedy="Send the request without the header, to ask anew.",
        )
    kept = Kept(
        approval=request.id,
        exchange=str(document["exchange"]),
        route=routes[0].label,
        reference=document["answer"],
        document=document,
    )
    return replace(call, kept=kept, approval=request.id, routes=routes, shadow=None)


async def taken_out(call: Call, means: Means, kept: Kept) -> bytes:
    """Read the answer that was kept back; that it was opened is on record."""
    return await to_thread.run_sync(_opened, call, means, kept, limiter=means.threads)


def stop_of(call: Call | None, request: Request, says: str) -> Stop:
    """Say that something waits for a person and how to go on, or that it was not allowed."""
    if request.state is State.OPEN:
        return Stop(
            403,
            "held",
            says,
            remedy=f"Once {request.id} is approved, send the same request again"
            f" with the header {APPROVAL_HEADER}: {request.id}.",
            reasons=(f"/console/approvals/{request.id}",),
            call=call,
            approval=request.id,
        )
    used = request.state is State.USED
    error = ForbiddenError(
        f"this call was held and is {request.state.value}",
        remedy=f"It is given once, within {FETCHED_WITHIN.days} days. Send it without the header"
        " to ask anew."
        if used
        else "Change the request, or talk to who decided.",
        reasons=(request.id,),
    )
    return replace(Stop.of(error, 403, call=call), approval=request.id)


@dataclass(frozen=True, slots=True)
class _Asking:
    """What is asked about an answer: the document of the question, and for whom it waits."""

    document: Mapping[str, Any]
    targets: tuple[str, ...]
    key: str


def _asking(call: Call, means: Means, holds: tuple[HeldTool, ...]) -> _Asking:
    whose, request, key = _whose(call, means)
    actor, subject = _require_known(call)
    targets = tuple(dict.fromkeys(target for each in holds for target in each.targets))
    calls = [
        {
            "tool": each.tool.name,
            "arguments": each.shown,
            "digest": means.digester.digest(actor, subject, each.tool.arguments.encode())[1],
        }
        for each in holds
    ]
    document = {**whose, "request": request, "calls": calls, "for": list(targets)}
    return _Asking(document, targets, key)


def _whose(call: Call, means: Means) -> tuple[dict[str, str], str, str]:
    """Say whose call it is, and give the digest of the request with its key."""
    origin, (actor, subject) = call.origin, _require_known(call)
    told = (origin.system, origin.environment, origin.key, actor.id) if origin else ()
    key, request = means.digester.digest(actor, subject, call.received.raw)
    return dict(zip(_WHOSE, told, strict=True)), request, key


def _require_known(call: Call) -> tuple[Any, str]:
    if call.origin is None or call.actor is None:
        raise InvalidError("the call was not resolved", remedy="Send it again.")
    return call.actor, call.origin.subject or call.origin.system


def _asked(call: Call, means: Means, answered: Answered, raw: bytes) -> Request:
    """Find the question about exactly this, or ask it and keep the answer, in one commit."""
    asking = _asking(call, means, answered.holds)
    if call.kept is not None:
        return _still(means, call.kept, asking)
    with means.database.work(GATE) as work:
        found = _standing(work, asking)
        if found is not None:
            return found
        _, subject = _require_known(call)
        rests = vault.put(work, means.safe, raw, classification=CLASSIFICATION, subject=subject)
        reference = rests.as_reference()
        matter = _matter(call, answered, asking, reference)
        request = approvals.ask(
            work,
            matter,
            rule_for(asking.targets),
            author=str(asking.document["caller"]),
            timing=Timing(expires_at=work.now + ENDS_AFTER),
            single_use=True,
        )
        held = HeldAnswer(
            exchange=call.received.exchange,
            system=str(asking.document["system"]),
            environment=str(asking.document["environment"]),
            approval=request.id,
            tools=tuple(each.tool.name for each in answered.holds),
            arguments=tuple(each["digest"] for each in asking.document["calls"]),
            arguments_key=asking.key,
        )
        exchanges.hold(work, held, reference)
    return request


def _matter(
    call: Call, answered: Answered, asking: _Asking, reference: Mapping[str, str | int]
) -> Matter:
    tools = _tools(answered)
    system = call.contents.system.key if call.contents else str(asking.document["system"])
    permitted = permitted_tools(call.contents)
    undone = all(permitted.get(each, {}).get("reversible") is True for each in tools)
    whole = answered.judged.inspected.value == "whole"
    document = {
        **asking.document,
        "answer": reference,
        "exchange": call.received.exchange,
        "route": answered.route.label,
    }
    reasons = (each.rule for held in answered.holds for each in held.judged.decision.reasons)
    return Matter(
        kind=TOOL_KIND,
        subject=("system", str(asking.document["system"])),
        title=_title(system, tools, whole=_is_whole(answered)),
        document=document,
        consequence=_consequence(system, tools, undone=undone),
        checks=(
            Check(
                "detector",
                "met" if whole else "could_not_tell",
                "what was found is taken out of what stands here; the vault keeps it whole",
            ),
        ),
        policies=tuple(dict.fromkeys(reasons)),
        scope={name: str(asking.document[name]) for name in ("system", "environment")},
        href=f"/console/exchanges/{call.received.exchange}",
    )


def _tools(answered: Answered) -> tuple[str, ...]:
    names = (each.tool.name for each in answered.holds if each.tool.name != ANSWER)
    return tuple(dict.fromkeys(names))


def _is_whole(answered: Answered) -> bool:
    return any(each.tool.name == ANSWER for each in answered.holds)


def _title(system: str, tools: tuple[str, ...], *, whole: bool) -> str:
    names = ", ".join(each[:60] for each in tools)
    wants = ["to give an answer"] * whole + [f"to use {names}"] * bool(tools)
    return f"{system} wants {' and '.join(wants)}"[:200]


def _consequence(system: str, tools: tuple[str, ...], *, undone: bool) -> str:
    if not tools:
        return f"Whoever asked {system} is given this one answer, once."
    names = ", ".join(each[:60] for each in tools)
    after = "" if undone else " It cannot be undone."
    return f"{system} is given this one call of {names}, once, and will carry it out.{after}"


def _standing(work: Work, asking: _Asking) -> Request | None:
    """Find the newest question about exactly this that still stands."""
    about = Query(matter=TOOL_KIND, about=("system", str(asking.document["system"])))
    for each in approvals.list_requests(work, about, limit=_MOST_LOOKED_AT).rows:
        if each.state in STANDS and _but_where(each.version.document) == asking.document:
            return each
    return None


def _but_where(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in document.items() if name not in _WHERE}


def _still(means: Means, kept: Kept, asking: _Asking) -> Request:
    """Require that a kept answer still wants what was approved, and nothing more."""
    approved, wanted = kept.document, asking.document
    calls_fit = all(each in approved["calls"] for each in wanted["calls"])
    if not calls_fit or not set(wanted["for"]) <= set(approved["for"]):
        raise _changed(kept.approval)
    return _look(means, kept.approval)


def _named(call: Call, means: Means, named: str) -> Request | None:
    """Find the question that a caller names, if it is about an answer to exactly this request."""
    unknown = ForbiddenError(
        "nothing of yours is held under this id",
        field=APPROVAL_HEADER,
        remedy="Send the id as you were told it, with the key and to the system it is for.",
    )
    try:
        request = _look(means, named)
    except NotFoundError:
        raise unknown from None
    if request.matter.kind == CALL_KIND:
        return None  # a held request is found by what it says
    whose, digest, _ = _whose(call, means)
    document = request.version.document
    if request.matter.kind != TOOL_KIND or any(document[each] != whose[each] for each in _WHOSE):
        raise unknown
    if document["request"] != digest:
        raise _changed(request.id)
    return request


def _require_unchanged(request: Request, *, first: bool) -> None:
    """Refuse what an approver has changed: an answer cannot be made to say something else."""
    if not first:
        raise _changed(request.id)


def _changed(request: str) -> ForbiddenError:
    return ForbiddenError(
        "what was approved is not what would be done now",
        subject=request,
        remedy="Send exactly the same request, or send it without the header to ask anew.",
    )


def _held(request: Request, answered: Answered) -> HeldAnswerError:
    first = answered.holds[0] if answered.holds else None
    names = ", ".join(each[:60] for each in _tools(answered))
    targets = ", ".join(dict.fromkeys(each for one in answered.holds for each in one.targets))
    what = ANSWER if _is_whole(answered) else f"the tool {names}"
    stop = stop_of(None, request, f"{what} waits for a yes of {targets}")
    error = HeldAnswerError(stop.says, subject=request.id, reasons=stop.reasons)
    error.stop, error.judged = stop, first.judged if first is not None else None
    return error


def _look(means: Means, request_id: str) -> Request:
    with means.database.look(GATE) as work:
        return approvals.get(work, request_id)[0]


def _opened(call: Call, means: Means, kept: Kept) -> bytes:
    why = f"{kept.approval} lets it go to {call.received.exchange}"
    with means.database.work(GATE) as work:
        opening = vault.open(work, means.safe, Held.from_reference(kept.reference), reason=why)
    return opening.read()
