"""What can go wrong on the way out. Records and callers are told these names, and nothing else.

They are those that aiohttp has for the same, so that a record reads the same whichever way a call
went.
"""

from __future__ import annotations

from muniment.core.errors import UnavailableError


class NotSentError(UnavailableError):
    """Nothing reached the provider, so it may be sent again."""

    code = "unavailable"


class OutgoingError(Exception):
    """A provider could not be reached, or did not answer as it must."""


class ClientConnectorError(OutgoingError):
    """No connection came about, so nothing reached the provider."""


class ClientConnectorDNSError(ClientConnectorError):
    """The name leads nowhere, or where no provider is."""


class ClientConnectorSSLError(ClientConnectorError):
    """No TLS came about."""


class ClientConnectorCertificateError(ClientConnectorSSLError):
    """The other side's certificate is not one to trust."""


class ConnectionTimeoutError(OutgoingError):
    """No connection came about in time."""


class SocketTimeoutError(OutgoingError):
    """Nothing came for too long."""


class ServerDisconnectedError(OutgoingError):
    """The other side hung up before it answered."""


class ClientResponseError(OutgoingError):
    """What came is no answer in HTTP."""


class ClientPayloadError(OutgoingError):
    """A body ended before its end, or is not packed as it says."""
