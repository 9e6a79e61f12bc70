"""Draws tables for people; every cell is text, never markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text


def draw(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, highlight=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(cell) for cell in row))
    _Paper(highlight=False).print(table)


class _Paper(Console):
    """A console that leaves a broken pipe to `run`, like everything else that is printed."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def _cell(value: object) -> Text:
    """Make a cell of plain text: no markup, no emoji codes, nothing that steers a terminal."""
    return Text("".join(letter if letter.isprintable() else " " for letter in str(value)))
