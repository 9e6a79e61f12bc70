"""Which models a caller can ask for: those that serve the system of their key, by name."""

from __future__ import annotations

from typing import Any

from muniment.core.errors import ForbiddenError
from muniment.gateway.exchange import Call, Received
from muniment.gateway.means import Means
from muniment.gateway.routing import models_of
from muniment.gateway.stages.identify import identify
from muniment.gateway.stages.resolve import place_of


def models_for(received: Received, means: Means) -> list[dict[str, Any]]:
    """List the models, as clients of either interface read them."""
    call = identify(Call(received), means)
    if call.actor is None:
        return []
    system, environment = place_of(call, means)
    serving = means.resolver.resolve(system, environment)
    known = means.standings.of(call.actor, serving.system_id, environment)
    if not known.verdict.ok:
        raise ForbiddenError("you may not call this system", reasons=known.verdict.reasons)
    names = dict.fromkeys(
        name
        for share in serving.shares
        for name in models_of(means.resolver.contents(serving, share.set_digest))
    )
    return [
        {
            "id": name,
            "object": "model",
            "type": "model",
            "display_name": name,
            "created": 0,
            "created_at": "1970-01-01T00:00:00Z",
            "owned_by": serving.key,
        }
        for name in names
    ]
