"""Decide by the rules in force whether a prompt may go to each of its routes, and how."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from muniment.core.errors import BlockedError, InvalidError
from muniment.exchanges import COST_UNKNOWN, Judgement
from muniment.gateway.answering import definition_digest, is_pinned, permitted_tools
from muniment.gateway.decisions import Named, remedies_of
from muniment.gateway.exchange import Asked, Call, Route
from muniment.gateway.facts import (
    Place,
    found_in,
    model_facts,
    rounded,
    tool_facts,
    tool_thing,
)
from muniment.gateway.means import Means
from muniment.gateway.plans import Decided, kinds_in, remember
from muniment.gateway.pricing import cost_of, most_tokens
from muniment.gateway.rulings import policy_of
from muniment.policy import Decision, Effect, Judged, Reason, RemedyKind
from muniment.registry import Contents

_TOKEN_CHARACTERS: Final = 4


def decide(call: Call, means: Means) -> Call:
    """Keep the routes that the rules allow; refuse when they allow none."""
    asked, plan, looked = call.asked, call.plan, call.looked
    if asked is None or looked is None or call.origin is None:
        raise InvalidError("the call was not inspected", remedy="Send it again.")
    if plan is None or call.shadow is not None or asked.results:
        return _decided(call, means)
    held, minute = means.judge.holds(), means.now()
    size, subject = len(call.received.raw), call.origin.subject
    measured = measured_of(asked, size, subject, means, costs_of(call.routes, size, asked, means))
    key = (plan.number, looked.inspected, kinds_in(looked.findings), *measured)
    found = means.plans.decided.get(key)
    if found is None or not found.holds(held, minute, call.routes):
        told = _decided(call, means)
        found = _as_known(held, minute, call.routes, told)
        remember(means.plans.decided, key, found)
        return told
    if asked.tools:
        require_offered(asked, call.contents)
    named, before = means.decisions.named(found.judged), call.judged
    return replace(
        call,
        routes=found.routes,
        decided=(named,),
        judged=Judgement(
            before.inspected,
            before.detector,
            before.findings,
            found.effect,
            named.id,
            found.judged.version,
            found.remedies,
            found.reasons,
        ),
    )


def _as_known(held: object, minute: int, given: tuple[Route, ...], told: Call) -> Decided:
    named, noted = told.decided[0], told.judged
    routes, judged = given if told.routes == given else told.routes, named.judged
    remedies = judged.decision.remedies
    waits = any(each.kind is RemedyKind.HOLD for each in remedies)
    changes = any(rule.action.changes_text for rule in policy_of(remedies).rules)
    said = (noted.effect, noted.remedies, noted.reasons)
    return Decided(
        held, minute, judged, *said, given=given, routes=routes, waits=waits, changes=changes
    )


def measured_of(
    asked: Asked, size: int, subject: str, means: Means, costs: Iterable[int]
) -> tuple[object, ...]:
    """Give what rules see of how large a call is, what it costs, and whose data it carries."""
    person = ""
    if subject:
        person = subject if means.judge.reads("call", "Model", "person") else "somebody"
    return (rounded_tokens(asked, size), person, *costs)


def rounded_tokens(asked: Asked, size: int) -> int:
    """Give about how many tokens a call takes, as rules see it."""
    return rounded(size // _TOKEN_CHARACTERS + asked.most_tokens * asked.answers)


def costs_of(routes: Iterable[Route], size: int, asked: Asked, means: Means) -> list[int]:
    """Give about what a call costs on each of these routes."""
    return [_cost(each, size, asked, means) for each in routes]


def _decided(call: Call, means: Means) -> Call:
    if call.origin is None or call.contents is None or call.looked is None or call.actor is None:
        raise InvalidError("the call was not inspected", remedy="Send it again.")
    judged = [(route, _judge(call, means, route)) for route in call.routes]
    allowed = [(route, each) for route, each in judged if each.decision.ok]
    allowed = [pair for pair in allowed if _route_fits(*pair, call.routes)]
    if not allowed:
        refused = next((each for _, each in judged if not each.decision.ok), judged[0][1])
        raise _blocked(call.judged, means.decisions.named(refused))
    first = allowed[0][1]
    named = means.decisions.named(first)
    same = [route for route, each in allowed if each.decision.remedies == first.decision.remedies]
    require_offered(call.asked, call.contents)
    results = _results(call, means)
    shadow, left_out = call.shadow, call.left_out
    if shadow is not None:
        told = _judge(call, means, shadow).decision
        if not told.ok or told.remedies != first.decision.remedies:
            why = f"{shadow.label}: the rules do not let it have what the first may have"
            shadow, left_out = None, (*left_out, why[:200])
    return replace(
        call,
        routes=tuple(same),
        shadow=shadow,
        left_out=left_out,
        decided=(named, *results),
        judged=_noted(call.judged, named, *results),
    )


def _judge(call: Call, means: Means, route: Route) -> Judged:
    origin, contents, looked, asked = call.origin, call.contents, call.looked, call.asked
    if origin is None or contents is None or looked is None or asked is None or call.actor is None:
        raise InvalidError("the call was not inspected", remedy="Send it again.")
    known = means.standings.of(call.actor, origin.system, origin.environment)
    now = means.now()
    size = len(call.received.raw)
    found = found_in(looked.findings, inspected=looked.inspected)
    context = {
        "text": found.as_fact(),
        "tokens": rounded_tokens(asked, size),
        "cost": _cost(route, size, asked, means),
        "at": now,
        "hour": now // 3600 % 24,
        "subject_known": bool(origin.subject),
    }
    if origin.subject and means.judge.reads("call", "Model", "person"):
        context["person"] = origin.subject
    place = Place(contents, origin.environment, route.region)
    return means.judge.decide(model_facts("call", known.principal, route, place, context))


def _cost(route: Route, size: int, asked: Asked, means: Means) -> int:
    cost = cost_of(means.book, route, *most_tokens(size, asked))
    return cost if cost == COST_UNKNOWN else rounded(cost)


def require_offered(asked: Asked | None, contents: Contents | None) -> None:
    """Refuse a request that offers a tool otherwise than it was approved.

    A model reads what a tool says of itself, so a changed one must not come so far. Whether a tool
    may be used is judged when an answer wants it, with what it is called with.
    """
    offered = asked.tools if asked else ()
    permitted = permitted_tools(contents) if offered else {}
    for tool in offered:
        given = permitted.get(tool.name)
        if given is not None and not is_pinned(given, tool.definition):
            raise BlockedError(
                f"the tool {tool.name[:60]} is not offered as it was approved",
                field="tools",
                reasons=(f"its definition has the digest {definition_digest(tool.definition)}",),
                remedy="Offer it as it was, or have the new definition approved.",
            )


def _results(call: Call, means: Means) -> tuple[Named, ...]:
    """Judge what tools gave back, which a model is about to read."""
    asked, origin, contents, looked = call.asked, call.origin, call.contents, call.looked
    if not asked or not asked.results or not origin or not contents or not looked or not call.actor:
        return ()
    known = means.standings.of(call.actor, origin.system, origin.environment)
    found = found_in(looked.findings, inspected=looked.inspected)
    place = Place(contents, origin.environment)
    thing = tool_thing("result", {}, pinned=True)
    facts = tool_facts(
        "take_result", known.principal, thing, place, {"text": found.as_fact(), "at": means.now()}
    )
    named = means.decisions.named(means.judge.decide(facts))
    if not named.judged.decision.ok:
        raise _blocked(call.judged, named)
    return (named,)


def _route_fits(route: Route, judged: Judged, routes: Iterable[Route]) -> bool:
    """Keep a call that must go to a restricted model to those that are; others need no change."""
    targets = [each.target for each in judged.decision.remedies if each.kind is RemedyKind.ROUTE]
    return all(route.document.get(target) is True for target in targets) or not any(routes)


def _noted(before: Judgement, named: Named, *others: Named) -> Judgement:
    """Note what was decided; what others ask for besides is noted with it."""
    cured = any(each.judged.decision.effect is Effect.CURE for each in others)
    effect = Effect.CURE if cured else named.judged.decision.effect
    rules = (each.rule for one in (named, *others) for each in one.judged.decision.reasons)
    return Judgement(
        inspected=before.inspected,
        detector=before.detector,
        findings=before.findings,
        effect=effect.value,
        decision=named.id,
        policy=named.judged.version,
        remedies=tuple(map(str, remedies_of((named, *others)))),
        reasons=tuple(dict.fromkeys(rules)),
    )


class RefusedError(BlockedError):
    """A rule does not let the call go on."""

    named: Named | None = None
    noted: Judgement | None = None


def _blocked(before: Judgement, named: Named) -> RefusedError:
    decision = named.judged.decision
    error = RefusedError(
        decision.says or "a rule forbids it",
        reasons=tuple(f"{each.rule}: {each.says}" for each in _against(decision)),
        remedy="Leave out what the rule names, or ask who answers for the system.",
    )
    error.named, error.noted = named, _noted(before, named)
    return error


def _against(decision: Decision) -> list[Reason]:
    if decision.effect is Effect.DENY:
        return [each for each in decision.reasons if each.effect == "forbid"]
    return list(decision.reasons)
