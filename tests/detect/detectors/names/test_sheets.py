"""The data sheets of the names layer."""

from __future__ import annotations

import pytest

from muniment.detect.detectors import measured
from muniment.detect.detectors.names import Names
from muniment.detect.detectors.names.labels import TYPES
from muniment.detect.detectors.names.sheets import SHEETS
from muniment.detect.models import Sheet

NAMES = Names()


def test_every_type_has_a_sheet() -> None:
    """Each type says what it finds, and its error rates are measured."""
    assert {sheet.type for sheet in SHEETS} == set(TYPES)
    assert all(measured.rows()[sheet.type].wanted for sheet in SHEETS)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.type)
def test_examples_are_true(sheet: Sheet) -> None:
    """What a sheet gives as example is found, and its near misses are not."""
    assert all(any(each.type == sheet.type for each in NAMES.scan(text)) for text in sheet.examples)
    assert not any(
        each.type == sheet.type for text in sheet.near_misses for each in NAMES.scan(text)
    )
