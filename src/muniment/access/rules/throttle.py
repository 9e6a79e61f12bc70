"""How long to wait after failures, so that guessing is slow and nobody is locked out.

Failures are counted in buckets. A browser in which the person has signed in before has a bucket of
its own, which nobody else can fill. Everybody else is counted per account and source, so that a
stranger elsewhere slows down nobody but himself; and per source over all accounts, with more
patience, because many people may share an address. There is no bucket of an account alone: it
would let anybody lock anybody out.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FORGET_AFTER: Final = timedelta(hours=12)
_LONGEST: Final = timedelta(minutes=15)
_NETWORK_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where failures are counted, and how many are free before one has to wait."""

    name: str
    free: int


def buckets(account: str, source: str, device: str = "") -> tuple[Bucket, ...]:
    """Name the buckets of an attempt; `device` only if this account knows it."""
    if device:
        return (Bucket(_named("device", account, device), 5),)
    return (
        Bucket(_named("pair", account, source), 5),
        Bucket(_named("source", source), 30),
    )


def delay_after(failures: int, free: int) -> timedelta:
    """Give how long to wait after so many failures: nothing, then doubling up to 15 minutes."""
    beyond = failures - free
    if beyond < 0:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(beyond, 12)), _LONGEST)


def wait_seconds(until: datetime | None, now: datetime) -> int:
    """Give how many whole seconds are still to wait."""
    if until is None or until <= now:
        return 0
    return int((until - now).total_seconds()) + 1


def source_address(address: str) -> str:
    """Write where a caller comes from; of IPv6 the network, for one has many addresses in it."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, _NETWORK_BITS), strict=False))
    return str(found)


def account_key(name: str) -> str:
    """Fingerprint the account somebody names, known or not, so that both are treated alike."""
    return hashlib.sha256(
        b"account\n" + name.strip().casefold().encode("utf-8", "replace")
    ).hexdigest()


def _named(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
