"""Find the ways a call may go: the models that the serving set has under the name asked for."""

from __future__ import annotations

from dataclasses import replace

from muniment.core.errors import InvalidError
from muniment.gateway.dialects import BY_SURFACE
from muniment.gateway.exchange import Call
from muniment.gateway.means import Means
from muniment.gateway.routing import routes_of


def route(call: Call, _means: Means) -> Call:
    """Say over which routes the call may go, in order."""
    if call.asked is None or call.contents is None:
        raise InvalidError("the call was not resolved", remedy="Send it again.")
    protocol = BY_SURFACE[call.received.surface].protocol
    return replace(call, routes=routes_of(call.contents, call.asked.model, protocol))
