"""Tokens in memory keep what the protocol promises, and numbers keep their form."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import NotFoundError
from muniment.detect.models import Tokens
from muniment.testing.tokens import MemoryTokens, is_number_like, like_number, passes_luhn


def test_a_value_comes_back_and_only_in_its_scope() -> None:
    """The same value has the same token; another scope cannot turn it back."""
    tokens: Tokens = MemoryTokens()
    token = tokens.tokenise("maria@example.com", type="EMAIL_ADDRESS", scope="s1")
    assert tokens.tokenise("maria@example.com", type="EMAIL_ADDRESS", scope="s1") == token
    assert tokens.restore(token, scope="s1") == "maria@example.com"
    with pytest.raises(NotFoundError):
        tokens.restore(token, scope="s2")


@given(st.text("0123456789 -", min_size=8, max_size=30).filter(is_number_like))
def test_numbers_keep_length_separators_and_class_of_check_digit(value: str) -> None:
    """A valid card stays one that validates, an invalid number stays invalid."""
    token = MemoryTokens().tokenise(value, type="CREDIT_CARD", scope="")
    assert re.sub(r"\d", "0", token) == re.sub(r"\d", "0", value)
    digits = [[int(each) for each in text if each.isdigit()] for text in (value, token)]
    assert passes_luhn(digits[0]) == passes_luhn(digits[1])


def test_the_form_of_a_card_is_kept() -> None:
    """Groups stay groups."""
    assert like_number("4111 1111 1111 1111", lambda at: at * 7).count(" ") == 3
