"""What is recorded when a system's risk is assessed; the registry follows it."""

from __future__ import annotations

from msgspec import Struct

from muniment.ledger.kinds.base import kind


@kind("risk.assessed", subject=("system", "system_id"))
class Assessed(Struct, frozen=True):
    """The risk of a system was assessed; the assessment holds until a moment."""

    system_id: str
    assessment_id: str
    tier: str
    holds_until: str
