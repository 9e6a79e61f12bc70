"""What is recorded of a model at work; the registry stops a canary and learns what served by it."""

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


@kind("monitor.predicted", subject=("system", "system_id"))
@dataclass(frozen=True, slots=True)
class Predicted:
    """A model made so many predictions between two moments, as whoever keeps them tells.

    The model is named as in its version, or by the digest of one of its files.
    """

    system_id: str
    environment: str
    name: str
    digest: str
    predictions: int
    first_at: str
    last_at: str
