"""The tables of examples as a whole."""

from __future__ import annotations

import pytest

from muniment import detect
from muniment.detect.detectors.names.labels import TYPES as NAMES
from muniment.detect.service.catalogue import patterns, sheets
from tests.detect import tables

TYPES = sorted(each.type for each in detect.sheets())


def test_every_type_has_a_table_and_every_table_a_type() -> None:
    """No type that the scanner can give goes without examples, and none is left over."""
    tabled = {path.stem.upper() for path in tables.FOLDER.glob("*.jsonl")}
    assert sorted(each for each in tabled if not each.startswith("NAMES_")) == TYPES
    assert {each.type for each in patterns()} | set(NAMES) == set(TYPES)


@pytest.mark.parametrize("kind", TYPES)
def test_a_table_has_positives_and_others(kind: str) -> None:
    """A table that only has what is found would not notice a detector that finds everything."""
    rows = list(tables.examples(kind))
    assert [each for each in rows if each.find]
    assert [each for each in rows if not each.find]


@pytest.mark.parametrize("kind", sorted(NAMES))
def test_every_example_of_a_name_is_judged_right(kind: str) -> None:
    """People, organisations, places and their kin, by the names layer, in several languages."""
    scanner = detect.Scanner()
    for each in tables.examples(kind):
        found = [each.text[f.start : f.end] for f in scanner.scan(each.text) if f.type == kind]
        assert tuple(found) == each.find, each.text


def test_the_examples_of_the_data_sheets_are_true() -> None:
    """What a data sheet shows as found is found, and its near misses are not."""
    for sheet in sheets():
        for text in sheet.examples:
            assert sheet.type in {each.type for each in tables.scanner().scan(text)}, text
        for text in sheet.near_misses:
            assert sheet.type not in {each.type for each in tables.scanner().scan(text)}, text
