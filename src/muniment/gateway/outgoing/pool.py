"""The connections of one process to its providers: opened carefully, kept for a while."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable, Coroutine, Mapping, Sequence
from itertools import chain, zip_longest
from typing import Any, Final

from muniment.gateway.outgoing.body import Body, Coming
from muniment.gateway.outgoing.connection import Connection
from muniment.gateway.outgoing.failing import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ConnectionTimeoutError,
)
from muniment.gateway.outgoing.reading import Incoming
from muniment.gateway.outgoing.resolving import Address, Judged, is_out_of_bounds
from muniment.gateway.outgoing.target import Begun, Place, begun

MOST_KEPT: Final = 1_000
_KNOWN_SECONDS: Final = 10.0
_NEXT_SECONDS: Final = 0.25
_PLACES: Final = 1_000
_TURNS: Final = 5


class Pool:
    """Sends requests over connections that it keeps, to each place its own."""

    def __init__(self, trust: Callable[[], ssl.SSLContext]) -> None:
        self.loop = asyncio.get_running_loop()
        self._trust = trust
        self._context: ssl.SSLContext | None = None
        self._judged = Judged()
        self._idle: dict[Place, list[Connection]] = {}
        self._places: dict[Connection, Place] = {}
        self._known: dict[tuple[str, int], tuple[float, Sequence[Address]]] = {}
        self._is_closed = False

    def post(
        self,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        connect_seconds: float,
        answer_seconds: float,
    ) -> Coroutine[Any, Any, tuple[Incoming, Body]]:
        """Send one request to an address with these headers."""
        ready = begun(url, tuple(headers.items()))
        return self.send(ready, body, connect_seconds, answer_seconds)

    async def send(
        self, ready: Begun, body: bytes, connect_seconds: float, answer_seconds: float
    ) -> tuple[Incoming, Body]:
        """Send one request, once, and give the head of its answer and the body that follows."""
        place, begin = ready
        idle = self._idle.get(place)
        connection = idle.pop() if idle else None  # the one that was used last
        if connection is not None and not connection.is_usable():
            connection.close()
            connection = self._kept(place)
        if connection is None:
            connection = await self._opened(place, connect_seconds)
        incoming = connection.ask(begin, body, answer_seconds)
        try:
            while not incoming.status and incoming.problem is None:  # its head is not there
                incoming.waiter = waiter = self.loop.create_future()
                await waiter
                incoming.waiter = None
        except BaseException:
            connection.drop(incoming)
            raise
        if not incoming.status and incoming.problem is not None:
            connection.drop(incoming)
            raise incoming.problem
        kind = Body if incoming.is_ended else Coming
        return incoming, kind(incoming, connection)

    async def close(self) -> None:
        """Give every connection back."""
        self._is_closed = True
        for connection in tuple(self._places):
            connection.abort()
        for _ in range(_TURNS):  # the loop closes them, and those that never came about
            await asyncio.sleep(0)

    def __len__(self) -> int:
        return len(self._places)

    def _kept(self, place: Place) -> Connection | None:
        """Give a connection that is open and free, the one that was used last."""
        idle = self._idle.get(place)
        while idle:
            connection = idle.pop()
            if connection.is_usable():
                return connection
            connection.close()
        return None

    def _free(self, connection: Connection) -> None:
        idle = self._idle.setdefault(self._places[connection], [])
        if self._is_closed or len(idle) >= MOST_KEPT:
            connection.close()
        else:
            idle.append(connection)

    def _lost(self, connection: Connection) -> None:
        place = self._places.pop(connection, None)
        idle = self._idle.get(place) if place is not None else None
        if idle is not None and connection in idle:
            idle.remove(connection)
        if place is not None and not idle:
            self._idle.pop(place, None)

    async def _opened(self, place: Place, seconds: float) -> Connection:
        """Open a connection to an address that was judged; name what goes wrong."""
        limit = asyncio.timeout(seconds)
        try:
            async with limit:
                connection = await self._connected(place)
        except ssl.SSLCertVerificationError as error:
            raise ClientConnectorCertificateError from error
        except ssl.SSLError as error:
            raise ClientConnectorSSLError from error
        except OSError as error:
            raise (ConnectionTimeoutError if limit.expired() else ClientConnectorError) from error
        if not connection.is_open:  # they hung up at once, so nothing was sent
            raise ClientConnectorError
        return connection

    async def _connected(self, place: Place) -> Connection:
        _, host, port = place
        try:
            addresses = await self._addresses(host, port)
        except OSError as error:
            raise ClientConnectorDNSError from error
        if len(addresses) == 1:
            return await self._connect(place, addresses[0])
        return await self._first(place, addresses)

    async def _connect(self, place: Place, address: Address) -> Connection:
        scheme, host, port = place
        _, connection = await self.loop.create_connection(
            lambda: Connection(self._free, self._lost),
            address["host"],
            port,
            family=address["family"],
            ssl=self._secured() if scheme == "https" else None,
            server_hostname=host if scheme == "https" else None,
        )
        self._places[connection] = place
        return connection

    async def _first(self, place: Place, addresses: Sequence[Address]) -> Connection:
        """Try several addresses, each a moment after the one before; the first to answer is it."""
        left, trying = list(addresses), set[asyncio.Task[Connection]]()
        failed: BaseException | None = None
        try:
            while left or trying:
                if left:
                    trying.add(asyncio.create_task(self._connect(place, left.pop(0))))
                wait = _NEXT_SECONDS if left else None
                done, trying = await asyncio.wait(
                    trying, timeout=wait, return_when=asyncio.FIRST_COMPLETED
                )
                for each in done:
                    failed = each.exception()
                    if failed is None:
                        trying |= done - {each}
                        return each.result()
        finally:
            for each in trying:
                each.add_done_callback(_hang_up)
                each.cancel()
        raise failed or OSError("no address")

    async def _addresses(self, host: str, port: int) -> Sequence[Address]:
        """Give where a name leads, as of a few seconds ago; a number leads to itself."""
        number = _numbered(host, port)
        if number is not None:
            return (number,)
        now = self.loop.time()
        until, addresses = self._known.get((host, port), (0.0, ()))
        if now < until:
            return addresses
        found = await self._judged.resolve(host, port, socket.AF_UNSPEC)
        addresses = _mixed(found)
        if len(self._known) >= _PLACES:
            self._known.clear()
        self._known[host, port] = now + _KNOWN_SECONDS, addresses
        return addresses

    def _secured(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = self._trust()
        return self._context


def _hang_up(task: asyncio.Task[Connection]) -> None:
    """Close a connection that came about too late to be wanted."""
    if not task.cancelled() and task.exception() is None:
        task.result().close()


def _numbered(host: str, port: int) -> Address | None:
    try:
        number = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    if is_out_of_bounds(host):
        raise OSError(f"{host} is an address that no provider has")
    family = socket.AF_INET6 if number.version == 6 else socket.AF_INET
    return Address(hostname=host, host=host, port=port, family=family, proto=0, flags=0)


def _mixed(found: Sequence[Address]) -> Sequence[Address]:
    """Put addresses of both kinds by turns, so that one kind that leads nowhere holds nobody up."""
    first = found[0]["family"]
    one = [each for each in found if each["family"] == first]
    other = [each for each in found if each["family"] != first]
    mixed = chain.from_iterable(zip_longest(one, other))
    return tuple(each for each in mixed if each is not None)
