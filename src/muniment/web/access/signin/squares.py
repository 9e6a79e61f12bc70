"""A QR code as one path of squares, drawn by the page itself: no picture to fetch, no style."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import segno

_QUIET = 4


@dataclass(frozen=True, slots=True)
class Squares:
    """How wide it is, with the quiet around it, and the path of its dark squares."""

    size: int
    path: str


def squares(text: str) -> Squares:
    """Draw a text."""
    code = segno.make(text, error="m", micro=False)
    rows = [list(row) for row in code.matrix]
    parts = []
    for y, row in enumerate(rows):
        x = _QUIET
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                parts.append(f"M{x} {y + _QUIET}h{width}v1h-{width}z")
            x += width
    return Squares(len(rows) + 2 * _QUIET, "".join(parts))
