"""An address of a provider in its parts, and the head of a request to it. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

from muniment.core.errors import InvalidError

_PORTS: Final = {"http": 80, "https": 443}
_PLAIN: Final = "/%:@!$&'()*+,;=~-._"
_REMEMBERED: Final = 1_000
_FEW: Final = 64
Place = tuple[str, str, int]
Begun = tuple[Place, bytes]
"""Where a request goes, and its head up to the length of its body."""


class Target(NamedTuple):
    """Where a request goes: scheme, host and port, and how its head begins."""

    place: Place
    begin: bytes


@lru_cache(_FEW)
def begun(url: str, headers: tuple[tuple[str, str], ...]) -> Begun:
    """Say where a request goes, and write its head up to the length of its body.

    It is written once for all requests to one address that have the same headers.
    """
    target = target_of(url)
    return target.place, b"%b%bcontent-length: " % (target.begin, _lines(headers))


def _lines(headers: tuple[tuple[str, str], ...]) -> bytes:
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers])
    many = len(headers)
    if lines.count("\n") != many or lines.count("\r") != many or "\0" in lines:
        raise InvalidError(
            "a header for the provider has a line break in it",
            field="headers",
            remedy="Look at the secret and at what the caller sends.",
        )
    return lines.encode()


@lru_cache(_REMEMBERED)
def target_of(url: str) -> Target:
    """Read an address; whoever made it has judged it."""
    split = urlsplit(url)
    host = split.hostname or ""
    name = host if host.isascii() else host.encode("idna").decode("ascii")
    port = split.port or _PORTS[split.scheme]
    written = f"[{name}]" if ":" in name else name
    if port != _PORTS[split.scheme]:
        written = f"{written}:{port}"
    path = quote(split.path or "/", safe=_PLAIN)
    query = f"?{quote(split.query, safe=_PLAIN + '?')}" if split.query else ""
    begin = f"POST {path}{query} HTTP/1.1\r\nhost: {written}\r\naccept: */*\r\n"
    return Target((split.scheme, name, port), f"{begin}user-agent: muniment\r\n".encode("ascii"))
