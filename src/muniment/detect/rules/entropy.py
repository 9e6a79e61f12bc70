"""How random a text looks, and whether it is a placeholder instead of a secret."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Final

_PLACEHOLDER: Final = re.compile(
    r"(?i)(?:^|[_\-. <{])(?:your|my|some|insert|enter|change|replace|example|sample|dummy|fake|test"
    r"|placeholder|redacted|hidden|todo|none|null|undefined|secret|password|passwd|token|key|value"
    r"|string|changeme|default|here|env|config|getenv|process)(?:[_\-. >}]|$)|x{4,}|\*{3,}|\.{3,}"
    r"|^!\d,|^[<{$%\[(]|\$\{|\{\{|%\(|[()\[\]{};]|->|::|^/|\\\\"
)
_DIGIT: Final = re.compile(r"\d")
_LETTER: Final = re.compile(r"[^\W\d_]")
_PIECE: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_WORD_LENGTH: Final = 3.5
_MOST_DIGITS: Final = 0.25


def entropy(text: str) -> float:
    """Give the bits of surprise in each letter of a text."""
    length = len(text)
    if not length:
        return 0.0
    return -sum(n / length * math.log2(n / length) for n in Counter(text).values())


def kinds(text: str) -> int:
    """Count which of small letters, capitals, digits and signs a text has."""
    return (
        any(letter.islower() for letter in text)
        + any(letter.isupper() for letter in text)
        + any(letter.isdigit() for letter in text)
        + any(not letter.isalnum() for letter in text)
    )


def is_placeholder(text: str) -> bool:
    """Tell whether this stands where a secret would stand: a template, a call, a word for it."""
    return _PLACEHOLDER.search(text) is not None


def is_wordy(text: str) -> bool:
    """Tell whether this is made of words, as names of things in code are: its pieces are long."""
    pieces = [each for each in _PIECE.findall(text) if each.isalpha()]
    letters = sum(len(each) for each in pieces)
    if not pieces or letters < len(text) * (1 - _MOST_DIGITS) - text.count("_") - text.count("-"):
        return False
    return letters / len(pieces) >= _WORD_LENGTH


def is_random(text: str, least: float) -> bool:
    """Tell whether letters and digits are mixed as in a key."""
    mixed = _DIGIT.search(text) and _LETTER.search(text)
    return bool(mixed) and entropy(text) >= least and not is_wordy(text)
