"""Detectors written for tests: one that finds by simple shapes, one that judges wildly."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping

from muniment.detect.models import Coverage, Family, Finding, Scan, Why

SHAPES: Mapping[str, tuple[Family, str]] = {
    "EMAIL_ADDRESS": (
        Family.PII,
        r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    ),
    "CREDIT_CARD": (Family.FINANCIAL, r"\b\d{4}(?:[ .\n-]?\d{4}){3}\b"),
    "PHONE_NUMBER": (Family.PII, r"\+\d{2}(?: \d{2,4}){2,4}"),
    "PERSON": (Family.NAMES, r"\b(?:van |de la )?[A-Z][a-z]+(?: [A-Z][a-z]+)+\b"),
    "JWT": (Family.SECRETS, r"eyJ[\w-]+\.[\w-]+\.[\w-]+"),
    "PRIVATE_KEY": (
        Family.SECRETS,
        r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----",
    ),
    "PASSWORD": (Family.SECRETS, r"(?<=password is )\S+"),
}
_COMPILED = {name: (family, re.compile(shape)) for name, (family, shape) in SHAPES.items()}


def scan_of(text: str, findings: list[Finding], *, gaps: tuple[str, ...] = ()) -> Scan:
    """Wrap findings as a detector does."""
    return Scan(tuple(findings), Coverage(len(text), len(text), ("patterns",), gaps), "test 1")


def by_shape(text: str, after: int = 0) -> Scan:
    """Find by a few simple shapes; the longer of two that overlap stays."""
    found = [
        Finding(name, family, *match.span(), 0.9, Why(name.lower()))
        for name, (family, shape) in _COMPILED.items()
        for match in shape.finditer(text)
    ]
    kept: list[Finding] = []
    for each in sorted(found, key=lambda f: (f.start - f.end, f.start)):
        if not any(each.overlaps(other) for other in kept):
            kept.append(each)
    return scan_of(text, sorted(kept, key=lambda f: f.start))


def wild(seed: int) -> Callable[[str, int], Scan]:
    """Make a detector whose findings hang on every character of what it is shown.

    No real detector is as unsteady; a stream that equals its whole text even so does it by how it
    cuts, and owes nothing to the detector's good manners.
    """

    def scan(text: str, after: int) -> Scan:
        chance = zlib.crc32(text.encode("utf-8", "surrogatepass"), seed)
        found: list[Finding] = []
        at = 0
        while at < len(text):
            chance = (chance * 1103515245 + 12345) & 0x7FFFFFFF
            start = at + chance % 60
            end = start + 1 + (chance >> 8) % 30
            if end > len(text):
                break
            type_name = ("PERSON", "EMAIL_ADDRESS", "CREDIT_CARD")[(chance >> 16) % 3]
            found.append(Finding(type_name, Family.PII, start, end, 0.9, Why("wild")))
            at = end
        return scan_of(text, found)

    return scan
