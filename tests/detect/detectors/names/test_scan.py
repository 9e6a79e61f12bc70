"""The names layer as a whole."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from muniment.detect.detectors.names import Names
from muniment.detect.models import Finding

NAMES = Names()
CASES = Path(__file__).parents[3] / "data" / "detectors"


def _found(text: str) -> set[tuple[str, str]]:
    return {(text[each.start : each.end], each.type) for each in NAMES.scan(text)}


@pytest.mark.parametrize("case", json.loads((CASES / "names_cases.json").read_text("utf-8")))
def test_a_case_is_found(case: dict[str, object]) -> None:
    """Each case of the file is found as it says, and what must be quiet is quiet."""
    text, wanted = str(case["text"]), case["names"]
    assert isinstance(wanted, dict)
    assert _found(text) == set(wanted.items())


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_text_is_scanned(text: str) -> None:
    """Whatever comes, findings lie within the text, in order, and do not overlap."""
    found = NAMES.scan(text)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "\ud800 Anna", "\x00", "a" * 100_000, "A" * 9999]
)
def test_odd_texts_do_no_harm(text: str) -> None:
    """Empty texts, lone surrogates, NUL and endless words are scanned; a long run is no name."""
    assert all(text[each.start : each.end] == "Anna" for each in NAMES.scan(text))


def test_more_words_than_memory_holds_are_scanned() -> None:
    """A text of ever new words is scanned in parts, and names at its end are found."""
    text = " ".join(f"w{number}q" for number in range(40_000))
    text += "\nMy name is Anna Kowalska and I live in Berlin."
    found = [text[each.start : each.end] for each in NAMES.scan(text)]
    assert found[-2:] == ["Anna Kowalska", "Berlin"]


def _settled(text: str, cut: int) -> None:
    whole, part = NAMES.scan(text), NAMES.scan(text[:cut])
    settled = NAMES.settled(text[:cut])

    def before(found: object) -> list[Finding]:
        assert isinstance(found, list)
        return [each for each in found if each.start < settled]

    assert before(whole) == before(part)
    assert all(each.end <= settled for each in before(part))


def test_what_is_settled_stays() -> None:
    """At every cut of a text, what the beginning gives up to the settled place is final."""
    text = (
        "Dear Mr. Kowalski,\nplease call Dr. Anne-Marie O'Brien of Acme Holdings Ltd. in New York,"
        " 12 rue de la Paix, or the sales manager at the bank of Ireland.\nBest, PRIYA NAIR"
    )
    for cut in range(len(text) + 1):
        _settled(text, cut)


WORDS = ["Anna", "of", "de", "Berlin", "the", ",", ".", "\n", "Acme", "Ltd", "12", "street", "x"]


@example(["12", "12", "Ltd"])
@example(["Acme", "12", "12", "12", "Ltd"])
@example(["Ltd", "de", "12", "of", "Ltd", "Ltd"])
@example(["12", "de", "Ltd", "Anna", "Ltd"])
@given(st.lists(st.sampled_from(WORDS)))
@settings(max_examples=60, deadline=None)
def test_what_is_settled_stays_in_any_order_of_words(words: list[str]) -> None:
    """The same holds for words thrown together."""
    text = " ".join(words)
    for cut in range(0, len(text) + 1, 3):
        _settled(text, cut)


def test_plain_text_is_hardly_held() -> None:
    """A stream of plain words is held for less than three words."""
    text = "please send me the report and let me know what you think of the numbers in it"
    assert len(text) - NAMES.settled(text) < 15


def test_threads_find_the_same() -> None:
    """Many threads scan at once, from the first scan on, and find what one finds."""
    texts = [f"Mr. Tester{number} met Anna Berg in Berlin." for number in range(60)]
    alone = [NAMES.scan(text) for text in texts]
    shared, results = Names(), {}

    def work(number: int) -> None:
        results[number] = [shared.scan(text) for text in texts]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(results[number] == alone for number in range(8))


def test_another_process_finds_the_same() -> None:
    """The same text and build give the same findings and scores wherever they run."""
    text = "Priya Nair of Acme Ltd called from Oslo."
    code = (
        "from muniment.detect.detectors.names import Names\n"
        f"print([(f.type, f.start, f.end, f.score) for f in Names().scan({text!r})])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    here = [(each.type, each.start, each.end, each.score) for each in NAMES.scan(text)]
    assert told.stdout.strip() == str(here)


def test_the_build_names_the_artefact() -> None:
    """The build stands in records, so that a finding can be replayed."""
    assert NAMES.build.startswith("names-7+")
    assert Names().build == NAMES.build
