"""What is recorded when a system is no longer itself; the registry stops a canary by it."""

from __future__ import annotations

from dataclasses import dataclass

from muniment.ledger.kinds.base import kind


@kind("monitor.drifted", subject=("system", "system_id"))
@dataclass(frozen=True, slots=True)
class Drifted:
    """A measure of a system left its bounds in an environment."""

    system_id: str
    environment: str
    measure: str
    severity: str
