"""What calls cost: a price by provider and model, in millionths of one currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost from a moment on; without amounts, nobody knows from then on.

    A price that came with the product says so in `shipped`, and of which day it is in `source`.
    """

    provider: str
    model: str
    currency: str
    input_micros: int | None
    output_micros: int | None
    valid_from: datetime
    source: str
    id: str = ""
    reason: str = ""
    set_by: str = ""
    set_at: datetime | None = None
    shipped: bool = False

    @property
    def known(self) -> bool:
        """Tell whether it says what something costs."""
        return self.input_micros is not None and self.output_micros is not None
