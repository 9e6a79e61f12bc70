"""Ordinary words and numbers are no names, however they look to the tagger."""

from __future__ import annotations

import pytest

from muniment.detect import Scanner
from muniment.detect.detectors.names.ordinary import is_ordinary

_SCANNER = Scanner()


def _places(text: str) -> list[str]:
    named = ("LOCATION", "STREET_ADDRESS", "PERSON", "ORGANIZATION")
    return [text[f.start : f.end] for f in _SCANNER.scan(text) if f.type in named]


@pytest.mark.parametrize(
    "text",
    [
        "We went to the old town.",
        "She lives in a small town.",
        "Write a short answer. If so far from the old town. Compare both offers.",
        "Case 90093. The customer wrote twice about a late parcel.",
        "Case 1109. The customer wrote twice about a late parcel.",
        "Ticket #90210 is closed.",
        "| EUA-20 | Applies to what is in force. | C | S4 |",
        "What was mended: OPS-112, LIN-08 and POL-05.",
        "by the clock 55 and 71 ms; 74 KB | /console/policies",
        "(umask 077; openssl rand -base64 32 > /etc/muniment.key)",
        "StateDirectoryMode=0700",
    ],
)
def test_ordinary_words_and_numbers_are_left_alone(text: str) -> None:
    """A town without a name, the number of a case and the first word of a sentence are nothing."""
    assert _places(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("she lives in new york and likes it", ["new york"]),
        ("Send it to 12 High Street, 90210 Beverly Hills.", ["12 High Street", "90210"]),
        ("Er wohnt in der Hauptstraße 15, 40210 Düsseldorf.", ["Hauptstraße 15", "40210"]),
    ],
)
def test_places_with_a_name_are_still_found(text: str, names: list[str]) -> None:
    """A name in small letters and a number before a town are what they were."""
    found = _places(text)
    assert [each for each in names if each not in found] == []


def test_only_what_nobody_is_sure_of_is_taken_for_an_opening() -> None:
    """Some opening words are names too, and where the tagger is sure they stand."""
    text = "Elle called."
    assert is_ordinary(text, "PERSON", 0, 4, 0.6)
    assert not is_ordinary(text, "PERSON", 0, 4, 0.95)
