"""What a file wants of the registry, and the plan that would bring it there.

A file speaks only of what it names: what it leaves out stays as it is. What serves is never moved
by a plan; a plan drafts a change request, which others look at like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from muniment.core.digest import Digest, digest_value
from muniment.registry.models.changes import Change
from muniment.registry.models.parts import PartKind
from muniment.registry.models.systems import System


@dataclass(frozen=True, slots=True)
class Desired:
    """What a file says: of a system only what it names, and the content of each part.

    Of the kinds it `lists`, it names every part there shall be.
    """

    key: str
    stated: Mapping[str, Any]
    parts: Mapping[str, Mapping[str, Any]]
    lists: frozenset[PartKind] = frozenset()


class PlannedSort(StrEnum):
    """What a step of a plan does."""

    REGISTER = "register"
    STATE = "state"
    HAND_OVER = "hand_over"
    WRITE = "write"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Planned:
    """One step: what it does, to what, and how that differs from what is there."""

    sort: PlannedSort
    what: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Every step from what is there to what a file says, and what is under way already."""

    key: str
    steps: tuple[Planned, ...]
    waiting: tuple[str, ...] = ()
    set_digest: str = ""

    @property
    def drifted(self) -> bool:
        """Tell whether the registry is not as the file says."""
        return bool(self.steps or self.waiting)

    @property
    def digest(self) -> Digest:
        """Name the plan by its content, so that what is done is what was shown."""
        return digest_value([self.key, [_plain(each) for each in self.steps], self.set_digest])


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a plan."""

    plan: Plan
    system: System
    change: Change | None = None


def _plain(step: Planned) -> dict[str, Any]:
    return {**asdict(step), "sort": step.sort.value, "lines": list(step.lines)}
