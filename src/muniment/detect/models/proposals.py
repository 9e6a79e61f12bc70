"""The nouns of a change request: what somebody asks for, and what was measured before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from muniment.detect.models.calibration import Figures
from muniment.detect.models.findings import Configuration


class ProposalState(StrEnum):
    """How a change request stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    OVERTAKEN = "overtaken"
    IN_FORCE = "in_force"
    EARLIER = "earlier"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class SetFigures:
    """How a configuration does on one of the sets that come with the product."""

    name: str
    texts: int
    wanted: int
    found: int
    false: int

    def as_value(self) -> dict[str, int]:
        """Give the counts as plain JSON."""
        return {
            "texts": self.texts,
            "wanted": self.wanted,
            "found": self.found,
            "false": self.false,
        }


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of a configuration: on the cases here, and on the sets of the product."""

    cases: Figures
    sets: tuple[SetFigures, ...] = ()

    def as_value(self) -> dict[str, dict[str, int]]:
        """Give it as plain JSON, one table for the cases and one for each set."""
        return {
            "cases": self.cases.as_value(),
            **{each.name: each.as_value() for each in self.sets},
        }

    def counts(self) -> dict[str, int]:
        """Give every count under one flat name, as a record holds them."""
        return {
            f"{table}.{name}": count
            for table, counts in self.as_value().items()
            for name, count in counts.items()
        }


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of a detector that somebody asks for; it holds nothing until a peer says yes."""

    id: str
    system: str
    configuration: Configuration
    previous: Configuration
    owner: str
    reason: str
    author: str
    proposed_at: datetime
    expires_at: datetime | None
    before: Measured
    after: Measured
    loosens: tuple[str, ...]
    request_id: str = ""
    version: int = 0
    applied_by: str = ""
    applied_at: datetime | None = None


def measured_from(value: dict[str, dict[str, int]]) -> Measured:
    """Read what was measured from plain JSON."""
    sets = tuple(SetFigures(name, **counts) for name, counts in value.items() if name != "cases")
    return Measured(Figures(**value["cases"]), sets)
