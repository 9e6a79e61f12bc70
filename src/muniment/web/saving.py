"""A list that was saved: a cell no spreadsheet runs, and below the rows what they are of.

Whoever is handed the file can ask again: it names the question, the moment and its time zone, the
number of rows, who saved it, and the head of the ledger under which it was true.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from muniment.ledger import names_demo
from muniment.web.heads import Head

TIME_ZONE: Final = "UTC"
DEMO: Final = "nothing of this really happened"

_RUN: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 the wide forms are run too


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands below what was saved."""

    query: Mapping[str, str]
    as_of: str
    saved_by: str
    head: Head | None

    @property
    def is_demo(self) -> bool:
        """Tell whether the rows are of a demonstration, which the name of its log says."""
        return self.head is not None and names_demo(self.head.origin)

    def lines(self, count: int) -> Iterator[str]:
        """Write it below a table."""
        for name, *words in self._told(count):
            yield csv_line([f"# {name}", *words])

    def on_paper(self, count: int) -> tuple[tuple[str, str], ...]:
        """Write it below a list that is printed."""
        return tuple(
            (str(name).capitalize(), ", ".join(str(each) for each in words))
            for name, *words in self._told(count)
        )

    def _told(self, count: int) -> Iterator[tuple[str | int, ...]]:
        asked = "; ".join(f"{name}: {value}" for name, value in self.query.items())
        if self.is_demo:
            yield "demo", DEMO
        yield "query", asked or "all"
        yield "as of", self.as_of
        yield "time zone", TIME_ZONE
        yield "rows", count
        yield "saved by", self.saved_by
        head = self.head
        yield ("ledger head", *((head.origin, head.size, head.root) if head else ("none",)))

    def members(self) -> dict[str, Any]:
        """Write it as members of an object, all but the rows and their number."""
        head = self.head
        return {
            **({"demo": DEMO} if self.is_demo else {}),
            "query": dict(self.query),
            "as_of": self.as_of,
            "time_zone": TIME_ZONE,
            "saved_by": self.saved_by,
            "head": {"origin": head.origin, "size": head.size, "root": head.root} if head else None,
        }


def csv_line(cells: Sequence[str | int]) -> str:
    """Write one line of a table; a cell that a spreadsheet would run begins with a quote."""
    written = io.StringIO()
    csv.writer(written).writerow([_harmless(cell) for cell in cells])
    return written.getvalue()


def _harmless(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_RUN) else cell
