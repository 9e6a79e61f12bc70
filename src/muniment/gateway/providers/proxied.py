"""The way out through a proxy, which is aiohttp's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Final, Protocol

import aiohttp

from muniment.core.errors import UnavailableError
from muniment.gateway.outgoing import NotSentError
from muniment.plugins.sockets import Answer

_KEPT: Final = ("content-type", "retry-after", "x-request-id", "request-id")


class Proxied(Protocol):
    """What is needed to go through a proxy."""

    def session(self) -> aiohttp.ClientSession:
        """Give the session of this process."""
        ...

    def proxy(self) -> str | None:
        """Give the proxy that outgoing requests take."""
        ...


async def send_through(
    outside: Proxied, url: str, headers: Mapping[str, str], body: bytes
) -> Answer:
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
