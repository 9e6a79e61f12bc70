"""The way out to providers: connections that are kept, and answers read by httptools.

It is for requests to providers only: one method, no redirects, no cookies, nothing taken from the
environment. What is unusual about the way out, such as a proxy, is aiohttp's.
"""

from muniment.gateway.outgoing.body import Body
from muniment.gateway.outgoing.failing import (
    ClientConnectorError,
    NotSentError,
    OutgoingError,
)
from muniment.gateway.outgoing.pool import Pool
from muniment.gateway.outgoing.resolving import Judged, is_out_of_bounds

__all__ = [
    "Body",
    "ClientConnectorError",
    "Judged",
    "NotSentError",
    "OutgoingError",
    "Pool",
    "is_out_of_bounds",
]
