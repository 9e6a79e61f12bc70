"""Files from other systems: every bad row is named, and whatever is fed in, nothing breaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.access.models import Told
from muniment.access.rules import checked, read_csv
from muniment.access.rules.outside import MOST_BYTES, MOST_ROWS
from muniment.core.errors import InvalidError


def test_a_fine_file_is_read() -> None:
    """Quotes, other orders of columns, capitals, a mark at the start and empty rows are fine."""
    text = '\ufeffWhat, Person ,account\r\n"viewer, all",ana@x.org,a1\r\n\r\nadmin,,a2\r\n'
    assert read_csv(text) == ((Told("a1", "viewer, all", "ana@x.org"), Told("a2", "admin")), ())


BAD = {
    "empty": ("", 1, "the file is empty"),
    "no account": ("what\nadmin\n", 1, "does not name account"),
    "nothing named": ("a,b\n1,2\n", 1, "does not name account and what"),
    "a strange column": ("account,what,colour\n", 1, "'colour' is no column"),
    "a column twice": ("account,what,what\n", 1, "named twice"),
    "too few cells": ("account,what\na\n", 2, "it has 1 cells, and the first row names 2"),
    "an empty account": ("account,what\n,admin\n", 2, "account is empty"),
    "too long": (f"account,what\n{'x' * 201},admin\n", 2, "account is longer than 200"),
    "unprintable": ("account,what\na\x07,admin\n", 2, "cannot be printed"),
    "twice": ("account,what\na,r\na,r\n", 3, "stand in a row before"),
    "an open quote": ('account,what\n"a,admin\n', 2, "not CSV from here on"),
    "too many": ("account,what\n" + "a,b\n" * (MOST_ROWS + 1), MOST_ROWS + 2, "split the file"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_named_with_its_reason(name: str) -> None:
    """Whoever made the file reads which row to mend, and why."""
    text, row, reason = BAD[name]
    _, bad = read_csv(text)
    assert bad[0].row == row
    assert reason in bad[0].reason


def test_every_bad_row_is_named() -> None:
    """A preview tells all at once, not one by one; fine rows are told apart."""
    fine, bad = read_csv("account,what\n,x\na,b\nc\n")
    assert fine == (Told("a", "b"),)
    assert [each.row for each in bad] == [2, 4]


def test_a_huge_file_is_refused_unread() -> None:
    """A file that is too large is not even looked at."""
    with pytest.raises(InvalidError, match="too large"):
        read_csv("x" * (MOST_BYTES + 1))


@given(text=st.text(max_size=400))
def test_whatever_is_fed_in_is_answered(text: str) -> None:
    """Any text gives rows and reasons, never an error of its own."""
    fine, bad = read_csv(text)
    assert len({(each.account, each.what) for each in fine}) == len(fine)
    assert all(each.row >= 1 and each.reason for each in bad)


CELLS = st.text("abc,\"' ;=é", min_size=1, max_size=9).map(str.strip).filter(bool)


@given(rows=st.lists(st.tuples(CELLS, CELLS), unique=True, max_size=20))
def test_what_was_written_is_read_back(rows: list[tuple[str, str]]) -> None:
    """A file written by any spreadsheet gives exactly the rights that were in it."""
    quoted = ['"' + '","'.join(cell.replace('"', '""') for cell in row) + '"' for row in rows]
    fine, bad = read_csv("account,what\n" + "\n".join(quoted) + "\n")
    assert [(each.account, each.what) for each in fine] == rows
    assert bad == ()


def test_a_feed_is_checked_like_a_file() -> None:
    """Rights that come by a program are judged by the same rules."""
    fine, bad = checked([(1, Told("a", "r")), (2, Told("a", "r")), (3, Told("", "r"))])
    assert fine == (Told("a", "r"),)
    assert [each.row for each in bad] == [2, 3]
