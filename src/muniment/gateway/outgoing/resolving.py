"""Where a name leads, judged before anybody connects: never to a machine's own services."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import TypedDict


class Address(TypedDict):
    """One address of a name, in the form that aiohttp takes too."""

    hostname: str
    host: str
    port: int
    family: int
    proto: int
    flags: int


class Judged:
    """Resolves names, and refuses what leads to a machine's own services such as metadata."""

    async def resolve(
        self, host: str, port: int = 0, family: int = socket.AF_INET
    ) -> list[Address]:
        """Give the addresses of a name, if none of them is out of bounds."""
        loop = asyncio.get_running_loop()
        told = await loop.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG
        )
        found = [_address(host, port, each[0], each[2], each[4]) for each in told]
        for each in found:
            if is_out_of_bounds(each["host"]):
                raise OSError(f"{host} leads to {each['host']}, which no provider has")
        if not found:
            raise OSError(f"{host} leads nowhere")
        return found

    async def close(self) -> None:
        """Have nothing to give back."""


def _address(name: str, port: int, family: int, proto: int, found: tuple[object, ...]) -> Address:
    """Write an address down; one of a link is named with its zone."""
    host = str(found[0])
    if family == socket.AF_INET6 and len(found) > 3 and found[3] and "%" not in host:
        host = f"{host}%{found[3]}"
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return Address(hostname=name, host=host, port=port, family=family, proto=proto, flags=flags)


def is_out_of_bounds(host: str) -> bool:
    """Tell whether a host is an address that no provider has, such as that of metadata."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    inner = getattr(address, "ipv4_mapped", None) or address
    return bool(inner.is_link_local or inner.is_multicast or inner.is_unspecified)
