"""The kill switch: what is stopped, by whom and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

RULE: Final = "rule:"
"""How the name of whoever stopped begins where it was a rule and no human being."""


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

    @property
    def automatic(self) -> bool:
        """Tell whether a rule stopped it, and no human being."""
        return self.stopped_by.startswith(RULE)

    @property
    def thing(self) -> str:
        """Name what is stopped."""
        return self.name or self.kind.value

    def says(self) -> str:
        """Say in words what is stopped."""
        if self.kind is StopKind.EVERYTHING:
            return "everything is stopped"
        return f"the {self.kind.value} {self.name} is stopped"
