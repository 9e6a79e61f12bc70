"""Listens: on this machine alone unless TLS or a trusted proxy stands in front.

Secure cookies, passkeys and WebCrypto need a secure origin, so any other address without one of
the two is refused. A stop lets running requests finish for a while; the log then takes the rest.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from muniment.core.errors import InvalidError, UnavailableError
from muniment.server.middleware import is_loopback
from muniment.settings import Settings


def require_safe_address(settings: Settings) -> None:
    """Refuse to listen where passwords and cookies would travel in the clear."""
    server = settings.server
    _require_pair(server.tls_cert, server.tls_key)
    if server.behind_proxy and not server.trusted_proxies:
        raise InvalidError(
            "a proxy is said to stand in front, but none is trusted",
            field="server.trusted_proxies",
            remedy="Name its address, such as 10.0.0.7 or 10.0.0.0/24.",
        )
    for proxy in server.trusted_proxies:
        _require_network(proxy)
    if is_loopback(server.host) or server.tls_cert or server.behind_proxy:
        return
    raise InvalidError(
        f"{server.host} is reachable from outside, and there is no TLS",
        field="server.host",
        remedy="Give --tls-cert and --tls-key, or --behind-proxy with server.trusted_proxies.",
    )


def serve(app: Starlette, settings: Settings, *, ready: Callable[[int], None]) -> None:
    """Answer requests until told to stop; `ready` learns the port once it listens."""
    require_safe_address(settings)
    server = settings.server
    listening = _listen(server.host, server.port)
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        ssl_certfile=server.tls_cert,
        ssl_keyfile=server.tls_key,
        proxy_headers=server.behind_proxy,
        forwarded_allow_ips=list(server.trusted_proxies) if server.behind_proxy else None,
        timeout_graceful_shutdown=server.grace_seconds,
        h11_max_incomplete_event_size=64 * 1024,
        timeout_keep_alive=15,
    )
    runner = _Announcing(config, lambda: ready(listening.getsockname()[1]))
    try:
        runner.run(sockets=[listening])
    finally:
        listening.close()


class _Announcing(uvicorn.Server):
    """A uvicorn server that says when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._ready()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise UnavailableError(
            f"cannot listen on {host}:{port}: {error.strerror or error}",
            field="server.port",
            remedy="Stop what uses it, or give another --port; 0 takes a free one.",
        ) from error
    listening.set_inheritable(True)
    return listening


def _require_pair(cert: Path | None, key: Path | None) -> None:
    if (cert is None) != (key is None):
        missing = "server.tls_key" if key is None else "server.tls_cert"
        raise InvalidError(
            "a certificate and its key come together", field=missing, remedy="Give both."
        )
    for name, path in (("server.tls_cert", cert), ("server.tls_key", key)):
        if path is not None and not path.is_file():
            raise InvalidError(f"{path} is not a file", field=name, remedy="Mend the path.")


def _require_network(text: str) -> None:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise InvalidError(
            f"{text!r} is not an address or network",
            field="server.trusted_proxies",
            remedy="Write 10.0.0.7 or 10.0.0.0/24.",
        ) from error
