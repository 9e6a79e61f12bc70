"""A configuration is written and read back as the same one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.canonical import canonical_text
from muniment.core.errors import CorruptError, InvalidError
from muniment.detect import Allowed, Configuration, Term, TermKind
from muniment.detect.models.configurations import as_value, from_value, read, require_same, written

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


@given(
    texts=st.lists(st.text(min_size=1, max_size=20).filter(str.strip), max_size=4, unique=True),
    threshold=st.floats(0, 1),
    ignore_case=st.booleans(),
)
def test_what_is_written_as_people_do_is_read_back(
    texts: list[str], threshold: float, *, ignore_case: bool
) -> None:
    """Quotes, line ends, control characters and numbers survive the text of the console."""
    made = Configuration(
        threshold=threshold,
        thresholds=(("PERSON", 0.25),),
        without=("VEHICLE",),
        allowed=tuple(Allowed(each) for each in texts),
        terms=tuple(Term("t", TermKind.EXACT, each, ignore_case=ignore_case) for each in texts),
    )
    assert read(written(made)) == made


@pytest.mark.parametrize(
    "text", ["threshold = [", "{", "[" * 5_000, '{"a": ' * 5_000, "threshold = 2"]
)
def test_what_is_no_configuration_is_refused(text: str) -> None:
    """A mistake is told, and nothing breaks on nesting."""
    with pytest.raises(InvalidError):
        read(text)
