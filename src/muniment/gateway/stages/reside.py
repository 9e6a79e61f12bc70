"""Keep a call to where its data may go; this is no rule, and no rule can widen it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from muniment.core.errors import BlockedError, InvalidError
from muniment.detect import Finding
from muniment.gateway.exchange import Call
from muniment.gateway.means import Means
from muniment.gateway.plans import Resided, kinds_in, remember
from muniment.gateway.residency import CLASSES_HEADER, REGION_HEADER, bounds_of, within

LONGEST_BOUNDS: Final = 1_000


class OutOfBoundsError(BlockedError):
    """No route of a call lies where its data may go."""


def reside(call: Call, means: Means) -> Call:
    """Keep the routes within bounds, with the reasons of the others; refuse where none is left."""
    plan, looked = call.plan, call.looked
    if looked is None:
        raise InvalidError("the call was not inspected", remedy="Send it again.")
    if plan is None or call.shadow is not None:
        return _kept_in(call, looked.findings)
    headers = call.received.headers
    region, classes = headers.get(REGION_HEADER, ""), headers.get(CLASSES_HEADER, "")
    if len(region) + len(classes) > LONGEST_BOUNDS:
        return _kept_in(call, looked.findings)
    key = (plan.number, region, classes, kinds_in(looked.findings))
    found = means.plans.resided.get(key)
    if found is None or found.given is not call.routes:
        told = _kept_in(call, looked.findings)
        found = Resided(call.routes, told.routes, told.left_out[len(call.left_out) :])
        remember(means.plans.resided, key, found)
    if found.routes is call.routes:
        return call
    left_out = (*call.left_out, *found.left_out)
    return replace(call, routes=found.routes, left_out=left_out)


def _kept_in(call: Call, findings: Iterable[Finding]) -> Call:
    if call.contents is None:
        raise InvalidError("the call was not resolved", remedy="Send it again.")
    profile = call.contents.system.profile
    bounds = bounds_of(profile.regions, profile.data_classes, call.received.headers, findings)
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
