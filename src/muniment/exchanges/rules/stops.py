"""Which stop a call runs into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from muniment.core.errors import InvalidError
from muniment.exchanges.models import Stop, StopKind

_LONGEST_NAME: Final = 120
_LONGEST_REASON: Final = 500


def stop_met(stops: Iterable[Stop], names: Mapping[StopKind, frozenset[str]]) -> Stop | None:
    """Give the first stop that concerns any of these; what stops everything comes first."""
    found = [
        stop
        for stop in stops
        if stop.kind is StopKind.EVERYTHING or stop.name in names.get(stop.kind, frozenset())
    ]
    return min(
        found, key=lambda stop: (stop.kind is not StopKind.EVERYTHING, stop.id), default=None
    )


def require_stop(kind: StopKind, name: str, reason: str) -> None:
    """Check what somebody wants to stop."""
    if (kind is StopKind.EVERYTHING) == bool(name):
        raise InvalidError(
            "a stop of everything names nothing, and every other names what it stops",
            field="name",
            remedy="Give the name, or none together with everything.",
        )
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise InvalidError("this is no name", field="name", remedy="Copy it from its page.")
    require_reason(reason)


def require_reason(reason: str) -> None:
    """Check that somebody says why."""
    if not reason.strip() or len(reason) > _LONGEST_REASON:
        raise InvalidError(
            "it needs a reason",
            field="reason",
            remedy=f"Say in 1 to {_LONGEST_REASON} characters why.",
        )
