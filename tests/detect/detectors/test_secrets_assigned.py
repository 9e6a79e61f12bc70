"""The examples of `secrets_assigned`: positives, near misses and negatives."""

from __future__ import annotations

import pytest

from muniment.detect import Scanner
from muniment.detect.detectors import secrets_assigned
from tests.detect.tables import mistakes_of


def test_every_example_of_secrets_assigned_is_judged_right() -> None:
    """What the tables of these types list is found, and nothing else of the type."""
    assert mistakes_of(secrets_assigned) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("network Fjord, password m00seTracks! there", "m00seTracks!"),
        ("Passwort Sommer2024, bitte", "Sommer2024"),
        ("password reset link", ""),
        ("Password SHA256 hash", ""),
        ("password must have 8-16 signs", ""),
    ],
)
def test_a_password_may_stand_without_a_sign_of_assignment(text: str, found: str) -> None:
    """Three kinds of signs with a digit behind the word are a password; words are none."""
    told = [text[each.start : each.end] for each in Scanner(layers="patterns").scan(text)]
    assert told == ([found] if found else [])
