"""The error rates in the data sheets: counts on texts by hand.

`measured.json` holds them; `benchmarks/detect_unseen.py` counts them, and a test counts again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

FILE: Final = "measured.json"
_FEW: Final = 10


class Row(NamedTuple):
    """The counts of one type, and how many texts were read for them."""

    texts: int
    wanted: int
    exact: int
    part: int
    false: int


@cache
def rows() -> Mapping[str, Row]:
    """Give the recorded counts of every type."""
    text = Path(__file__).with_name(FILE).read_text("utf-8")
    return {name: Row(*counts) for name, counts in json.loads(text).items()}


def written(found: Mapping[str, Row]) -> str:
    """Write counts as they are recorded, one type on each line."""
    lines = [f'"{name}": {json.dumps(list(row))}' for name, row in sorted(found.items())]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def told(row: Row) -> str:
    """Say the counts in words."""
    wanted = f"{row.exact} of {row.wanted} were found"
    if row.part > row.exact:
        wanted += f" with both ends right and {row.part - row.exact} more in part"
    if not row.wanted:
        wanted = "none was there to find"
    false = f"{row.false} {'was' if row.false == 1 else 'were'} false"
    few = "; too few to say more" if 0 < row.wanted < _FEW else ""
    return f"On {row.texts} texts by hand {wanted}, {false}{few}."


def told_of(kind: str) -> str:
    """Say the counts of a type in words, or that there are none."""
    row = rows().get(kind)
    return told(row) if row is not None else "Not measured beyond its table of examples."
