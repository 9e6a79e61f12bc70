"""Every type has its data sheet."""

from __future__ import annotations

from muniment import detect
from muniment.detect.service import catalogue
from muniment.detect.service.datasheets import sheets


def test_every_type_has_one_sheet_those_of_patterns_first() -> None:
    """The names follow, each tells what was measured of it, and the room's door gives the same."""
    told = sheets()
    types = [each.type for each in told]
    assert len(types) == len(set(types))
    assert types[: len(catalogue.sheets())] == [each.type for each in catalogue.sheets()]
    assert {"PERSON", "ORGANIZATION", "LOCATION"} <= set(types[len(catalogue.sheets()) :])
    assert any(each.measured for each in told)
    assert detect.sheets() == told
