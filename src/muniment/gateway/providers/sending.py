"""How providers send: one request over the process's session, and the head of the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, Protocol

import aiohttp

from muniment.core.errors import UnavailableError
from muniment.plugins.sockets import Answer

_KEPT: Final = ("content-type", "retry-after", "x-request-id", "request-id")


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
    """What a provider is given: a session, credentials, and where things are."""

    def session(self) -> aiohttp.ClientSession:
        """Give the session of this process."""
        ...

    def place(self, document: Mapping[str, Any], usual: str) -> Placed:
        """Read where a model's provider is."""
        ...

    def proxy(self) -> str | None:
        """Give the proxy that outgoing requests take."""
        ...


class NotSentError(UnavailableError):
    """Nothing reached the provider, so it may be sent again."""

    code = "unavailable"


async def send(outside: Sending, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send one request; redirects are not followed, so nothing goes where nobody meant."""
    told = {**headers, "content-type": "application/json", "accept-encoding": "gzip, deflate"}
    try:
        answer = await outside.session().post(
            url, data=body, headers=told, allow_redirects=False, proxy=outside.proxy()
        )
    except aiohttp.ClientConnectorError as error:
        raise NotSentError(
            "the provider cannot be reached", reasons=(_named(error),), remedy="It is tried again."
        ) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise UnavailableError(
            "the provider did not answer", reasons=(_named(error),), remedy="Try again later."
        ) from error
    kept = {name: answer.headers[name] for name in _KEPT if name in answer.headers}
    return Answer(answer.status, kept, _pieces(answer))


async def _pieces(answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """Give the body as it arrives; whatever ends it early is one error of ours."""
    try:
        async for piece in answer.content.iter_any():
            yield piece
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise UnavailableError(
            "the provider's answer broke off", reasons=(_named(error),), remedy="Try again."
        ) from error
    finally:
        answer.release()


def _named(error: BaseException) -> str:
    """Name what went wrong without repeating addresses or keys."""
    return type(error).__name__
