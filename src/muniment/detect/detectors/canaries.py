"""Planted canaries, recognised by their form and check even where their list is not at hand."""

from __future__ import annotations

from typing import Final

from muniment.detect.models import Checked, Family, Pattern, Sheet
from muniment.detect.rules.canary import canaries_in


def canary(value: str) -> Checked:
    """The last six places are the check of the others."""
    return Checked(bool(canaries_in(value.upper())), "the canary's check is right")


PATTERNS: Final = (
    Pattern(
        id="canary",
        type="CANARY",
        family=Family.SAFETY,
        trigger=r"\bCNRY-[A-Z0-9]{4}-",
        regex=r"CNRY(?:-[A-Z0-9]{4}){4}-[A-Z0-9]{6}\b",
        score=1.0,
        validator=canary,
        ignore_case=True,
        firm=True,
    ),
)
SHEETS: Final = (
    Sheet(
        type="CANARY",
        family=Family.SAFETY,
        title="Planted canaries",
        finds="Canaries that this product made, wherever they come out, and those of the list.",
        limits="A model that changes a letter of a canary hides it; plant several.",
        examples=("CNRY-BCDF-GHJK-LMNP-QRST-9MZMJQ",),
        control="CC7.2",
    ),
)
