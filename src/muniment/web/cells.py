"""What stands in tables and facts: a word, a link, a time, a tag; and its plain value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from muniment import access, registry
from muniment.access import Scope
from muniment.core.clock import stamp
from muniment.db import Work

_SYSTEM: Final = "system"
_SYSTEMS: Final = "/console/registry/systems"


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
    whole: str = ""  # what the text is short for: on hover, and in an export

    @property
    def plain(self) -> str:
        """Give the value for an export and for sorting."""
        if self.kind == "time":
            return stamp(self.at) if self.at else ""
        return self.whole or self.text


def time_cell(at: datetime | None, absent: str = "") -> Cell:
    """Write a moment, or a word where there is none."""
    return Cell(absent, kind="time", at=at) if at else Cell(absent or "never", tone="faint")


def tag_cell(word: str, tones: Mapping[str, str]) -> Cell:
    """Write a state as a word with its colour."""
    return Cell(word.replace("_", " "), kind="tag", tone=tones.get(word, ""))


def place_names(work: Work, scopes: Iterable[Scope]) -> dict[str, str]:
    """Give the names of the systems that scopes name, to who may see systems."""
    ids = {name for each in scopes for kind, name in each.places if kind == _SYSTEM}
    if not ids or not access.may(work, work.actor, "registry.read").ok:
        return {}
    return registry.keys_of(work, ids)


def scope_words(scope: Scope, names: Mapping[str, str]) -> str:
    """Write where something holds within a sentence, by names where they are known."""
    words = str(scope)
    for _, name in scope.places:
        words = words.replace(name, names.get(name, name))
    return words


def scope_cell(scope: Scope, names: Mapping[str, str] = {}) -> Cell:
    """Write where something holds; a single system that is known is a door to its page."""
    systems = [name for kind, name in scope.places if kind == _SYSTEM and name in names]
    href = f"{_SYSTEMS}/{systems[0]}" if len(systems) == 1 else ""
    return Cell(scope_words(scope, names), href, tone="" if scope.places else "look")
