"""Joins the halves of many entries around their places, each entry behind its length.

Compiled code does it where there is some (`joining.c`); here is what it does, and what is done
where no compiler was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from muniment.core.compiled import compiled_part

Rows = list[Sequence[bytes]]


def read_joined(heads: Rows, tails: Rows, first: int) -> bytes:
    """Join what callers handed in, one after the other; each has a row of heads and of tails."""
    if first < 0:
        raise OverflowError("can't convert negative int to unsigned")
    parts: list[bytes] = []
    for row, behind in zip(heads, tails, strict=True):
        for head, tail in zip(row, behind, strict=True):
            place = b"%d" % first
            length = len(head) + len(place) + len(tail)
            parts += (length.to_bytes(2, "big"), head, place, tail)
            first += 1
    return b"".join(parts)


compiled: Final = compiled_part("muniment.ledger.service._joining")
joined: Final[Callable[[Rows, Rows, int], bytes]] = (
    compiled.joined if compiled is not None else read_joined
)
