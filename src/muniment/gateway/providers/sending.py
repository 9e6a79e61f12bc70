"""How providers send: one request over the process's connections, and the head of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from muniment.core.errors import UnavailableError
from muniment.gateway.outgoing import ClientConnectorError, NotSentError, OutgoingError, Pool
from muniment.plugins.sockets import Answer
from muniment.settings import Settings

if TYPE_CHECKING:  # it loads slowly, and only the way through a proxy needs it
    import aiohttp


_OWN: Final = {"content-type": "application/json", "accept-encoding": "identity"}


class Placed(Protocol):
    """Where a provider is, and the secret it is shown."""

    @property
    def base_url(self) -> str:
        """The address before the path."""
        ...

    @property
    def secret(self) -> str:
        """The secret it is shown."""
        ...


class Sending(Protocol):
    """What a provider is given: connections, credentials, and where things are."""

    @property
    def settings(self) -> Settings:
        """The settings, which say how long to wait."""
        ...

    def pool(self) -> Pool:
        """Give the connections of this process."""
        ...

    def session(self) -> aiohttp.ClientSession:
        """Give what goes through a proxy."""
        ...

    def place(self, document: Mapping[str, Any], usual: str) -> Placed:
        """Read where a model's provider is."""
        ...

    def proxy(self) -> str | None:
        """Give the proxy that outgoing requests take."""
        ...


async def send(outside: Sending, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send one request; redirects are not followed, so nothing goes where nobody meant."""
    if outside.proxy() is not None:
        from muniment.gateway.providers.proxied import send_through  # noqa: PLC0415 see above

        return await send_through(outside, url, headers, body)
    gateway = outside.settings.gateway
    told = {**headers, **_OWN}
    try:
        incoming, arriving = await outside.pool().post(
            url,
            told,
            body,
            connect_seconds=gateway.connect_seconds,
            answer_seconds=gateway.answer_seconds,
        )
    except ClientConnectorError as error:
        raise NotSentError(
            "the provider cannot be reached",
            reasons=(type(error).__name__,),
            remedy="It is tried again.",
        ) from error
    except OutgoingError as error:
        raise UnavailableError(
            "the provider did not answer",
            reasons=(type(error).__name__,),
            remedy="Try again later.",
        ) from error
    return Answer(incoming.status, incoming.said, arriving)


__all__ = ["NotSentError", "Placed", "Sending", "send"]
