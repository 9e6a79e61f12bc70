"""Decisions as they are kept, made again, and compared with what a draft would say.

A kept decision names its facts and its bundle by digest. Both are kept under these digests, so the
decision can be made again years later, and must come out the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muniment.core.digest import Digest
from muniment.policy.models.judging import Decision, Effect, Facts, Reason, Remedy
from muniment.policy.models.versions import ThreeAnswers


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision just made, by which version, on which facts; and what the shadow would have said.

    Only `decision` counts. The shadow is there to be looked at.
    """

    facts: Facts
    decision: Decision
    version: int
    shadow: Decision | None = None
    shadow_version: int = 0


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision as it is kept."""

    id: str
    at: datetime
    version: int
    bundle: Digest
    facts: Digest
    action: str
    principal: str
    resource_type: str
    resource: str
    system: str
    effect: Effect
    decision: Mapping[str, Any]
    shadow_version: int = 0
    shadow: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Replay:
    """A past decision made again: the same, not the same, or it could not be made."""

    recorded: Recorded
    verdict: ThreeAnswers
    says: str
    again: Decision | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """Decisions that a draft would have made otherwise, alike in what would have changed."""

    action: str
    resource_type: str
    was: Effect
    would_be: Effect
    by: tuple[str, ...]
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Simulation:
    """What would have changed: of so many decisions so many were tried, and these moved."""

    bundle: Digest
    since: datetime
    until: datetime
    decisions: int
    tried: int
    changed: int
    groups: tuple[Moved, ...]
    unreadable: int = 0

    @property
    def whole(self) -> bool:
        """Tell whether every decision of the time was tried."""
        return self.tried == self.decisions and not self.unreadable


def decision_value(decision: Decision) -> dict[str, Any]:
    """Give a decision as plain JSON, as it is kept and compared."""
    return {
        "effect": decision.effect.value,
        "reasons": [
            {
                "rule": each.rule,
                "effect": each.effect,
                "says": each.says,
                "controls": list(each.controls),
                "remedy": each.remedy,
            }
            for each in decision.reasons
        ],
        "remedies": [str(each) for each in decision.remedies],
        "bundle": decision.bundle,
        "errors": list(decision.errors),
        "says": decision.says,
        "rounds": decision.rounds,
    }


def read_decision(value: Mapping[str, Any]) -> Decision:
    """Read a decision that was kept."""
    return Decision(
        effect=Effect(value["effect"]),
        reasons=tuple(
            Reason(
                each["rule"],
                each["effect"],
                each["says"],
                tuple(each["controls"]),
                each["remedy"],
            )
            for each in value["reasons"]
        ),
        remedies=tuple(Remedy.read(each) for each in value["remedies"]),
        bundle=Digest(value["bundle"]),
        errors=tuple(value["errors"]),
        says=value["says"],
        rounds=value["rounds"],
    )
