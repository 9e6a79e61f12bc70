"""Where words are no name in any part of a text, no stream finds one; what might be one is told."""

from __future__ import annotations

import random

import pytest

from muniment.detect import Policy, Scanner
from muniment.detect.detectors.names import Names
from muniment.detect.service.protect import protect_text

_NAMES = Names()
_SCANNER = Scanner()
_MASKS = Policy("masks")
_VALUES = ("anna.7@example.org", "DE89370400440532013000", "203.0.113.21", "+49 30 901820")
_SENTENCES = (
    "It is built so far from the old town.",
    "Nobody can read the old archive without its program.",
    "The team agreed to move it to the week after the holiday.",
    "Please look at the attached notes, and write to them.",
)
_WORDS = (
    *("old", "town", "program", "manager", "senior", "minister", "city", "bank", "of", "the", "in"),
    *("Old", "Town", "The", "Our", "Please", "Mark", "Grant", "May", "Elle", "Team", "paris", "dr"),
    *("OPS-112", "S3", "StreamReader", "x=1", "foo()", ":", "case", "12", "street", "ltd", "anna"),
    *("wrote", "to", "from", "said", "an", "is", "was", "never", "parcel", "support", "and", "for"),
)


def chance_text(chance: random.Random) -> str:
    """Write sentences, words that may look like names, and a value or two."""
    parts = [chance.choice(_SENTENCES) for _ in range(chance.randint(1, 4))]
    for _ in range(chance.randint(0, 3)):
        said = " ".join(chance.choices(_WORDS, k=chance.randint(2, 12)))
        parts.insert(chance.randint(0, len(parts)), said + chance.choice((".", "", "?")))
    for _ in range(chance.randint(1, 2)):
        told = f"Write to {chance.choice(_VALUES)}{chance.choice(('.', ' now.', ''))}"
        parts.insert(chance.randint(0, len(parts)), told)
    return chance.choice((" ", "\n")).join(parts)


def in_pieces(text: str, chance: random.Random) -> str:
    """Let a text pass through a stream in pieces of chance sizes."""
    stream, out, at = _SCANNER.protector(_MASKS).stream(), "", 0
    while at < len(text):
        size = chance.choice((1, 7, 20, 60))
        out += stream.feed(text[at : at + size])
        at += size
    return out + stream.finish()


def test_what_is_silent_is_read_by_a_stream_as_it_is_told_at_once() -> None:
    """However a text is cut, where no name is told of, none is found."""
    chance, told = random.Random(24), 0
    for _ in range(600):
        text = chance_text(chance)
        _SCANNER.inspect_once(text)
        if not (_NAMES.is_silent(text) and _NAMES.doubtful(text) and _SCANNER.apart(text)):
            continue
        told += 1
        once = _SCANNER.protector(_MASKS).text(text)
        assert once == protect_text(_SCANNER.protector(_MASKS).stream(), [text])
        assert once.text == in_pieces(text, chance)
    assert told > 20


@pytest.mark.parametrize(
    ("text", "silent"),
    [
        ("It is built so far from the old town. Our shop is in the north.", True),
        ("Nothing at all is in here, and there are no words to doubt.", True),
        ("In the morning Maria Schmidt wrote to the bank of the town.", False),
        ("She works for Acme Ltd since the second week of the year.", False),
        ("the senior manager and the minister and the nurse and the judge and the mayor", False),
    ],
)
def test_what_may_be_a_name_is_not_silent(text: str, *, silent: bool) -> None:
    """Words of which the tagger is sure are none where what they are refuses them anywhere."""
    assert _NAMES.is_silent(text) is silent


def test_what_only_a_line_of_code_refuses_is_not_silent() -> None:
    """A part of a line may be no code, so that a line is one says nothing of its parts."""
    text = "if (Maria Schmidt == Anna Lopez) { return Maria Schmidt; }"
    assert not _NAMES.is_silent(text)
