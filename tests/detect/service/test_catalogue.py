"""The catalogue of detectors."""

from __future__ import annotations

import pytest

from muniment.core.errors import InvalidError
from muniment.detect import Configuration
from muniment.detect.detectors import secrets_keys
from muniment.detect.service import catalogue


def test_every_pattern_has_an_id_and_every_type_a_sheet() -> None:
    """Ids are unique, so that a reason names one pattern; no type goes without a data sheet."""
    patterns = catalogue.patterns()
    ids = [each.id for each in patterns]
    assert len(ids) == len(set(ids))
    assert {each.type for each in patterns} == {each.type for each in catalogue.sheets()}


def test_more_than_120_providers_are_known() -> None:
    """The table of keys names where each shape comes from, in words."""
    rows = secrets_keys.rows()
    assert len({row["provider"] for row in rows}) >= 120
    assert all(row["note"] for row in rows)


def test_types_are_chosen_by_name() -> None:
    """A configuration may ask for some types, leave some out, or ask for quiet ones too."""
    only = catalogue.chosen(Configuration(types=("IBAN_CODE",)))
    assert {each.type for each in only if not each.blocks} == {"IBAN_CODE"}
    without = catalogue.chosen(Configuration(without=("IBAN_CODE",)))
    assert "IBAN_CODE" not in {each.type for each in without}
    assert "URL" in {each.type for each in catalogue.chosen(Configuration(also=("URL",)))}
    with pytest.raises(InvalidError, match="no type"):
        catalogue.chosen(Configuration(types=("NOTHING",)))
