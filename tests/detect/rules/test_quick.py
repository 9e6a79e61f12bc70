"""Compiled code reads the words near a value as Python does, and may be absent."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.detect.rules import context, quick
from tests.detect.compiling import CAN_COMPILE, ROOT, compiled_only

LETTERS = "aAbBzZ0189 \n\t.,:='-_@\xe9\u0130\u4e2d\ud800\U0001f600"
WITHOUT = """
import sys
sys.modules["muniment.detect.rules._marks"] = None
from muniment.detect import Scanner
from muniment.detect.rules import quick
scanner = Scanner(layers="patterns")
found = scanner.scan("Call +49 30 901820, IBAN DE89 3704 0044 0532 0130 00")
print(quick.compiled, [each.type for each in found])
"""


def words_alike(text: str, place: int) -> bool:
    """Tell whether the words near a place are read alike both ways."""
    page, part = context.Page(text), text[place : place + 40]
    read = context.read_before(page, place), context.read_behind(page, place)
    return context.at_once(text, place, place) in (None, read) and (
        context.words(part) == context.read_words(part)
        and context.before(page, place) == context.read_before(page, place)
        and context.behind(page, place) == context.read_behind(page, place)
    )


def test_where_a_compiler_is_there_is_compiled_code() -> None:
    """The environment makes it, so nobody runs the slow way without knowing."""
    assert (quick.compiled is not None) is CAN_COMPILE


def test_without_compiled_code_python_does_the_same() -> None:
    """Where no compiler was, the same values are found."""
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "None ['PHONE_NUMBER', 'IBAN_CODE']\n"


@given(st.text(st.sampled_from(LETTERS) | st.characters(), max_size=200), st.data())
def test_words_near_a_value_are_read_alike(text: str, data: st.DataObject) -> None:
    """Labels, humps, letters of every script, and the edges of a text."""
    assert words_alike(text, data.draw(st.integers(0, len(text))))


@given(
    st.lists(
        st.sampled_from(["to", "Bank", "a", "7", "aB", "x:", "\n", "=", "(", "IBAN"]), max_size=60
    )
)
def test_plain_words_are_read_alike(words: list[str]) -> None:
    """Of many words the nearest count, and half a word does not."""
    text = " ".join(words)
    assert all(words_alike(text, place) for place in range(0, len(text) + 1, 3))


@compiled_only
def test_words_on_both_sides_are_read_at_once() -> None:
    """Of a value in a plain text; other letters and humps take a longer look."""
    assert context.at_once("to the Bank 123 of it, and\nmore", 12, 15) == (
        ["to", "the", "bank"],
        ["of", "it", "and"],
    )
    assert context.at_once("to the bank\xe9 123 of it", 13, 16) is None
    assert context.at_once("to theBank 123 of it", 11, 14) is None
    assert context.at_once("to 123", 90, 90) == (["to"], [])


@compiled_only
def test_what_is_no_text_or_no_place_is_refused() -> None:
    """Other types, places that cannot be, too few values: an error, and never a crash."""
    module: Any = quick.compiled
    wrongs: list[tuple[Any, tuple[Any, ...]]] = [
        (module.before, (b"text", 0, 90, 8, 12)),
        (module.before, ("text", -1, 90, 8, 12)),
        (module.behind, ("text", 0, 5_000, 4)),
        (module.behind, ("text", 0)),
        (module.words, (b"text",)),
        (module.near, (b"text", 0, 0, context.REACHES)),
        (module.near, ("text", 0, 0, context.REACHES[1:])),
        (module.near, ("text", 0, 0, list(context.REACHES))),
        (module.near, ("text", -1, 0, context.REACHES)),
        (module.near, ("text", 0, -1, context.REACHES)),
        (module.near, ("text", 0, 0, (5_000, *context.REACHES[1:]))),
        (module.near, ("text", 0, 0)),
    ]
    for call, values in wrongs:
        with pytest.raises((TypeError, ValueError)):
            call(*values)
