"""Addresses of machines: IP and MAC addresses; UUIDs, which keep other detectors off them."""

from __future__ import annotations

import ipaddress
from typing import Final

from muniment.detect.models import NO, Checked, Family, Pattern, Sheet, Words

_SHORTEST_WEB: Final = 7
_ADDRESS: Final = Checked(True, "parts up to 255")
_LOW: Final = Checked(True, "parts up to 255", score=0.45)
_IP: Final = Words(
    en="ip|address|ip address|host|server|client|from|src|dst|source|destination|gateway|remote"
    "|addr|ipv4|ipv6|dns|subnet|peer|login|connected",
    de="adresse|ip adresse",
    fr="adresse|adresse ip",
    es="direccion|direccion ip",
    pt="endereco|endereco ip",
    it="indirizzo|indirizzo ip",
    nl="adres|ip adres",
)
_MAC: Final = Words(
    en="mac|hardware|ethernet|mac address|wifi|bssid|device|hwaddr|ether|cisco|arp|vlan|switch"
    "|interface|physical address|burned in|station|dhcp|lease"
)


def ipv4(value: str) -> Checked:
    """Four numbers up to 255 without leading zeros, and not a version such as 1.0.0.0."""
    parts = value.partition("/")[0].split(".")
    most = 0
    for part in parts:
        if part[0] == "0" and len(part) > 1:
            return Checked(False, "a part begins with zero")
        most = max(most, int(part))
    if most > 255:
        return Checked(False, "a part is over 255")
    low = most < 10 and value not in {"8.8.8.8", "1.1.1.1"}
    return _LOW if low else _ADDRESS


def ipv6(value: str) -> Checked:
    """Eight groups, or fewer around one double colon."""
    plain = value.partition("%")[0].partition("/")[0]
    try:
        ipaddress.IPv6Address(plain)
    except ValueError:
        return Checked(False, "not eight groups")
    groups = [part for part in plain.split(":") if part]
    if len(groups) < 3 and not (
        plain == "::1" or (len(groups) == 2 and any(g.isdigit() or len(g) == 4 for g in groups))
    ):
        return Checked(True, "eight groups", score=0.3)
    return Checked(True, "eight groups")


def mac(value: str) -> Checked:
    """Six pairs that are not all the same."""
    plain = value.replace(":", "").replace("-", "").replace(".", "").lower()
    return Checked(True, "six pairs") if len(set(plain)) > 1 else NO


def web_address(value: str) -> Checked:
    """What ends a sentence, or closes a bracket that was opened before, is not part of it."""
    end = len(value)
    while end and (
        value[end - 1] in ".,;:!?*_|"
        or any(
            value[end - 1] == close and value.count(close, 0, end) > value.count(open_, 0, end)
            for open_, close in ("()", "[]", "{}")
        )
    ):
        end -= 1
    return Checked(end > _SHORTEST_WEB, "an address of the web", (0, end))


PATTERNS: Final = (
    Pattern(
        id="ipv4",
        type="IP_ADDRESS",
        family=Family.NETWORK,
        regex=r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b",
        score=0.85,
        context=_IP,
        context_score=0.95,
        validator=ipv4,
        joins="-.",
    ),
    Pattern(
        id="ipv6",
        type="IP_ADDRESS",
        family=Family.NETWORK,
        trigger=r"[0-9a-fA-F]{2,4}:[0-9a-fA-F]{0,4}:|::[0-9a-fA-F]",
        reach=5,
        regex=(
            r"(?<![0-9A-Fa-f.])(?<![0-9A-Fa-f]:)(?:[0-9a-fA-F]{1,4}:){1,7}:?(?:[0-9a-fA-F]{1,4}:"
            r"){0,6}(?:(?:\d{1"
            r",3}\.){3}\d{1,3}|[0-9a-fA-F]{1,4})?(?:%[0-9A-Za-z]{1,12})?(?![0-9A-Za-z:])"
            r"|(?<![0-9A-Fa-f.])(?<![0-9A-Fa-f]:)::(?:[0-9a-fA-F]{1,4}:){0,6}(?:(?:\d{1,3}\.){3}"
            r"\d{1,3}"
            r"|[0-9a-fA-F]{1,4})(?![0-9A-Za-z:])"
        ),
        score=0.9,
        context=_IP,
        context_score=0.95,
        validator=ipv6,
        joins="",
    ),
    Pattern(
        id="mac",
        type="MAC_ADDRESS",
        family=Family.NETWORK,
        regex=r"\b[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}\b",
        score=0.92,
        context=_MAC,
        context_score=0.97,
        validator=mac,
        joins=":-",
        firm=True,
    ),
    Pattern(
        id="mac-hyphens",
        type="MAC_ADDRESS",
        family=Family.NETWORK,
        regex=r"\b[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}\b",
        score=0.9,
        context=_MAC,
        context_score=0.97,
        validator=mac,
        joins=":-",
        firm=True,
    ),
    Pattern(
        id="mac-dots",
        type="MAC_ADDRESS",
        family=Family.NETWORK,
        regex=r"\b[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\b",
        score=0.3,
        context=_MAC,
        context_score=0.95,
        validator=mac,
    ),
    Pattern(
        id="uuid",
        type="UUID",
        family=Family.NETWORK,
        trigger=r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-",
        regex=r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
        score=0.99,
        joins="",
        ignore_case=True,
        firm=True,
        quiet=True,
        blocks=True,
    ),
    Pattern(
        id="url",
        type="URL",
        family=Family.NETWORK,
        trigger=r"\b(?:(?:https?|ftp)://[A-Za-z0-9\[\x80-\xff]|www\.[A-Za-z0-9\x80-\xff])",
        regex=r"(?:(?:https?|ftp)://|www\.(?=[^\s.]+\.))[^\s<>\"'`\\\u0080-\u00bf\u0250-\uffff]{3,2000}",
        score=0.6,
        validator=web_address,
        joins="",
        firm=True,
        quiet=True,
    ),
)
SHEETS: Final = (
    Sheet(
        type="IP_ADDRESS",
        family=Family.NETWORK,
        title="IP addresses",
        finds="Addresses of version 4 and of version 6, with their short forms.",
        limits="A version with four parts, such as 1.2.3.4, looks the same; it is told apart by a"
        " word such as *version* before it.",
        examples=("192.168.10.24", "2001:db8::8a2e:370:7334"),
        near_misses=("version 10.2.4.1", "300.1.2.3", "1.2.3.4.5"),
    ),
    Sheet(
        type="MAC_ADDRESS",
        family=Family.NETWORK,
        title="MAC addresses",
        finds="Six pairs of hexadecimal digits with colons or hyphens, or three groups with dots"
        " beside a word for them.",
        limits="Longer runs, such as fingerprints of certificates, are left alone.",
        examples=("00:1B:44:11:3A:B7",),
        near_misses=("12:34:56",),
    ),
    Sheet(
        type="UUID",
        family=Family.NETWORK,
        title="UUIDs",
        finds="Only if asked for: identifiers of five hexadecimal groups.",
        limits="Any version is found.",
        examples=("550e8400-e29b-41d4-a716-446655440000",),
    ),
    Sheet(
        type="URL",
        family=Family.NETWORK,
        title="Web addresses",
        finds="Only if asked for: addresses that begin with http, https, ftp or www.",
        limits="Other addresses without a scheme are not found.",
        examples=("https://example.com/path",),
    ),
)
