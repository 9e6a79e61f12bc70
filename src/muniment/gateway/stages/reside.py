"""Keep a call to where its data may go; this is no rule, and no rule can widen it."""

from __future__ import annotations

from muniment.core.errors import BlockedError, InvalidError
from muniment.gateway.exchange import Call, replace
from muniment.gateway.means import Means
from muniment.gateway.residency import bounds_of, within


class OutOfBoundsError(BlockedError):
    """No route of a call lies where its data may go."""


def reside(call: Call, _means: Means) -> Call:
    """Keep the routes within bounds, with the reasons of the others; refuse where none is left."""
    if call.contents is None or call.looked is None:
        raise InvalidError("the call was not inspected", remedy="Send it again.")
    profile = call.contents.system.profile
    headers, findings = call.received.headers, call.looked.findings
    bounds = bounds_of(profile.regions, profile.data_classes, headers, findings)
    kept, reasons = within(call.routes, bounds)
    if not kept:
        raise OutOfBoundsError(
            "no model behind this name may be given this data",
            subject=call.contents.system.id,
            reasons=reasons,
            remedy="Ask for a model in a region and for classes of data that the system allows.",
        )
    compared, why = within((call.shadow,) if call.shadow else (), bounds)
    left_out = (*call.left_out, *reasons, *why)
    return replace(call, routes=kept, shadow=next(iter(compared), None), left_out=left_out)
