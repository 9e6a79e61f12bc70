"""Addresses of services outside: TLS, or this very machine; nothing else carries keys."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from muniment.core.errors import InvalidError


def require_safe_address(url: str, *, field: str) -> str:
    """Give an address back if what is sent there cannot be read on the way."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in {"http", "https"} or not host or parts.username or parts.query:
        raise InvalidError(
            "this is not the address of a service",
            field=field,
            remedy="Write https://host:port, without a name, a password or a question mark.",
        )
    if parts.scheme == "http" and not _is_loopback(host):
        raise InvalidError(
            f"plain HTTP to {host} could be read on the way",
            field=field,
            remedy="Use https://; plain HTTP is for this machine only.",
        )
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
