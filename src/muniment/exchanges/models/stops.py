"""The kill switch: what is stopped, by whom and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class StopKind(StrEnum):
    """What can be stopped."""

    EVERYTHING = "everything"
    SYSTEM = "system"
    MODEL = "model"
    PROVIDER = "provider"
    KEY = "key"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class Stop:
    """Something is stopped until somebody lets it go on."""

    id: str
    kind: StopKind
    name: str
    reason: str
    stopped_by: str
    stopped_at: datetime
    ended_by: str = ""
    ended_at: datetime | None = None
    end_reason: str = ""

    def says(self) -> str:
        """Say in words what is stopped."""
        if self.kind is StopKind.EVERYTHING:
            return "everything is stopped"
        return f"the {self.kind.value} {self.name} is stopped"
