"""What stands in tables and facts: a word, a link, a time, a tag; and its plain value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from muniment.access import Scope
from muniment.core.clock import stamp


@dataclass(frozen=True, slots=True)
class Area:
    """Where the pages of a room stand, and what a visitor needs to read them; nothing: own.

    Where each line is shown only to who may see it, the room's own verbs judge line by line.
    """

    address: str
    scope: Scope
    permission: str
    line_by_line: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what is written, where it leads, and how it is drawn."""

    text: str = ""
    href: str = ""
    kind: Literal["text", "code", "tag", "time", "number"] = "text"
    tone: str = ""
    at: datetime | None = None
    note: str = ""

    @property
    def plain(self) -> str:
        """Give the value for an export and for sorting."""
        if self.kind == "time":
            return stamp(self.at) if self.at else ""
        return self.text


def time_cell(at: datetime | None, absent: str = "") -> Cell:
    """Write a moment, or a word where there is none."""
    return Cell(absent, kind="time", at=at) if at else Cell(absent or "never", tone="faint")


def tag_cell(word: str, tones: Mapping[str, str]) -> Cell:
    """Write a state as a word with its colour."""
    return Cell(word.replace("_", " "), kind="tag", tone=tones.get(word, ""))


def scope_cell(scope: Scope) -> Cell:
    """Write where something holds."""
    return Cell(str(scope), kind="text", tone="" if scope.places else "look")
