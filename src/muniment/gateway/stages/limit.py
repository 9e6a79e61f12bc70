"""Look what is stopped and what may still be spent; what counts is reserved with the intent."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from muniment.core.errors import BlockedError, InvalidError
from muniment.exchanges import COST_UNKNOWN, Measure, ScopeKind, Stop, StopKind
from muniment.gateway.exchange import Call, Route
from muniment.gateway.means import Means
from muniment.gateway.plans import Limited, remember
from muniment.gateway.pricing import cost_of, costs_of_any

_MOST_TOOLS: Final = 50
_HOW: Final = "Who stopped it can let it go on, in the console or with `muniment exchange resume`."


def limit(call: Call, means: Means) -> Call:
    """Refuse what is stopped; say which limits the call counts towards."""
    asked, plan = call.asked, call.plan
    if asked is None:
        raise InvalidError("the call was not resolved", remedy="Send it again.")
    if plan is None or call.shadow is not None:
        return _looked_up(call, means)
    key = (plan.number, *[each.name for each in asked.tools])
    pulse, found = means.book.pulse(), means.plans.limited.get(key)
    if found is None or found.pulse != pulse or found.given is not call.routes:
        told = _looked_up(call, means)
        more = told.left_out[len(call.left_out) :]
        costs = costs_of_any(means.book, told.routes)
        found = Limited(pulse, call.routes, told.routes, told.limits, more, costs)
        counts_money = any(each.measure is Measure.COST for each in told.limits)
        if not counts_money and len(key) <= _MOST_TOOLS:  # a price may begin to hold at any time
            remember(means.plans.limited, key, found)
    if found.routes is call.routes and not found.limits:
        return call
    left_out = (*call.left_out, *found.left_out)
    return replace(call, routes=found.routes, limits=found.limits, left_out=left_out)


def _looked_up(call: Call, means: Means) -> Call:
    asked, origin, actor, contents = call.asked, call.origin, call.actor, call.contents
    if asked is None or origin is None or actor is None or call.serving is None or contents is None:
        raise InvalidError("the call was not resolved", remedy="Send it again.")
    known = means.standings.of(actor, origin.system, origin.environment)
    names = {
        StopKind.SYSTEM: frozenset({origin.system, call.serving.key}),
        StopKind.KEY: frozenset({actor.credential, actor.id}),
        StopKind.MODEL: frozenset({asked.model}),
        StopKind.TOOL: frozenset(each.name for each in asked.tools),
    }
    stop = means.book.stop_for(names)
    if stop is not None:
        raise _stopped(stop)
    open_routes, last = _not_stopped(call.routes, means)
    if not open_routes and last is not None:
        raise _stopped(last)
    scopes = {
        ScopeKind.KEY: frozenset({actor.credential}),
        ScopeKind.TEAM: known.teams,
        ScopeKind.SYSTEM: frozenset({origin.system}),
        ScopeKind.DATASET: frozenset(contents.of("dataset")),
    }
    shadow, reasons = call.shadow, call.left_out
    if shadow is not None and not _not_stopped((shadow,), means)[0]:
        reasons = (*reasons, f"{shadow.label}: it is stopped"[:200])
        shadow = None
    limits = means.book.limits_for(scopes)
    priced = open_routes
    if any(each.measure is Measure.COST for each in limits):
        priced, reasons = _priced(open_routes, reasons, means)
    return replace(call, routes=priced, shadow=shadow, limits=limits, left_out=reasons)


def _priced(
    routes: tuple[Route, ...], before: tuple[str, ...], means: Means
) -> tuple[tuple[Route, ...], tuple[str, ...]]:
    """Keep the routes whose price is known, for a limit of money counts them."""
    known = [each for each in routes if cost_of(means.book, each, 1, 1) != COST_UNKNOWN]
    unsaid = [each for each in routes if each not in known]
    unknown = tuple(f"{each.label}: nobody confirmed its price"[:200] for each in unsaid)
    if not known:
        raise BlockedError(
            "a limit of cost counts this call, and what it would cost cannot be told",
            reasons=unknown,
            remedy="Set the price: `muniment exchange set-price`, or price of the model's version.",
        )
    return (tuple(known) if unsaid else routes), (*before, *unknown)


def _not_stopped(routes: tuple[Route, ...], means: Means) -> tuple[tuple[Route, ...], Stop | None]:
    going, last = [], None
    for route in routes:
        stop = means.book.stop_for(
            {
                StopKind.MODEL: frozenset({route.name, route.model}),
                StopKind.PROVIDER: frozenset({route.maker, route.kind}),
            }
        )
        if stop is None:
            going.append(route)
        else:
            last = stop
    return (routes if len(going) == len(routes) else tuple(going)), last


def _stopped(stop: Stop) -> BlockedError:
    return BlockedError(stop.says(), subject=stop.id, reasons=(stop.reason,), remedy=_HOW)
