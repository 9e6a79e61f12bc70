"""How long the facts of decisions are kept, and what is held beyond that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HoldSort(StrEnum):
    """What a hold keeps: the facts of one decision, of a system's decisions, or of all."""

    DECISION = "decision"
    SYSTEM = "system"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Hold:
    """Facts that stay for as long as it stands, however old they are: for a case, for a court."""

    id: str
    sort: HoldSort
    subject: str
    reason: str
    person: str
    at: datetime
    lifted_at: datetime | None = None
