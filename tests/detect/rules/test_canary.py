"""Canaries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import InvalidError
from muniment.detect import Configuration, Scanner
from muniment.detect.rules.canary import canaries_in, new_canary, term_for


@given(st.binary(min_size=16, max_size=16))
def test_a_canary_is_recognised_by_its_form(chance: bytes) -> None:
    """A canary is found in any text; with one letter changed it is none."""
    canary = new_canary(chance)
    assert canaries_in(f"so {canary}, it said") == [(3, 3 + len(canary))]
    broken = canary[:-1] + ("B" if canary[-1] != "B" else "C")
    assert canaries_in(broken) == []


def test_too_little_chance_is_refused() -> None:
    """A canary that could be guessed is not made."""
    with pytest.raises(InvalidError):
        new_canary(b"short")


def test_a_planted_canary_is_found_by_the_scanner() -> None:
    """The scanner finds canaries by form, and those of the list also in small letters."""
    canary = new_canary(bytes(range(7, 23)))
    assert [each.type for each in Scanner(layers="patterns").scan(f"... {canary} ...")] == [
        "CANARY"
    ]
    listed = Configuration(terms=(term_for("prompt-1", "the heron sleeps at noon"),))
    found = Scanner(listed, layers="patterns").scan("They say The Heron sleeps\nat noon.")
    assert [(each.type, each.why.pattern) for each in found] == [("CANARY", "own-prompt-1")]
