"""Rows that are picked: named by what they show, taken once, and none taken for another."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from muniment.core.errors import InvalidError
from muniment.web.cells import Cell
from muniment.web.picking import Picks, key_of, picked, read_picks


@dataclass(frozen=True)
class Thing:
    """A row with an id."""

    id: str


def test_a_row_is_named_by_its_id_else_by_what_it_shows() -> None:
    """A thing keeps its name while its cells change; what has no id is what it shows."""
    one, other = (Cell("a"), Cell("3", kind="number")), (Cell("a"), Cell("4", kind="number"))
    assert key_of(Thing("x"), one) == key_of(Thing("x"), other) == "x"
    assert key_of(None, one) != key_of(None, other)
    assert key_of(Thing(""), one) == key_of(None, one)


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=20))
def test_what_is_picked_is_what_is_taken(keys: list[str]) -> None:
    """Every row picked is taken and no other; asked for all, all are."""
    picks = read_picks(QueryParams([("only", "picked"), *(("pick", key) for key in keys)]))
    assert all(map(picks.takes, keys))
    assert not picks.takes("".join(keys) + "x" * 21)
    assert read_picks(QueryParams([("pick", keys[0])])).takes("any other")


def test_a_form_reads_each_pick_once() -> None:
    """What a form carries is in the order of the picks, without the empty and the double."""
    assert picked("b\na\n\nb") == ("b", "a")
    assert picked("") == ()
    assert Picks().said(7) == {}


def test_more_than_a_page_holds_is_refused() -> None:
    """An address that was written by hand is told how many may be picked."""
    with pytest.raises(InvalidError, match="too many rows"):
        read_picks(QueryParams([("pick", str(each)) for each in range(501)]))
