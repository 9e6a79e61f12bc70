"""Tests of what a bill is written from."""

from __future__ import annotations

from muniment.registry.models import PartKind
from muniment.registry.models.bills import Bill
from tests.registry.making import AT, a_system
from tests.registry.rules.bills.making import item


def test_a_bill_takes_its_moment_from_what_it_holds() -> None:
    """Never from the clock; an empty one from its system."""
    assert Bill(a_system(), "sha256:a", (item(PartKind.PROMPT, "a", {}),), "Us").at == AT
    assert Bill(a_system(), "sha256:a", (), "Us").at == AT
    assert item(PartKind.MODEL, "a", {"license": "mit"}).licence == "mit"
    assert item(PartKind.MODEL, "a", {"licence": 7}).licence == ""
