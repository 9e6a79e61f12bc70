"""What the partials take: columns, a page of rows, three answers, the lines of a diff.

Values only, decided here so that templates only draw. Widths are percentages as text, because a
page carries no inline style; they become attributes of an SVG.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import parse_qsl, urlencode

from muniment.core.errors import InvalidError

LineKind = Literal["same", "added", "removed", "hunk"]

# The bands of a drift severity, and the word for each; a word always stands beside the colour.
SEVERITY_BANDS: Final = (
    (0.0, 0.1, "none", "steady"),
    (0.1, 0.3, "mild", "moved"),
    (0.3, 0.5, "look", "investigate"),
    (0.5, 1.0, "stop", "act"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: `sort` is the name to sort by, empty when it cannot be."""

    label: str
    sort: str = ""
    number: bool = False
    hide_narrow: bool = False


@dataclass(frozen=True, slots=True)
class Sorting:
    """By which column a table is sorted, and which way."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    """What is shown, and the links to the first page and the next one."""

    shown: str
    first_href: str = ""
    next_href: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """One form in which a table can be saved."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a matrix: how bad it is from 0 to 4 or unknown, and whether we stand here."""

    text: str
    level: Literal[0, 1, 2, 3, 4, "u"]
    href: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar, in percent of its width."""

    kind: str
    start: str
    width: str
    end: str


@dataclass(frozen=True, slots=True)
class Answers:
    """How many were met, how many not, and how many nobody could tell."""

    met: int
    not_met: int
    unknown: int

    @property
    def total(self) -> int:
        """Count all of them."""
        return self.met + self.not_met + self.unknown

    @property
    def sentence(self) -> str:
        """Say it in words, leaving out what is none."""
        named = (
            (self.met, "met"),
            (self.not_met, "not met"),
            (self.unknown, "could not tell"),
        )
        return ", ".join(f"{number:,} {word}" for number, word in named if number) or "none asked"

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Cut a bar by them; unknown is as wide as it is."""
        counts = (("met", self.met), ("not", self.not_met), ("unknown", self.unknown))
        return tuple(_segments(counts, self.total))


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a diff, with its number before and after."""

    kind: LineKind
    text: str
    before: int | None = None
    after: int | None = None

    @property
    def sign(self) -> str:
        """Give the sign which says, without colour, what happened to the line."""
        return {"added": "+", "removed": "−", "same": "", "hunk": ""}[self.kind]  # noqa: RUF001 - a true minus lines up with the plus


def sorting_from(text: str, columns: Sequence[Column], default: Sorting) -> Sorting:
    """Read `sort` from an address: a column's name, with a minus for the other way."""
    if not text:
        return default
    wanted = Sorting(text.removeprefix("-"), descending=text.startswith("-"))
    names = [column.sort for column in columns if column.sort]
    if wanted.column not in names:
        raise InvalidError(
            f"{text[:40]!r} is not a column to sort by",
            field="sort",
            remedy=f"Sort by {', '.join(names)}, with a minus before it for the other way.",
        )
    return wanted


def sort_href(query: str, column: Column, sorting: Sorting) -> str:
    """Link to the same table sorted by a column; a second click turns it round.

    The cursor is dropped, for it belongs to the order before.
    """
    descending = column.sort == sorting.column and not sorting.descending
    kept = [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True)
        if name not in {"sort", "cursor"}
    ]
    return "?" + urlencode([*kept, ("sort", f"{'-' if descending else ''}{column.sort}")])


def sort_state(column: Column, sorting: Sorting | None) -> str:
    """Say how a column is sorted, in the word screen readers know."""
    if sorting is None or not column.sort or column.sort != sorting.column:
        return ""
    return "descending" if sorting.descending else "ascending"


def diff_lines(before: str, after: str, *, context_lines: int = 3) -> tuple[DiffLine, ...]:
    """Compare two texts line by line, keeping a few equal lines around each change."""
    old, new = before.splitlines(), after.splitlines()
    groups = difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_grouped_opcodes(
        context_lines
    )
    return tuple(line for group in groups for line in _group_lines(group, old, new))


def severity_word(severity: float) -> tuple[str, str]:
    """Name the band a severity lies in: its kind and its word."""
    for _start, end, kind, word in SEVERITY_BANDS:
        if severity < end:
            return kind, word
    return SEVERITY_BANDS[-1][2:]


def percent(share: float) -> str:
    """Write a share of one as an attribute of an SVG."""
    return f"{round(min(max(share, 0.0), 1.0) * 100, 3):g}%"


def _segments(counts: Sequence[tuple[str, int]], total: int) -> Iterator[Segment]:
    passed = 0
    for kind, number in counts:
        if number:
            start, width = passed / total, number / total
            passed += number
            yield Segment(kind, percent(start), percent(width), percent(passed / total))


def _hunk_says(old_from: int, old_to: int, new_from: int, new_to: int) -> str:
    """Say which lines became which; none of them is no line 0."""
    if old_from == old_to:
        return f"{_range(new_from, new_to)} added"
    before = _range(old_from, old_to)
    if new_from == new_to:
        return f"{before} removed"
    after = _range(new_from, new_to)
    return f"{before} became {after[:1].lower()}{after[1:]}"


def _range(start: int, end: int) -> str:
    return f"Line {end}" if end - start == 1 else f"Lines {start + 1} to {end}"


def _group_lines(
    group: Sequence[tuple[str, int, int, int, int]], old: Sequence[str], new: Sequence[str]
) -> Iterator[DiffLine]:
    first, last = group[0], group[-1]
    yield DiffLine("hunk", _hunk_says(first[1], last[2], first[3], last[4]))
    for tag, old_from, old_to, new_from, new_to in group:
        if tag == "equal":
            for at in range(old_to - old_from):
                number = old_from + at
                yield DiffLine("same", old[number], number + 1, new_from + at + 1)
            continue
        for number in range(old_from, old_to):
            yield DiffLine("removed", old[number], before=number + 1)
        for number in range(new_from, new_to):
            yield DiffLine("added", new[number], after=number + 1)
