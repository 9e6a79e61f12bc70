"""What stands in the tables of these pages: a word, a link, a time, a tag; and its plain value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from muniment.access import Holder, HolderKind, Scope
from muniment.core.clock import stamp

ADDRESS = "/console/access"
_PLACES: Mapping[HolderKind, str] = {
    HolderKind.PERSON: "people",
    HolderKind.SERVICE: "services",
    HolderKind.TEAM: "teams",
}


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


def holder_cell(holder: Holder, names: Mapping[str, str]) -> Cell:
    """Name who holds something, with what sort of being it is."""
    return Cell(names.get(holder.id, holder.id), holder_href(holder), note=holder.kind.value)


def holder_href(holder: Holder) -> str:
    """Link to the page of a person, a service or a team."""
    return f"{ADDRESS}/{_PLACES[holder.kind]}/{holder.id}"
