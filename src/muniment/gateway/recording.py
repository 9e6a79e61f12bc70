"""Writes how a call ended: once for each call, whatever became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from muniment import approvals, exchanges, vault
from muniment.core.clock import stamp
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.exchanges import Attempt, Origin, Outcome, Reached, Refusal, State
from muniment.gateway.decisions import Named
from muniment.gateway.exchange import Answered, Call, Stop, Usage
from muniment.gateway.keeping import keeping_of, kept
from muniment.gateway.means import Means
from muniment.gateway.plans import Ending
from muniment.gateway.pricing import cost_of
from muniment.gateway.residency import INSIDE
from muniment.ledger import Handed
from muniment.ledger.kinds.exchanges import Seen
from muniment.vault import Held

_MOST_SEEN = 50_000
_FREE = frozenset({"count_tokens"})
_UNRESOLVED = "unresolved"  # no system was found for it
_NONE_USED = Usage()


def key_of(call: Call) -> str | None:
    """Name what must be read to record a call: the key of whose data it is."""
    origin = call.origin
    return f"the key of {origin.subject or origin.system}" if origin is not None else None


def conclude(
    call: Call,
    means: Means,
    answered: Answered | None,
    *,
    state: State,
    status: int,
    raw: bytes = b"",
    problem: str = "",
    attempts: Sequence[Attempt] = (),
) -> Handed:
    """Record the outcome of a call that left; the future is done when it is durable."""
    origin, actor = call.origin, call.actor
    if origin is None or actor is None or call.contents is None:
        raise InvalidError("the call was not resolved", remedy="Send it again.")
    if answered is None:
        outcome = _unanswered(call, means, origin, state, status, problem, attempts)
    else:
        outcome = _outcome(call, means, origin, answered, state, status, raw, problem)
    keeping = call.plan.keeping if call.plan is not None else keeping_of(call.contents)
    keeps = bool(raw) and keeping.percent > 0 and keeping.keeps(origin.exchange)
    fresh = () if answered is None else means.decisions.fresh(answered.decided)
    used = answered.used if answered is not None and state is State.ANSWERED else ""
    keep: exchanges.Keep | None = None
    if fresh or keeps or used:
        keep = partial(_keep, call, means, raw if keeps else b"", fresh)
    if keep is not None and used and answered is not None:  # spent in the commit that says so
        keep = partial(_use, origin.exchange, answered.approval, used, keep)
    _note_seen(call, means, outcome.provider_model)
    limited = bool(call.limits)
    future = exchanges.conclude(means.writer, actor, outcome, limited=limited, keep=keep)
    if fresh:
        means.decisions.once_durable(future, fresh)
    return future


def conclude_like(call: Call, means: Means, answered: Answered) -> Handed | None:
    """Record the outcome of a call that was answered as others before; of another, nothing.

    What it says of its own is written between what all of them say.
    """
    ending = call.plan.ending if call.plan is not None else None
    actor, origin = call.actor, call.origin
    if ending is None or actor is None or origin is None or not _is_usual(call, answered):
        return None
    if ending.route is not answered.route or ending.status != answered.status:
        return None
    if ending.actor is not actor:
        return None
    judged, usage, model = answered.judged, answered.usage, answered.provider_model
    key, digest = means.digester.digest(actor, origin.subject or origin.system, answered.written)
    spent = round((means.database.clock.monotonic() - call.received.began) * 1000)
    told = (
        *(digest, key, answered.attempts[0].milliseconds, _cost(call, means, answered)),
        *(judged.decision, judged.detector, judged.effect, origin.exchange, judged.findings),
        *(usage.input_tokens, judged.inspected._value_, spent, usage.output_tokens),
        *(judged.policy, model, judged.reasons, judged.remedies, call.took),
    )
    recorded = exchanges.conclude_like(means.writer, actor, ending.outcome, told)
    if recorded is None:
        return None
    noted = ending.seen
    is_noted = noted is not None and (
        noted[0] is means.seen and noted[1] is call.routes and noted[2:] == (model, call.prompt)
    )
    if not is_noted or (call.asked is not None and call.asked.tools):
        _note_seen(call, means, model)
        ending.seen = (means.seen, call.routes, model, call.prompt)
    return recorded


def _is_usual(call: Call, answered: Answered) -> bool:
    """Tell whether an outcome says what others do, but for what was found, decided and used.

    It is not usual where more is written with it: a limit, what was said, a decision.
    """
    attempts, decided, plan = answered.attempts, answered.decided, call.plan
    if plan is None or plan.keeping.percent > 0 or call.limits or len(attempts) != 1:
        return False
    first = attempts[0]
    if first.status != answered.status or first.problem or first.route != answered.route.label:
        return False
    return len(decided) == 1 and decided[0].is_kept


def learn(call: Call, means: Means, answered: Answered) -> None:
    """Write what outcomes like this one say alike, for those that come behind it."""
    origin, actor, plan, status = call.origin, call.actor, call.plan, answered.status
    if origin is None or actor is None or plan is None or not _is_usual(call, answered):
        return
    outcome = _outcome(call, means, origin, answered, State.ANSWERED, status, b"", "")
    like = exchanges.outcome_like(means.writer, actor, outcome)
    if like is not None:
        plan.ending = Ending(actor, answered.route, status, like)


def refuse(call: Call, means: Means, stop: Stop, named: Named | None) -> Handed | None:
    """Record a call that was stopped before anything left; who is unknown has no record here."""
    if call.actor is None:
        return None
    origin = call.origin or exchanges.Origin(
        call.received.exchange, _UNRESOLVED, "", call.actor.credential, call.received.surface
    )
    refusal = Refusal(
        origin=origin,
        model=call.asked.model if call.asked else "",
        stage=stop.stage,
        code=stop.code,
        status=stop.status,
        judged=call.judged,
        took=dict(call.took),
        left_out=call.left_out,
        approval=call.approval,
    )
    fresh = means.decisions.fresh((named,)) if named is not None else ()

    def keep(work: Work) -> tuple[()]:
        means.decisions.keep(work, fresh)
        return ()

    future = exchanges.refuse(means.writer, call.actor, refusal, keep if fresh else None)
    means.decisions.once_durable(future, fresh)
    return future


def _unanswered(
    call: Call,
    means: Means,
    origin: Origin,
    state: State,
    status: int,
    problem: str,
    attempts: Sequence[Attempt],
) -> Outcome:
    return Outcome(
        exchange=origin.exchange,
        system=origin.system,
        state=state,
        status=status,
        reached=Reached.NONE,
        attempts=tuple(attempts),
        milliseconds=round((means.database.clock.monotonic() - call.received.began) * 1000),
        problem=problem[:200],
        took=dict(call.took),
    )


def _outcome(
    call: Call,
    means: Means,
    origin: Origin,
    answered: Answered,
    state: State,
    status: int,
    raw: bytes,
    problem: str,
) -> Outcome:
    key, digest = "", ""
    if raw and call.actor is not None:
        key, digest = means.digester.digest(call.actor, origin.subject or origin.system, raw)
    usage = _NONE_USED if answered.released else answered.usage  # it was counted when it came
    return Outcome(
        origin.exchange,
        origin.system,
        state,
        status,
        answered.reached,
        answered.attempts,
        answered.provider_model,
        digest,
        key,
        usage.input_tokens,
        usage.output_tokens,
        _cost(call, means, answered),
        round((means.database.clock.monotonic() - call.received.began) * 1000),
        answered.tools,
        problem[:200],
        answered.judged,
        dict(call.took),
        answered.route.step,
        answered.exception,
        answered.approval,
        answered.released,
        answered.kept_back,
    )


def _cost(call: Call, means: Means, answered: Answered) -> int:
    """Say what an answer cost; of one whose provider did not count its tokens nobody can tell."""
    surface, usage = call.received.surface, answered.usage
    if surface in _FREE or answered.released:
        return 0
    if not usage.input_tokens and not usage.output_tokens and answered.reached is not Reached.NONE:
        return 0 if answered.route.kind in INSIDE else exchanges.COST_UNKNOWN
    return cost_of(means.book, answered.route, usage.input_tokens, usage.output_tokens)


def _keep(
    call: Call, means: Means, raw: bytes, fresh: Sequence[Named], work: Work
) -> tuple[Mapping[str, str | int], ...]:
    means.decisions.keep(work, fresh)
    if not raw or call.origin is None or call.contents is None:
        return ()
    return kept(work, means, call.origin, call.contents, raw)


def _use(
    exchange: str, approval: str, digest: str, keep: exchanges.Keep, work: Work
) -> Sequence[Mapping[str, str | int]]:
    """Spend a yes; what was kept until then rests in the vault no longer."""
    spent = approvals.use(work, approval, digest=digest, what=exchange)
    kept_back = Held.from_reference(spent.version.document["answer"])
    vault.discard(work, kept_back, reason=f"{exchange} gave it to who asked")
    return keep(work)


def _note_seen(call: Call, means: Means, provider_model: str) -> None:
    """Tell the registry what was seen in traffic, once for each thing in this process."""
    origin, asked = call.origin, call.asked
    if origin is None or asked is None or call.actor is None:
        return
    seen, system, environment = means.seen, origin.system, origin.environment
    things: list[tuple[str, str, str, str, str, str]] = []
    if call.routes:
        things.append((system, environment, "model", call.routes[0].model, "", provider_model))
    if asked.instructions:
        things.append((system, environment, "prompt", "", call.prompt, ""))
    if asked.tools:
        things += [(system, environment, "tool", each.name, "", "") for each in asked.tools]
    if seen.issuperset(things):
        return
    fresh = [each for each in things if each not in seen]
    at = stamp(means.database.clock.now())
    means.writer.append(call.actor, [Seen(*each, at) for each in fresh])
    if len(means.seen) > _MOST_SEEN:
        means.seen = set()  # another one, so that whoever noted something there notes it anew
    means.seen.update(fresh)
