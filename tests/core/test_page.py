"""Pages and cursors: what comes back is what was given out, or it is refused."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.canonical import MAX_SAFE_INTEGER
from muniment.core.errors import InvalidError
from muniment.core.page import MAX_PAGE_ROWS, read_cursor, require_limit, write_cursor

PARTS = st.text(st.characters(exclude_categories=["Cs"])) | st.integers(
    -MAX_SAFE_INTEGER, MAX_SAFE_INTEGER
)


@given(st.lists(PARTS, max_size=4))
def test_a_cursor_reads_back_to_its_key(key: list[str | int]) -> None:
    """The next page begins exactly after the last row shown."""
    text = write_cursor(key)
    assert read_cursor(text, len(key)) == tuple(key)
    assert text.isascii()
    assert not set(text) & set("+/= ")


@given(st.lists(PARTS, min_size=1, max_size=3), st.data())
def test_an_altered_cursor_is_refused_or_means_another_key(
    key: list[str | int], data: st.DataObject
) -> None:
    """One cursor stands for one key: no other text is read as the same place."""
    text = write_cursor(key)
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters().filter(lambda letter: letter != text[place]))
    altered = text[:place] + letter + text[place + 1 :]
    try:
        read = read_cursor(altered, len(key))
    except InvalidError:
        return
    assert read != tuple(key)


@given(st.text())
def test_chance_text_is_refused_or_is_a_cursor(text: str) -> None:
    """Text that somebody made up never crashes the reader."""
    try:
        key = read_cursor(text, 1)
    except InvalidError:
        return
    assert write_cursor(key) == text


@pytest.mark.parametrize(
    "data", [b"{}", b'"a"', b"[]", b'["a","b"]', b"[true]", b"[null]", b"[[1]]", b"[1.5]", b"[1 ]"]
)
def test_a_key_of_another_shape_is_refused(data: bytes) -> None:
    """Only as many texts and integers as the list sorts by are a key."""
    text = base64.urlsafe_b64encode(data).decode().rstrip("=")
    with pytest.raises(InvalidError, match=r"^cursor: .*not one of ours.*next_cursor"):
        read_cursor(text, 1)


def test_padding_is_not_needed_and_not_accepted() -> None:
    """There is one way to write a cursor."""
    text = write_cursor(["abc"])
    assert len(text) % 4 != 0
    with pytest.raises(InvalidError):
        read_cursor(text + "=" * (-len(text) % 4), 1)


@pytest.mark.parametrize("limit", [0, -1, MAX_PAGE_ROWS + 1])
def test_too_many_or_no_rows_are_refused(limit: int) -> None:
    """Nobody can ask for a page that would not fit."""
    with pytest.raises(InvalidError, match=r"^limit: .*Ask for 1 to 500"):
        require_limit(limit)


@pytest.mark.parametrize("limit", [1, MAX_PAGE_ROWS])
def test_a_lawful_limit_is_given_back(limit: int) -> None:
    """The bounds themselves are allowed."""
    assert require_limit(limit) == limit
