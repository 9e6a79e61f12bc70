"""A PostgreSQL elsewhere is spoken to only over TLS, after its certificate was verified.

On this machine, by a socket or a loopback address, nothing can listen in, so there the driver's own
way holds. Pure.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL

from muniment.core.errors import InvalidError

_VERIFIED: Final = "verify-full"
_OF_THE_SYSTEM: Final = "system"


def verified(url: URL, ca_file: Path | None) -> URL:
    """Give the address with what has its server verified; refuse one that would not be."""
    if _is_here(url):
        return url
    mode = url.query.get("sslmode", _VERIFIED)
    if mode != _VERIFIED:
        raise InvalidError(
            f"sslmode={str(mode)[:20]} would take any server for the database",
            field="database.url",
            remedy="Leave sslmode out, or write verify-full; where the database's authority is"
            " your own, name its certificate in sslrootcert or network.ca_file.",
        )
    known = str(ca_file) if ca_file is not None else _OF_THE_SYSTEM
    return url.update_query_dict(
        {"sslmode": _VERIFIED, "sslrootcert": url.query.get("sslrootcert", known)}
    )


def _is_here(url: URL) -> bool:
    return "service" not in url.query and all(map(_is_loopback, _hosts(url)))


def _hosts(url: URL) -> Iterator[str]:
    """List the hosts of an address; several may stand behind each other."""
    if url.host:
        yield url.host
    for name in ("host", "hostaddr"):
        given = url.query.get(name, ())
        for each in (given,) if isinstance(given, str) else given:
            yield from filter(None, each.split(","))


def _is_loopback(host: str) -> bool:
    if host.startswith(("/", "@")) or host.lower() == "localhost":
        return True
    address = host.rpartition(":")[0] if host.count(":") == 1 else host
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address.lower() == "localhost"
