"""How the reference pages are laid out: a head that says where they come from, and tables."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence


def page(title: str, says: str, parts: Iterable[str]) -> str:
    """Lay out one page."""
    note = (
        "<!-- Written by `make docs-reference` from the code. Change the code, not this page. -->"
    )
    return "\n\n".join([f"# {title}", note, says, *parts]) + "\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a table; what would break a row is escaped."""
    lines = [_row(columns), _row(["---"] * len(columns))]
    return "\n".join([*lines, *(_row([_cell(each) for each in row]) for row in rows)])


def code(value: str) -> str:
    """Show a word as code, or nothing for nothing."""
    return f"`{value}`" if value else ""


def said(thing: object) -> str:
    """Give a part's own sentences as one paragraph."""
    return " ".join((inspect.getdoc(thing) or "").split())


def first_sentence(thing: object) -> str:
    """Give the first line of what a part says of itself."""
    return (inspect.getdoc(thing) or "").partition("\n")[0].strip()


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(value: str) -> str:
    return " ".join(value.split()).replace("|", "\\|")
