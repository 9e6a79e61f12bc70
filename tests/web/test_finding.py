"""What is asked of a list, read from an address."""

from __future__ import annotations

import pytest

from muniment.web.access.grants import LIST
from muniment.web.cells import Cell
from muniment.web.finding import _order, ask


def test_a_question_is_read_and_written_as_an_address() -> None:
    """Only filters of the list are kept, what is empty is left out, and the rest says itself."""
    asked = ask(LIST, {"role": " auditor ", "sort": "-ends", "which": "all"})
    assert (asked.errors, asked.typed["role"], asked.sort) == ({}, "auditor", "-ends")
    assert asked.address() == "?role=auditor&which=all&sort=-ends"
    assert asked.address(cursor="x") == "?role=auditor&which=all&sort=-ends&cursor=x"


@pytest.mark.parametrize("given", [{"colour": "green"}, {"which": "some"}, {"role": "y" * 201}])
def test_what_is_no_question_of_this_list_is_told_by_its_name(given: dict[str, str]) -> None:
    """An unknown filter, a value that is none of its own, and a text too long stand beside it."""
    assert set(ask(LIST, given).errors) == set(given)


def test_numbers_are_ordered_by_size_and_words_as_people_count() -> None:
    """A thousand comes after nine, version 10 after version 2, and what is missing comes last."""
    sizes = [Cell(text, kind="number") for text in ("1,000", "9", "10.5")]
    assert [each.text for each in sorted(sizes, key=_order)] == ["9", "10.5", "1,000"]
    words = [Cell(text) for text in ("version 10", "Version 2", "alpha", "")]
    told = [each.text for each in sorted(words, key=_order)]
    assert told == ["alpha", "Version 2", "version 10", ""]
