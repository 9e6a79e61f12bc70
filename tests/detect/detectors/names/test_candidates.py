"""Which words are looked at."""

from __future__ import annotations

import numpy as np
import pytest

from muniment.detect.detectors.names.candidates import is_strong, looked_at
from muniment.detect.detectors.names.features import KNOWN
from muniment.detect.detectors.names.tokens import words


def _bits(*names: str) -> int:
    return sum(1 << KNOWN.index(name) for name in names)


ROWS = {
    "anna": (1, _bits("given")),
    "mark": (2, _bits("given", "common")),
    "nurse": (3, _bits("job", "common")),
    "the": (4, _bits("common")),
}


@pytest.mark.parametrize(
    ("word", "strong"),
    [
        ("Table", True),
        ("anna", True),
        ("mark", False),
        ("nurse", True),
        ("the", False),
        ("wojtek", False),
        ("rue", True),
        ("42", False),
        ("of", False),
        ("\u5f20\u4f1f", False),
        ("a" * 30, False),
    ],
)
def test_what_is_reason_enough_to_look(word: str, *, strong: bool) -> None:
    """Capitals, listed names and titles, and roads are looked at; other small words are not."""
    assert is_strong(words(word)[0], ROWS) is strong


def test_code_is_no_reason_to_look() -> None:
    """An unknown small word that touches marks of code is not looked at."""
    assert not is_strong(words("self.wojtek(")[1], ROWS)


def test_neighbours_are_looked_at_too() -> None:
    """What stands beside a strong word may belong to its name."""
    strong = np.array([False, False, True, False, False])
    assert looked_at(strong).tolist() == [False, True, True, True, False]
