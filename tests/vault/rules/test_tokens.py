"""What a value becomes: opened only beside its own token, in its own scope."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import CorruptError, InvalidError
from muniment.vault.rules.tokens import (
    MOST_VALUE_BYTES,
    digits_cipher,
    later,
    open_value,
    random_text,
    require_future,
    seal_value,
    tweak_bytes,
)

KEY = bytes(range(32))
NOW = datetime(2026, 11, 26, tzinfo=UTC)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_a_value_comes_back_as_it_was(value: str) -> None:
    """Any text of any script comes back, and only beside its own token."""
    sealed = seal_value(KEY, "here\0tok_1", value, secrets.token_bytes)
    assert open_value(KEY, "here\0tok_1", sealed) == value
    with pytest.raises(CorruptError):
        open_value(KEY, "here\0tok_2", sealed)
    with pytest.raises(CorruptError):
        open_value(bytes(32), "here\0tok_1", sealed)


@pytest.mark.parametrize("value", ["", "x" * (MOST_VALUE_BYTES + 1), "\ud800"])
def test_what_is_no_value_is_refused(value: str) -> None:
    """Nothing, too much, and half a surrogate pair are refused."""
    with pytest.raises(InvalidError) as caught:
        seal_value(KEY, "t", value, secrets.token_bytes)
    assert caught.value.field == "value"


def test_random_texts_are_long_and_different() -> None:
    """A random token has 160 bits and says nothing of its value."""
    texts = {random_text(secrets.token_bytes) for _ in range(1_000)}
    assert len(texts) == 1_000
    assert {len(text) for text in texts} == {36}


def test_each_scope_has_a_permutation_of_its_own() -> None:
    """The same digits become others in another scope and under another tweak."""
    made = {
        digits_cipher(KEY, scope).encrypt("4111111111111111", tweak_bytes(tweak))
        for scope in ("billing", "support")
        for tweak in (0, 1)
    }
    assert len(made) == 4


def test_the_later_end_counts() -> None:
    """No end is later than any, and of two the later one counts."""
    soon, far = NOW, NOW + timedelta(days=1)
    assert later(soon, far) == later(far, soon) == far
    assert later(None, soon) is None
    assert later(soon, None) is None


@pytest.mark.parametrize("end", [NOW, NOW - timedelta(days=1), datetime(2027, 1, 1)])  # noqa: DTZ001
def test_an_end_must_lie_ahead(end: datetime) -> None:
    """A past end, this very moment, and a time without a zone are refused."""
    with pytest.raises(InvalidError) as caught:
        require_future(end, NOW)
    assert caught.value.field == "expires_at"
    assert require_future(None, NOW) is None
    assert require_future(NOW + timedelta(seconds=1), NOW) is not None
