"""What is recorded when something went wrong; calls are stopped by it where a rule asks for it."""

from __future__ import annotations

from msgspec import Struct

from muniment.ledger.kinds.base import kind


@kind("incidents.opened", subject=("incident", "incident_id"))
class Opened(Struct, frozen=True):
    """Something went wrong with a system, and somebody has to see to it.

    `stop` and `stop_name` say what a rule wants stopped, as in monitor.alarm_raised; `rule` is that
    rule, and empty where a human being opened it, who stops things themselves.
    """

    incident_id: str
    system_id: str
    severity: str
    reason: str
    rule: str = ""
    stop: str = ""
    stop_name: str = ""
