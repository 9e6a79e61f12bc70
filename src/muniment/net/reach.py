"""Which addresses outgoing requests may reach: public ones, and what the settings allow.

An address that somebody else names (an issuer, a web hook) may point at this machine, at its
network or at a cloud's metadata service; none of these is reached unless an operator said so.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from muniment.core.errors import ForbiddenError, InvalidError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_MOST_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart and judged by its outside."""

    url: str
    secure: bool
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be reached besides public addresses."""

    private: tuple[Network, ...] = ()
    plain_loopback: bool = False

    @classmethod
    def of(cls, private: tuple[str, ...], *, plain_loopback: bool) -> Reach:
        """Read networks as the settings write them."""
        try:
            networks = tuple(ipaddress.ip_network(each) for each in private)
        except ValueError as error:
            raise InvalidError(
                f"this is not a network: {error}",
                field="network.reach_private",
                remedy="Write networks such as 10.20.0.0/16.",
            ) from error
        return cls(networks, plain_loopback)

    def target(self, url: str) -> Target:
        """Take an address apart; refuse what is not https to a named port."""
        split = _split(url)
        host = split.hostname or ""
        if split.scheme == "http" and self._is_own(host):
            return _target(url, split, secure=False)
        if split.scheme != "https":
            raise ForbiddenError(
                f"{url[:100]!r} is not an https address",
                remedy="Use https; to try things out, network.reach_plain_loopback allows"
                " http://127.0.0.1.",
            )
        if is_number(host):
            self.require(host, (host,))
        return _target(url, split, secure=True)

    def require(self, host: str, addresses: tuple[str, ...]) -> str:
        """Give the address to connect to, if every one the name stands for may be reached."""
        if not addresses:
            raise ForbiddenError(f"{host[:100]} has no address")
        for each in addresses:
            if not self.allows(each):
                raise ForbiddenError(
                    f"{host[:100]} leads to {each}, which is not a public address",
                    remedy="If that is meant, allow its network in network.reach_private.",
                )
        return addresses[0]

    def allows(self, text: str) -> bool:
        """Tell whether an address may be reached."""
        address = _plain(ipaddress.ip_address(text.partition("%")[0]))
        if self.plain_loopback and address.is_loopback:
            return True
        if any(address.version == net.version and address in net for net in self.private):
            return True
        return address.is_global and not address.is_multicast

    def _is_own(self, host: str) -> bool:
        return self.plain_loopback and host in ("localhost", "127.0.0.1", "::1")


def is_number(host: str) -> bool:
    """Tell whether a host is written as an address rather than a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _split(url: str) -> SplitResult:
    try:
        split = urlsplit(url)
        bad = len(url) > _MOST_CHARS or not split.hostname or split.port == 0
    except ValueError:
        bad = True
    if bad or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise InvalidError(f"{url[:100]!r} is not an address", remedy="Write https://host/path.")
    if "@" in split.netloc or split.fragment:
        raise InvalidError(
            "an address here names no user and no fragment", remedy="Write https://host/path."
        )
    return split


def _target(url: str, split: SplitResult, *, secure: bool) -> Target:
    path = split.path or "/"
    return Target(
        url=url,
        secure=secure,
        host=split.hostname or "",
        port=split.port or (443 if secure else 80),
        path=f"{path}?{split.query}" if split.query else path,
    )


def _plain(address: Address) -> Address:
    """Look through addresses of version 6 that only carry one of version 4."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo is not None:
            inner = address.teredo[1]
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return inner or address
    return address


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
