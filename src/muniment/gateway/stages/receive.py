"""Read what came: one JSON object, in the dialect of the surface."""

from __future__ import annotations

from msgspec.structs import replace

from muniment.gateway.dialects import BY_SURFACE
from muniment.gateway.dialects.base import read_object
from muniment.gateway.exchange import Call
from muniment.gateway.means import Means


def receive(call: Call, _means: Means) -> Call:
    """Read the body once; what is malformed goes no further."""
    body = read_object(call.received.raw)
    asked = BY_SURFACE[call.received.surface].read(body)
    received = replace(call.received, body=body)
    return replace(call, received=received, asked=asked, body=body)
