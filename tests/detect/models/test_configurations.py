"""A configuration is written and read back as the same one."""

from __future__ import annotations

import pytest

from muniment.core.canonical import canonical_text
from muniment.core.errors import CorruptError, InvalidError
from muniment.detect import Allowed, Configuration, Term, TermKind
from muniment.detect.models.configurations import as_value, from_value, require_same

FULL = Configuration(
    threshold=0.6,
    thresholds=(("PERSON", 0.7),),
    without=("IP_ADDRESS",),
    terms=(Term("t1", TermKind.BANNED, "Projekt Falke", "PROJECT", ignore_case=False),),
    allowed=(Allowed("Anna", "PERSON"), Allowed("München")),
)


@pytest.mark.parametrize("configuration", [Configuration(), FULL])
def test_a_configuration_survives_its_stored_form(configuration: Configuration) -> None:
    """Every field comes back, so the digest does too."""
    value = as_value(configuration)
    canonical_text(value)
    assert from_value(value) == configuration
    assert require_same(from_value(value), configuration.digest).digest == configuration.digest


def test_an_altered_stored_form_is_noticed() -> None:
    """What the digest does not name is not used."""
    with pytest.raises(CorruptError):
        require_same(from_value(as_value(FULL)), Configuration().digest)


def test_people_write_it_in_a_friendly_form() -> None:
    """Thresholds as a table, terms with what differs only."""
    told = from_value(
        {"thresholds": {"PERSON": 0.7}, "terms": [{"id": "a", "text": "Falke"}], "threshold": 1}
    )
    assert told.thresholds == (("PERSON", 0.7),)
    assert told.terms[0].kind is TermKind.EXACT


@pytest.mark.parametrize(
    "value",
    [
        [],
        {"colour": 1},
        {"threshold": "high"},
        {"threshold": None},
        {"terms": "x"},
        {"terms": [{"kind": "x", "text": "y"}]},
        {"terms": [{"text": ""}]},
        {"allowed": [{"text": " "}]},
        {"allowed": [{"txt": "a"}]},
        {"thresholds": [["A"]]},
        {"layers": [1]},
    ],
)
def test_each_mistake_is_told(value: object) -> None:
    """With the field and a remedy."""
    with pytest.raises(InvalidError) as told:
        from_value(value)
    assert told.value.field
