"""How providers send: one request over the process's connections, and the head of the answer."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from msgspec import Struct

from muniment.core.errors import UnavailableError
from muniment.gateway.outgoing import ClientConnectorError, NotSentError, OutgoingError, Pool
from muniment.gateway.outgoing.target import Begun, begun
from muniment.plugins.sockets import Answer
from muniment.settings import Settings

if TYPE_CHECKING:  # it loads slowly, and only the way through a proxy needs it
    import aiohttp


_REMEMBERED: Final = 64
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


class Head(Struct, frozen=True):
    """The head of requests to a provider, written once for all that have the same."""

    url: str
    headers: Mapping[str, str]
    begun: Begun | None
    """Nothing where it goes through a proxy."""

    def __repr__(self) -> str:
        """Say where it leads; there is a secret in it."""
        return f"Head({self.url!r})"


def head_of(outside: Sending, url: str, headers: Mapping[str, str]) -> Head:
    """Write a head for an address."""
    if outside.proxy() is not None:
        return Head(url, headers, None)
    told = {**headers, **_OWN}
    return Head(url, headers, begun(url, tuple(told.items())))


class Heads(dict[tuple[str | None, ...], Head]):
    """The heads that one provider was sent of late, by all that they depend on."""

    def __repr__(self) -> str:
        """Say how many; there are secrets in them."""
        return f"Heads({len(self)})"

    def learn(self, key: tuple[str | None, ...], head: Head) -> Head:
        """Know a head from now on."""
        if len(self) >= _REMEMBERED:
            self.clear()
        self[key] = head
        return head


def send(
    outside: Sending, url: str, headers: Mapping[str, str], body: bytes
) -> Coroutine[Any, Any, Answer]:
    """Send one request to an address, with these headers and our own."""
    return send_as(outside, head_of(outside, url, headers), body)


async def send_as(outside: Sending, head: Head, body: bytes) -> Answer:
    """Send one request; redirects are not followed, so nothing goes where nobody meant."""
    if head.begun is None:
        from muniment.gateway.providers.proxied import send_through  # noqa: PLC0415 see above

        return await send_through(outside, head.url, head.headers, body)
    gateway = outside.settings.gateway
    try:
        incoming, arriving = await outside.pool().send(
            head.begun, body, gateway.connect_seconds, gateway.answer_seconds
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


__all__ = ["Head", "Heads", "NotSentError", "Placed", "Sending", "head_of", "send", "send_as"]
