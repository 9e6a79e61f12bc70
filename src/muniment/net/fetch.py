"""One careful request: the name is looked up once, judged, and that very address is connected to.

Certificates are verified against the name, answers are bounded in size and the whole request in
time, and a redirect is an answer, never a way. With a proxy the proxy looks names up; addresses
written as numbers are still judged here.
"""

from __future__ import annotations

import base64
import http.client
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urlencode, urlsplit

from muniment.core.clock import Clock
from muniment.core.errors import InvalidError, UnavailableError
from muniment.net.reach import Reach, Target, is_number
from muniment.settings import Settings

MOST_BYTES: Final = 1024 * 1024
MOST_SECONDS: Final = 10.0
_PIECE: Final = 16 * 1024

Resolve = Callable[[str, int], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> dict[str, Any]:
        """Read the body as a JSON object."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise InvalidError("the answer is not JSON") from error
        if not isinstance(found, dict):
            raise InvalidError("the answer is not a JSON object")
        return found


def resolve(host: str, port: int) -> tuple[str, ...]:
    """Ask which addresses a name stands for."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


class Fetcher:
    """Fetches from addresses that others name."""

    def __init__(self, settings: Settings, clock: Clock, *, look_up: Resolve = resolve) -> None:
        network = settings.network
        self._reach = Reach.of(network.reach_private, plain_loopback=network.reach_plain_loopback)
        self._proxy = network.proxy_url
        self._ca_file = network.ca_file
        self._clock = clock
        self._look_up = look_up

    def require(self, url: str) -> None:
        """Refuse an address that could never be fetched, before it is kept."""
        self._reach.target(url)

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> Fetched:
        """Get what stands at an address."""
        return self._ask("GET", url, None, dict(headers or {}), most_bytes)

    def post_form(
        self, url: str, fields: Mapping[str, str], *, headers: Mapping[str, str] | None = None
    ) -> Fetched:
        """Send a form to an address."""
        sent = {"content-type": "application/x-www-form-urlencoded", **(headers or {})}
        return self._ask("POST", url, urlencode(fields).encode(), sent, MOST_BYTES)

    def post(self, url: str, body: bytes, *, headers: Mapping[str, str] | None = None) -> Fetched:
        """Send bytes to an address."""
        return self._ask("POST", url, body, dict(headers or {}), MOST_BYTES)

    def require_host(self, host: str, port: int) -> None:
        """Refuse a host that leads to a place which may not be reached, for who connects itself."""
        if is_number(host):
            self._reach.require(host, (host,))
            return
        try:
            addresses = self._look_up(host, port)
        except (OSError, UnicodeError) as error:
            raise _unknown(host) from error
        self._reach.require(host, addresses)

    def _ask(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str], most_bytes: int
    ) -> Fetched:
        target = self._reach.target(url)
        until = self._clock.monotonic() + MOST_SECONDS
        given = {"accept": "application/json", "user-agent": "muniment", **headers}
        try:
            connection = self._connect(target)
            with closing(connection), _broken_off_after(MOST_SECONDS, connection):
                connection.request(method, target.path, body, given)
                return self._read(connection, until, most_bytes)
        except ssl.SSLError as error:
            raise UnavailableError(
                f"{target.host} did not prove who it is: {_said(error)}",
                subject=target.host,
                remedy="Mend its certificate, or add its authority in network.ca_file.",
            ) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise UnavailableError(
                f"{target.host} does not answer: {_said(error)}",
                subject=target.host,
                remedy="Check the address, the network and network.proxy_url.",
            ) from error

    def _connect(self, target: Target) -> http.client.HTTPConnection:
        connection = self._made(target)
        if self._proxy and target.secure:
            proxy = urlsplit(self._proxy)
            connection.host, connection.port = proxy.hostname or "", proxy.port or 80
            connection.set_tunnel(target.host, target.port, _proxy_headers(self._proxy))
            return connection
        address = self._reach.require(target.host, self._addresses(target))
        plain = socket.create_connection((address, target.port), MOST_SECONDS)
        try:
            connection.sock = (
                self._trusting().wrap_socket(plain, server_hostname=target.host)
                if target.secure
                else plain
            )
        except BaseException:
            plain.close()
            raise
        return connection

    def _made(self, target: Target) -> http.client.HTTPConnection:
        if not target.secure:
            return http.client.HTTPConnection(target.host, target.port, timeout=MOST_SECONDS)
        trusting = self._trusting()
        return http.client.HTTPSConnection(
            target.host, target.port, timeout=MOST_SECONDS, context=trusting
        )

    def _addresses(self, target: Target) -> tuple[str, ...]:
        try:
            return self._look_up(target.host, target.port)
        except (OSError, UnicodeError) as error:
            raise _unknown(target.host) from error

    def _trusting(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self._ca_file is not None:
            context.load_verify_locations(self._ca_file)
        return context

    def _read(
        self, connection: http.client.HTTPConnection, until: float, most_bytes: int
    ) -> Fetched:
        answer = connection.getresponse()
        body = bytearray()
        while piece := answer.read1(_PIECE):
            body += piece
            if len(body) > most_bytes:
                raise ValueError("the answer is too large")
            if self._clock.monotonic() > until:
                raise ValueError("the answer takes too long")
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Fetched(answer.status, headers, bytes(body))


def _unknown(host: str) -> UnavailableError:
    return UnavailableError(
        f"no address is known for {host}",
        subject=host,
        remedy="Check the name and this machine's name service.",
    )


@contextmanager
def _broken_off_after(seconds: float, connection: http.client.HTTPConnection) -> Iterator[None]:
    """Break a connection off when its time is over; a socket's own begins anew with each byte."""

    def break_off() -> None:
        with suppress(OSError):
            if connection.sock is not None:
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, break_off)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _proxy_headers(proxy_url: str) -> dict[str, str]:
    split = urlsplit(proxy_url)
    if not split.username:
        return {}
    pair = f"{unquote(split.username)}:{unquote(split.password or '')}"
    return {"Proxy-Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _said(error: BaseException) -> str:
    words = " ".join(str(error).split())[:160]
    return words or type(error).__name__
