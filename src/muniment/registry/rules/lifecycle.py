"""The life of a system: which step may follow which, and when it must be looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from muniment.core.errors import ConflictError, InvalidError
from muniment.registry.models import System, SystemState
from muniment.registry.rules.profiles import require_text

_STEPS: Final[Mapping[SystemState, frozenset[SystemState]]] = {
    SystemState.PROPOSED: frozenset({SystemState.IN_REVIEW, SystemState.RETIRED}),
    SystemState.IN_REVIEW: frozenset(
        {SystemState.APPROVED, SystemState.PROPOSED, SystemState.RETIRED}
    ),
    SystemState.APPROVED: frozenset(
        {SystemState.LIVE, SystemState.IN_REVIEW, SystemState.SUSPENDED, SystemState.RETIRED}
    ),
    SystemState.LIVE: frozenset({SystemState.SUSPENDED, SystemState.RETIRED}),
    SystemState.SUSPENDED: frozenset({SystemState.APPROVED, SystemState.LIVE, SystemState.RETIRED}),
    SystemState.RETIRED: frozenset(),
}
_WAYS_OUT: Final[Mapping[SystemState, str]] = {
    SystemState.PROPOSED: "Submit it for review first.",
    SystemState.IN_REVIEW: "Wait for the answer, or withdraw the request.",
    SystemState.APPROVED: "It is approved; promote a change to make it live.",
    SystemState.LIVE: "It is live; suspend or retire it.",
    SystemState.SUSPENDED: "Resume it first.",
    SystemState.RETIRED: "What is retired stays so; register a new system.",
}
_REVIEW_DAYS: Final[Mapping[str, int]] = {"low": 730, "limited": 365, "high": 180, "critical": 90}
_DISPOSAL: Final = ("data", "models", "access", "records")


def require_step(system: System, to: SystemState) -> None:
    """Refuse a step that does not follow from where the system stands."""
    if to not in _STEPS[system.state]:
        now, wanted = (each.value.replace("_", " ") for each in (system.state, to))
        raise ConflictError(
            f"{system.key} is {now} and cannot become {wanted}",
            subject=system.id,
            remedy=_WAYS_OUT[system.state],
        )


def review_due(tier: str, at: datetime) -> datetime:
    """Say until when a review holds: the higher the tier, the shorter; unknown is the highest."""
    return at + timedelta(days=_REVIEW_DAYS.get(tier, _REVIEW_DAYS["critical"]))


def read_disposal(given: Mapping[str, str]) -> dict[str, str]:
    """Take the record of disposal: what became of the data, models, access and records."""
    unknown = sorted(set(given) - set(_DISPOSAL))
    if unknown:
        raise InvalidError(
            f"{unknown[0][:40]!r} is no part of a disposal record",
            field="disposal",
            remedy=f"Say what became of {', '.join(_DISPOSAL)}.",
        )
    return {
        name: require_text(given.get(name, ""), f"disposal.{name}", longest=500, empty=False)
        for name in _DISPOSAL
    }
