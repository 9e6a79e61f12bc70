"""What changed in a text of policies, line by line, as the pages draw it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from muniment.policy import FileDiff, LineChange, line_changes
from muniment.web.parts import DiffLine
from muniment.web.shows import Difference

MOST_LINES_DRAWN: Final = 1_000


def difference(title: str, before: str, after: str) -> Difference:
    """Draw what changed in one text."""
    return _drawn(title, line_changes(before, after))


def differences(files: Iterable[FileDiff]) -> tuple[Difference, ...]:
    """Draw what changed in each file."""
    return tuple(_drawn(each.name, each.lines, f"{each.kind}, ") for each in files)


def _drawn(title: str, lines: tuple[LineChange, ...], kind: str = "") -> Difference:
    added = sum(each.kind == "added" for each in lines)
    removed = sum(each.kind == "removed" for each in lines)
    shown = [_line(each) for each in lines[:MOST_LINES_DRAWN]]
    if len(lines) > MOST_LINES_DRAWN:
        left = len(lines) - MOST_LINES_DRAWN
        shown.append(DiffLine("hunk", f"{left:,} more lines; `muniment policy diff` gives all"))
    if not lines:
        shown.append(DiffLine("hunk", "The text is the same, word for word."))
    return Difference(title, tuple(shown), f"{kind}{added:,} added, {removed:,} removed")


def _line(each: LineChange) -> DiffLine:
    if each.kind == "gap":
        return DiffLine("hunk", each.text)
    return DiffLine(each.kind, each.text, each.before, each.after)
