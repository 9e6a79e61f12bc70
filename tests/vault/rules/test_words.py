"""What may be asked of the vault, and the names it makes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import InvalidError
from muniment.vault.rules.words import (
    key_context,
    period_of,
    pseudonym_of,
    require_classification,
    require_reason,
    require_scope,
    require_subject,
)

SECRET = bytes(range(32))


@pytest.mark.parametrize(
    ("length", "name"),
    [
        ("day", "2027-01-02"),
        ("week", "2026-w53"),
        ("month", "2027-01"),
        ("quarter", "2027-q1"),
        ("year", "2027"),
    ],
)
def test_a_period_has_one_name(length: str, name: str) -> None:
    """Each length of period names the moment as calendars do; ISO weeks belong to their year."""
    assert period_of(datetime(2027, 1, 2, tzinfo=UTC), length) == name


@pytest.mark.parametrize("month", range(1, 13))
def test_quarters(month: int) -> None:
    """Three months make a quarter."""
    expected = f"2026-q{1 + (month - 1) // 3}"
    assert period_of(datetime(2026, month, 5, tzinfo=UTC), "quarter") == expected


@given(st.text(min_size=1, max_size=60))
def test_a_pseudonym_is_always_a_lawful_subject(identifier: str) -> None:
    """Whatever identifies a person becomes a subject, the same one each time, or is refused."""
    try:
        made = pseudonym_of(SECRET, identifier)
    except InvalidError:
        return
    assert require_subject(made) == made
    assert made == pseudonym_of(SECRET, f"  {identifier} ")
    assert made != pseudonym_of(bytes(32), identifier)


def test_spelling_does_not_make_another_person() -> None:
    """Case, spaces and composed letters do not count; another address does."""
    same = {
        pseudonym_of(SECRET, each)
        for each in ("Zoë@Example.com", "zoe\u0308@example.com", " ZOË@EXAMPLE.COM\n")
    }
    assert len(same) == 1
    assert pseudonym_of(SECRET, "zoe@example.com") not in same


@pytest.mark.parametrize("identifier", ["", "   ", "x" * 1_001, "\ud800"])
def test_no_identifier_no_pseudonym(identifier: str) -> None:
    """Nothing, too much, and what is not text are refused."""
    with pytest.raises(InvalidError) as caught:
        pseudonym_of(SECRET, identifier)
    assert caught.value.field == "identifier"


def test_a_wrapped_key_is_bound_to_every_part() -> None:
    """Changing any part of what a key stands for gives another context."""
    parts = ("ins_1", "vk_1", "internal", "sub_1", "2026-11")
    contexts = {key_context(*parts)}
    for place in range(5):
        changed = [*parts]
        changed[place] += "x"
        contexts.add(key_context(*changed))
    assert len(contexts) == 6


@pytest.mark.parametrize("scope", ["", "A", "a b", "-a", "a" * 61, "ä", "a\0b", "a/b"])
def test_a_scope_is_a_plain_word(scope: str) -> None:
    """Capitals, spaces, other letters and separators are refused."""
    with pytest.raises(InvalidError) as caught:
        require_scope(scope)
    assert caught.value.field == "scope"
    assert require_scope("billing.eu-1_a") == "billing.eu-1_a"


def test_a_reason_is_trimmed_and_kept_on_one_line() -> None:
    """Spaces and line ends become one space each."""
    assert require_reason("  because\n  of a  request ") == "because of a request"


def test_a_classification_is_one_of_the_settings() -> None:
    """The error names those that are known."""
    with pytest.raises(InvalidError, match="internal") as caught:
        require_classification("hush", ["internal"])
    assert caught.value.field == "classification"
