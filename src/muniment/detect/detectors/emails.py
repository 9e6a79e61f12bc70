"""E-mail addresses, judged by their form alone: no list of public suffixes is fetched."""

from __future__ import annotations

from typing import Final

from muniment.detect.models import Family, Pattern, Sheet

PATTERNS: Final = (
    Pattern(
        id="email",
        reach=80,
        type="EMAIL_ADDRESS",
        family=Family.PII,
        trigger=r"[A-Za-z0-9]@[A-Za-z0-9]",
        regex=r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}",
        score=0.99,
        firm=True,
    ),
)
SHEETS: Final = (
    Sheet(
        type="EMAIL_ADDRESS",
        family=Family.PII,
        title="E-mail addresses",
        finds="Addresses of the form name@domain.tld.",
        limits="Addresses without a dot in the domain are not found.",
        examples=("maria.lopez@example.com",),
        near_misses=("@handle", "user@localhost"),
    ),
)
