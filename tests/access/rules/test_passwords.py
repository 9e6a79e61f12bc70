"""Passwords: long enough, and not those that are tried first."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.access.rules.passwords import MOST_CHARS, require_password
from muniment.core.errors import InvalidError


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password1234",
        "P@ssw0rd12345!",
        "1234567890123",
        "qwertyuiopasdf",
        "1qaz2wsx3edc4rfv",
        "aaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "welcomehome2026!!",
        "footballmonkey",
        "summersummer2026",
        "ines.moreau.2026",
        "correct\x00horse battery",
        "x" * (MOST_CHARS + 1),
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    """Short, common, patterned and personal passwords are refused, and a remedy is given."""
    with pytest.raises(InvalidError) as caught:
        require_password(password, least_chars=12, own_words=("Ines Moreau", "ines@example.org"))
    assert caught.value.field == "password"
    assert password not in str(caught.value)


@pytest.mark.parametrize(
    "password",
    [
        "plum ladder quiet tram",
        "Zr9!kq2#pLw8",
        "пароль от старого дома",
        "ines hates kale smoothies",
    ],
)
def test_good_ones_are_taken(password: str) -> None:
    """Phrases in any language and random letters are taken; no sign or digit is demanded."""
    assert require_password(password, least_chars=12, own_words=("Ines",)) == password


def test_one_spelling_whatever_the_keyboard() -> None:
    """A letter typed as one sign or as two gives the same password."""
    assert require_password("cafe\u0301 lumiere rose", least_chars=12) == "caf\u00e9 lumiere rose"


@given(st.text(max_size=80))
def test_any_text_is_judged(text: str) -> None:
    """Whatever is typed is taken as it is hashed, or refused in words; never a crash."""
    with suppress(InvalidError):
        taken = require_password(text, least_chars=8)
        assert require_password(taken, least_chars=8) == taken
