"""Versions of the policy, what is in force since when, and what stood in force on a date.

The policy of an installation is one bundle of files. A version is a bundle somebody drafted; it
never changes. A change of standing (enforced, in shadow, out of shadow) is a line of its own, so
what was enforced on a date is a fact that can be looked up and proved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from muniment.core.digest import Digest

ThreeAnswers = Literal["met", "not_met", "could_not_tell"]


class How(StrEnum):
    """How a version came into force, or into shadow and out of it."""

    PUBLISHED = "published"
    BOOTSTRAP = "bootstrap"
    ROLLED_BACK = "rolled_back"
    SHADOWED = "shadowed"
    SHADOW_ENDED = "shadow_ended"

    @property
    def enforces(self) -> bool:
        """Tell whether it put a version in force; a shadow never does."""
        return self in (How.PUBLISHED, How.BOOTSTRAP, How.ROLLED_BACK)


@dataclass(frozen=True, slots=True)
class Version:
    """One bundle somebody drafted, from which version, and why."""

    number: int
    bundle: Digest
    based_on: int
    rules: int
    author: str
    reason: str
    made_at: datetime
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is in force and in shadow now; the revision counts every change. Zero means none."""

    revision: int = 0
    enforced: int = 0
    shadow: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One change of standing: which version, how, by whom, on whose yes, and its record."""

    revision: int
    how: How
    version: int
    before: int
    person: str
    reason: str
    request_id: str
    at: datetime
    record_id: str


@dataclass(frozen=True, slots=True)
class InForce:
    """What was enforced at a moment, and how far that is proved.

    `proof` is a proof file for the entry that put it in force, once that entry is sealed. A version
    that was only in shadow is named apart and never counts as enforced.
    """

    at: datetime
    change: Change | None
    version: Version | None
    shadow: Version | None
    entry: int | None = None
    proof: bytes = b""

    @property
    def verdict(self) -> ThreeAnswers:
        """Say whether a policy was enforced, as proved by the log."""
        if self.change is None:
            return "not_met"
        return "met" if self.proof else "could_not_tell"


LineKind = Literal["same", "added", "removed", "gap"]


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line of a file: as it was and is, taken away, or new; a gap says how many were left out.

    `before` and `after` are its numbers in the two files.
    """

    kind: LineKind
    text: str
    before: int | None = None
    after: int | None = None

    @property
    def sign(self) -> str:
        """Give the sign which says what happened to the line."""
        return {"added": "+", "removed": "-", "same": " ", "gap": "@"}[self.kind]


@dataclass(frozen=True, slots=True)
class FileDiff:
    """What one version changes in a file of another, line by line."""

    name: str
    kind: Literal["added", "changed", "removed"]
    lines: tuple[LineChange, ...]

    @property
    def added(self) -> int:
        """Count the lines that are new."""
        return sum(each.kind == "added" for each in self.lines)

    @property
    def removed(self) -> int:
        """Count the lines that are taken away."""
        return sum(each.kind == "removed" for each in self.lines)


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that a version adds, changes or takes away, with both texts."""

    rule: str
    before: str
    after: str

    @property
    def kind(self) -> Literal["added", "changed", "removed"]:
        """Say which of the three it is."""
        if not self.before:
            return "added"
        return "changed" if self.after else "removed"
