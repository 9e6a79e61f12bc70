"""What the word list can say of a word, and the numbers of its beginnings and ends."""

from __future__ import annotations

from array import array
from typing import Final

KNOWN: Final = (
    *("given", "family", "city", "region", "country", "organisation", "form", "job", "nrp"),
    *("street", "common", "honorific", "particle", "month", "trade", "tech"),
)
"""What the word list can say of a word; one bit each, in this order."""

UNKNOWN: Final = 0
"""The row of every word that the list does not hold."""

PREFIXES: Final = (1, 2, 3, 4, 5)
SUFFIXES: Final = (2, 3, 4, 6)
PARTS: Final = len(PREFIXES) + len(SUFFIXES)
PART_BUCKETS: Final = 1 << 14
ENDS: Final = max(*PREFIXES, *SUFFIXES)
"""So many letters at each end of a word its parts are made of."""


def _multipliers() -> array[int]:
    """Give a column of odd numbers for each prefix and suffix, zero where they do not reach.

    The first rows are for the first letters of a word, the others for its last ones.
    """
    columns = []
    for salt, size in enumerate((*PREFIXES, *SUFFIXES), start=1):
        column = [(0x9E3779B97F4A7C15 * (salt * 31 + row * 7 + 1)) | 1 for row in range(size)]
        ahead = [number % 2**64 for number in column] + [0] * (ENDS - size)
        rest = [0] * ENDS
        columns.append([*ahead, *rest] if salt <= len(PREFIXES) else [*rest, *ahead])
    return array("Q", [column[row] for row in range(2 * ENDS) for column in columns])


MULTIPLIERS: Final = _multipliers()
"""Row by row: a number for each letter and part."""
