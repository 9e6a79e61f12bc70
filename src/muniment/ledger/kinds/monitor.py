"""What is recorded of a model at work; by it canaries and calls are stopped, and uses are known."""

from __future__ import annotations

from msgspec import Struct

from muniment.ledger.kinds.base import kind


@kind("monitor.drifted", subject=("system", "system_id"))
class Drifted(Struct, frozen=True):
    """A measure of a system left its bounds in an environment."""

    system_id: str
    environment: str
    measure: str
    severity: str


@kind("monitor.alarm_raised", subject=("system", "system_id"))
class AlarmRaised(Struct, frozen=True):
    """A rule found a measure of a system so far out that it may ask for a stop.

    `stop` is empty, or what is to be stopped: everything, system, model, provider, key or tool;
    `stop_name` names it. `rule` is the rule that asks, and `reason` says why, in short words.
    """

    alarm_id: str
    system_id: str
    environment: str
    measure: str
    rule: str
    reason: str
    stop: str = ""
    stop_name: str = ""


@kind("monitor.predicted", subject=("system", "system_id"))
class Predicted(Struct, frozen=True):
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
