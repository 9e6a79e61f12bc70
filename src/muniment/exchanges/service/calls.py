"""Record that a call is about to leave, how it ended, or that it was refused; durable when told.

A call that meets no limit changes no table: its entry is appended, and the index follows the log.
Where limits are met, the reservation and the intent are one commit, and so are the settling and
the outcome. An overrun is recorded in the place of the intent, and nothing is left reserved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from muniment import ledger
from muniment.core.actor import Actor
from muniment.core.plain import plain
from muniment.db import Work
from muniment.exchanges.models import (
    Claim,
    Intent,
    Limit,
    Outcome,
    Overrun,
    Refusal,
    Shadow,
)
from muniment.exchanges.service.spending import reserve, settle
from muniment.ledger import Handed, Source, Template, Writer
from muniment.ledger.kinds.exchanges import Concluded, Intended, Refused, Shadowed

References = Sequence[Mapping[str, str | int]]
Keep = Callable[[Work], References]
LIMITED = "limited"
OF_AN_INTENT: Final = (
    *("decision", "detector", "effect", "exchange", "findings", "inspected", "policy", "prompt"),
    *("reasons", "remedies", "request", "request_key", "took"),
)
OF_AN_OUTCOME: Final = (
    *("answer", "answer_key", "attempts", "cost_micros", "decision", "detector", "effect"),
    *("exchange", "findings", "input_tokens", "inspected", "milliseconds", "output_tokens"),
    *("policy", "provider_model", "reasons", "remedies", "took"),
)


def intend(
    writer: Writer,
    actor: Actor,
    intent: Intent,
    claim: Claim,
    limits: Sequence[Limit] = (),
    keep: Keep | None = None,
) -> Handed:
    """Record that a call is about to leave; the future gives an `Overrun`, or something else.

    `keep` puts what was said into the vault in the same commit, and gives the references.
    """
    if not limits and keep is None:
        return writer.append_from(actor, _INTENDED, intent)

    def write(work: Work) -> Overrun | None:
        held = reserve(work, intent.origin.exchange, limits, claim)
        if isinstance(held, Overrun):
            ledger.record(work, _refused(_overrun(intent)))
            return held
        reserved = {each.limit: each.amount for each in held}
        content = keep(work) if keep is not None else ()
        ledger.record(work, _intended(intent, reserved), content=content)
        return None

    return writer.submit(actor, write)


def conclude(
    writer: Writer,
    actor: Actor,
    outcome: Outcome,
    *,
    limited: bool = False,
    keep: Keep | None = None,
) -> Handed:
    """Record how a call ended; `limited` says that it holds something of a limit."""
    if not limited and keep is None:
        return writer.append_from(actor, _CONCLUDED, outcome)

    def write(work: Work) -> None:
        if limited:
            settle(work, outcome)
        content = keep(work) if keep is not None else ()
        ledger.record(work, _concluded(outcome), content=content)

    return writer.submit(actor, write)


def intent_like(writer: Writer, actor: Actor, intent: Intent) -> Template | None:
    """Give what intents of calls like this one say, but for what is told `intend_like`."""
    return writer.template(actor, _INTENDED, intent, OF_AN_INTENT)


def intend_like(
    writer: Writer, actor: Actor, like: Template, told: tuple[object, ...]
) -> Handed | None:
    """Record that a call like another is about to leave; nothing where it is no usual one.

    Told is what `OF_AN_INTENT` names, as it stands in a record.
    """
    return writer.append_as(actor, like, told)


def outcome_like(writer: Writer, actor: Actor, outcome: Outcome) -> Template | None:
    """Give what outcomes of calls like this one say, but for what is told `conclude_like`."""
    if len(outcome.attempts) != 1 or outcome.attempts[0].problem:
        return None
    attempt = outcome.attempts[0]
    route = plain(attempt.route, 0)
    if route is None:
        return None
    behind = b',"problem":"","route":%b,"status":%d}]' % (route, attempt.status)
    around = {"attempts": (b'[{"milliseconds":', behind)}
    return writer.template(actor, _CONCLUDED, outcome, OF_AN_OUTCOME, around)


def conclude_like(
    writer: Writer, actor: Actor, like: Template, told: tuple[object, ...]
) -> Handed | None:
    """Record how a call like another ended; nothing where it is no usual one.

    Told is what `OF_AN_OUTCOME` names, as it stands in a record; of its attempts it is the
    milliseconds of the one that there is.
    """
    return writer.append_as(actor, like, told)


def refuse(writer: Writer, actor: Actor, refusal: Refusal, keep: Keep | None = None) -> Handed:
    """Record that a call was stopped before anything of it left."""
    if keep is None:
        return writer.append(actor, [_refused(refusal)])

    def write(work: Work) -> None:
        ledger.record(work, _refused(refusal), content=keep(work))

    return writer.submit(actor, write)


def shadow(writer: Writer, actor: Actor, told: Shadow) -> Handed:
    """Record what another route made of a call."""
    return writer.append(actor, [Shadowed(**{**_plain(told), "inspected": told.inspected.value})])


def _plain(told: Shadow) -> dict[str, Any]:
    return {each.name: getattr(told, each.name) for each in fields(told)}


def _overrun(intent: Intent) -> Refusal:
    return Refusal(
        origin=intent.origin,
        model=intent.model,
        stage="intend",
        code=LIMITED,
        status=429,
        judged=intent.judged,
        took=intent.took,
        left_out=intent.left_out,
        approval=intent.approval,
    )


def _intended(intent: Intent, reserved: Mapping[str, int]) -> Intended:
    origin, judged = intent.origin, intent.judged
    return Intended(
        exchange=origin.exchange,
        system=origin.system,
        environment=origin.environment,
        key=origin.key,
        surface=origin.surface,
        model=intent.model,
        routes=intent.routes,
        set_digest=intent.set_digest,
        request=intent.request,
        request_key=intent.request_key,
        prompt=intent.prompt,
        subject=origin.subject,
        subject_source=origin.subject_source._value_,
        streamed=intent.streamed,
        reserved=reserved,
        took=intent.took,
        left_out=intent.left_out,
        shadow=intent.shadow,
        exception=intent.exception,
        approval=intent.approval,
        inspected=judged.inspected._value_,
        detector=judged.detector,
        findings=judged.findings,
        effect=judged.effect,
        decision=judged.decision,
        policy=judged.policy,
        remedies=judged.remedies,
        reasons=judged.reasons,
    )


def _concluded(outcome: Outcome) -> Concluded:
    judged = outcome.judged
    return Concluded(
        exchange=outcome.exchange,
        system=outcome.system,
        state=outcome.state._value_,
        status=outcome.status,
        reached=outcome.reached._value_,
        attempts=outcome.told_attempts,
        provider_model=outcome.provider_model,
        answer=outcome.answer,
        answer_key=outcome.answer_key,
        input_tokens=outcome.input_tokens,
        output_tokens=outcome.output_tokens,
        cost_micros=outcome.cost_micros,
        milliseconds=outcome.milliseconds,
        tools=outcome.tools,
        problem=outcome.problem,
        took=outcome.took,
        fallback=outcome.fallback,
        exception=outcome.exception,
        approval=outcome.approval,
        released=outcome.released,
        kept_back=outcome.kept_back,
        inspected=judged.inspected._value_,
        detector=judged.detector,
        findings=judged.findings,
        effect=judged.effect,
        decision=judged.decision,
        policy=judged.policy,
        remedies=judged.remedies,
        reasons=judged.reasons,
    )


_JUDGED: Final = {
    "inspected": "judged.inspected._value_",
    "detector": "judged.detector",
    "findings": "judged.findings",
    "effect": "judged.effect",
    "decision": "judged.decision",
    "policy": "judged.policy",
    "remedies": "judged.remedies",
    "reasons": "judged.reasons",
}
_INTENDED: Final = Source(
    Intended,
    lambda intent: _intended(intent, {}),
    {
        "exchange": "origin.exchange",
        "system": "origin.system",
        "environment": "origin.environment",
        "key": "origin.key",
        "surface": "origin.surface",
        "subject": "origin.subject",
        "subject_source": "origin.subject_source._value_",
        **_JUDGED,
    },
    {"reserved": {}},
)
_CONCLUDED: Final = Source(
    Concluded,
    _concluded,
    {
        "state": "state._value_",
        "reached": "reached._value_",
        "attempts": "told_attempts",
        **_JUDGED,
    },
)


def _refused(refusal: Refusal) -> Refused:
    origin, judged = refusal.origin, refusal.judged
    return Refused(
        exchange=origin.exchange,
        system=origin.system,
        environment=origin.environment,
        key=origin.key,
        surface=origin.surface,
        model=refusal.model,
        subject=origin.subject,
        subject_source=origin.subject_source._value_,
        stage=refusal.stage,
        code=refusal.code,
        status=refusal.status,
        took=refusal.took,
        left_out=refusal.left_out,
        approval=refusal.approval,
        inspected=judged.inspected._value_,
        detector=judged.detector,
        findings=judged.findings,
        effect=judged.effect,
        decision=judged.decision,
        policy=judged.policy,
        remedies=judged.remedies,
        reasons=judged.reasons,
    )
