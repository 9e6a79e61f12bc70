"""Find the ways a call may go: the models that the serving set has under the name asked for."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from muniment.core.errors import InvalidError
from muniment.gateway.dialects import BY_SURFACE
from muniment.gateway.exchange import Call, Route
from muniment.gateway.means import Means
from muniment.gateway.routing import is_for_all, routes_of, shadow_of, speaking
from muniment.registry import Contents

_MOST_KNOWN: Final = 1_000


def route(call: Call, means: Means) -> Call:
    """Say over which routes the call may go, in order."""
    if call.asked is None or call.contents is None:
        raise InvalidError("the call was not resolved", remedy="Send it again.")
    plan = call.plan
    if plan is not None and plan.routes is not None:
        return replace(call, routes=plan.routes)
    surface = call.received.surface
    protocol = BY_SURFACE[surface].protocol
    found = _routes(call.contents, call.asked.model, means)
    kept, left_out = speaking(found, surface, protocol, call.received.body)
    if plan is not None and is_for_all(found, protocol, call.contents, call.asked.model):
        plan.routes = kept
    shadow = shadow_of(call.contents, call.asked.model, call.received.exchange)
    if shadow is not None:
        shadow, left_out = _spoken(shadow, call, left_out)
    return replace(call, routes=kept, left_out=left_out, shadow=shadow)


def _routes(contents: Contents, asked: str, means: Means) -> tuple[Route, ...]:
    """Give the ways to a model; a set never changes, so they are worked out once for each."""
    key = (contents.set_digest, asked)
    known = means.routes.get(key)
    if known is None:
        known = routes_of(contents, asked)
        if len(means.routes) >= _MOST_KNOWN:
            means.routes.clear()
        means.routes[key] = known
    return known


def _spoken(
    shadow: Route, call: Call, left_out: tuple[str, ...]
) -> tuple[Route | None, tuple[str, ...]]:
    """Compare with a route only where it understands the request; the call goes on without."""
    surface = call.received.surface
    try:
        speaking((shadow,), surface, BY_SURFACE[surface].protocol, call.received.body)
    except InvalidError as error:
        return None, (*left_out, f"{shadow.label}: {error.message}"[:200])
    return shadow, left_out
