"""Pages of rows that are read whole."""

from __future__ import annotations

import pytest

from muniment.core.errors import InvalidError
from muniment.core.page import write_cursor
from muniment.policy.service.paging import page_of


def test_every_row_comes_once() -> None:
    """Page by page, each row comes once, whatever went meanwhile; a wrong cursor is refused."""
    rows = list(range(7))
    first = page_of(rows, lambda each: (each,), (int,), 3, None)
    assert (first.rows, first.next_cursor) == ((0, 1, 2), write_cursor([2]))
    rest = page_of([0, 1, 4, 5, 6], lambda each: (each,), (int,), 3, first.next_cursor)
    assert (rest.rows, rest.next_cursor) == ((4, 5, 6), None)
    for wrong in ("x", write_cursor(["2"]), write_cursor([1, 2])):
        with pytest.raises(InvalidError):
            page_of(rows, lambda each: (each,), (int,), 3, wrong)
    with pytest.raises(InvalidError):
        page_of(rows, lambda each: (each,), (int,), 0, None)
