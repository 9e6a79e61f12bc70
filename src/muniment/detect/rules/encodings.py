"""Looks one level into base64: a key that was encoded is still a key."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Final

from muniment.detect.models import Finding, Why
from muniment.detect.rules.normalise import Shadow

SURE: Final = 0.9
_MOST: Final = 8_192
_RUN: Final = re.compile(r"[A-Za-z0-9+/_\-]{20,}={0,2}")
_PROBE: Final = 8
_STANDARD: Final = str.maketrans("-_", "+/")
_PRINTABLE: Final = bytes([9, 10, 13, *range(32, 127)])


def readable_runs(shadow: Shadow, starts: Iterable[int]) -> Iterator[tuple[int, int, str]]:
    """Give each run of base64 that decodes to readable text, with its place in the original."""
    for start in starts:
        found = _RUN.match(shadow.text, start) or _RUN.match(shadow.text, start + 1)
        decoded = _decoded(found[0]) if found else None
        if found and decoded is not None:
            yield shadow.place(found.start()), shadow.end(found.end()), decoded


def wrapped(each: Finding, start: int, end: int) -> Finding:
    """Give a finding inside an encoded run as one of the whole run."""
    why = Why(each.why.pattern, each.why.context, (*each.why.steps, "inside base64"))
    return Finding(
        each.type, each.family, start, end, each.score, why, each.validation, each.detector
    )


def _decoded(run: str) -> str | None:
    if len(run) > _MOST or not _could_be_text(run[:_PROBE]):
        return None
    body = run.rstrip("=").translate(_STANDARD)
    if len(body) % 4 == 1:
        return None
    try:
        data = base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return data.decode("ascii") if _is_readable(data) else None


def _could_be_text(probe: str) -> bool:
    """Refuse most words and numbers by their first eight letters, before anything is decoded."""
    try:
        data = base64.b64decode(probe.translate(_STANDARD), validate=True)
    except (binascii.Error, ValueError):
        return False
    return _is_readable(data)


def _is_readable(data: bytes) -> bool:
    return not data.translate(None, _PRINTABLE)
