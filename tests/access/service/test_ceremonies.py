"""The library of WebAuthn, asked and read: what any device may send is answered, never a crash."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.access import KeyPlace, Passkey, PersonId
from muniment.access.service import ceremonies
from muniment.core.errors import InvalidError

PLACE = KeyPlace("localhost", "http://localhost:8484")
KEY = Passkey(
    "k", b"id", PersonId("per_ines"), b"key", 0, "Laptop", datetime(2026, 11, 1, tzinfo=UTC)
)
WRONG = (
    st.sampled_from(
        ["", "[]", "null", '{"rawId": 5}', '{"rawId": "\u00e9"}', "[" * 5_000, "x" * 20_001]
    )
    | st.text(max_size=40)
    | st.dictionaries(
        st.sampled_from(["id", "rawId", "response", "type"]), st.text(max_size=9)
    ).map(lambda made: str(made).replace("'", '"'))
)


def test_each_question_has_a_challenge_of_its_own() -> None:
    """No two ceremonies share what their answer must hold."""
    first, second = ceremonies.ask_to_sign(PLACE), ceremonies.ask_to_sign(PLACE)
    assert first.challenge != second.challenge
    assert first.challenge in first.options


@given(WRONG)
def test_what_answers_nothing_is_no_passkey(answer: str) -> None:
    """Whatever is sent in place of an answer signs nothing and makes nothing, and says so."""
    asked = ceremonies.ask_to_sign(PLACE)
    assert isinstance(ceremonies.named_in(answer), bytes)
    assert ceremonies.read_signed(answer, asked.challenge, PLACE, KEY) is None
    with pytest.raises(InvalidError):
        ceremonies.read_made(answer, asked.challenge, PLACE)
