"""The row of the index is the same by the short way, which knows that an entry is sound."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.core.canonical import canonical_bytes
from muniment.ledger.models import Entry
from muniment.ledger.rules import read_sound_entry, validate_entry
from muniment.ledger.store import row_of, row_of_sound
from tests.verify.log_maker import entry
from tests.verify.test_entries import OBJECTS

NAMED = st.builds(
    lambda kind, name, more: {"kind": kind, "id": name, **more},
    st.sampled_from(["person", "service", "ä"]),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=250),
    st.dictionaries(st.sampled_from(["credential", "grant"]), st.just("x"), max_size=1),
)


@settings(max_examples=300, deadline=None)
@given(OBJECTS, NAMED, st.one_of(st.none(), NAMED), st.sampled_from(["gate", "g\0te", "g" * 70]))
def test_a_sound_entry_has_the_row_that_an_exact_reading_gives(
    body: dict[str, object], actor: dict[str, str], subject: dict[str, str] | None, producer: str
) -> None:
    """Whatever stands in it, also what PostgreSQL cannot keep and what is too long to be kept."""
    told = {**entry(4), "body": body, "actor": actor, "subject": subject, "producer": producer}
    data = validate_entry({**told, "flags": ["clock_back"]})
    assert row_of_sound(7, data) == row_of(Entry(7, data, read_sound_entry(data)))


def test_what_has_no_usual_form_is_left_to_the_exact_reading() -> None:
    """It is said to be unusual, and nothing is guessed."""
    for odd in (b"{}", canonical_bytes({**entry(4), "seq": "4"})):
        with pytest.raises(ValueError, match=r"missing|Expected"):
            row_of_sound(7, odd)
