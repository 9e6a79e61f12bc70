"""What the places of entries in the log say of a change: tests, a yes, deployments, traffic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from muniment.registry.models.changes import Origin, Verdict

MarkSort = Literal["test", "approval", "deployment", "traffic"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry that speaks of a change: what it is, its id, and its place in the log."""

    sort: MarkSort
    says: str
    record_id: str
    index: int | None
    asserted: bool = False


@dataclass(frozen=True, slots=True)
class OrderProof:
    """Whether a change was tested, then approved, then deployed, by places and not by clocks."""

    change_id: str
    verdict: Verdict
    says: str
    marks: tuple[Mark, ...]
    origin: Origin
