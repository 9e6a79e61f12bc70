"""The texts by hand that come with the product, on which every change of a detector is measured.

They were written without a look at the rules, and the names layer learns from none of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

Span = tuple[int, int, str]
UNSURE: Final = "?"
VALUES: Final = "values"
NAMES: Final = "names"
SIGNALS: Final = "signals"


class Example(NamedTuple):
    """A text with what is in it; of signals the whole text is one."""

    text: str
    spans: tuple[Span, ...]


def read(name: str) -> Iterator[Example]:
    """Read the texts of a set."""
    text = Path(__file__).with_name("sets").joinpath(f"{name}.jsonl").read_text("utf-8")
    for line in text.splitlines():
        row = json.loads(line)
        if name == SIGNALS:
            whole = ((0, len(row["text"]), row["is"]),) if row["is"] else ()
            yield Example(row["text"], whole)
        else:
            yield Example(
                row["text"], tuple((start, end, kind) for start, end, kind in row["spans"])
            )
