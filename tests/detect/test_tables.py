"""The tables of examples as a whole."""

from __future__ import annotations

import pytest

from muniment.detect.service.catalogue import sheets
from tests.detect import tables

TYPES = sorted(each.type for each in sheets())


def test_every_type_has_a_table_and_every_table_a_type() -> None:
    """No type goes without examples, and none is left over."""
    tabled = {path.stem.upper() for path in tables.FOLDER.glob("*.jsonl")}
    assert sorted(each for each in tabled if not each.startswith("NAMES_")) == TYPES


@pytest.mark.parametrize("kind", TYPES)
def test_a_table_has_positives_and_others(kind: str) -> None:
    """A table that only has what is found would not notice a detector that finds everything."""
    rows = list(tables.examples(kind))
    assert [each for each in rows if each.find]
    assert [each for each in rows if not each.find]


def test_the_examples_of_the_data_sheets_are_true() -> None:
    """What a data sheet shows as found is found, and its near misses are not."""
    for sheet in sheets():
        for text in sheet.examples:
            assert sheet.type in {each.type for each in tables.scanner().scan(text)}, text
        for text in sheet.near_misses:
            assert sheet.type not in {each.type for each in tables.scanner().scan(text)}, text
