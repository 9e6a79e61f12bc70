"""Pages of rows that are read whole and stand in the order of their keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from muniment.core.errors import InvalidError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor

T = TypeVar("T")


def page_of(
    rows: Sequence[T],
    key: Callable[[T], tuple[str | int, ...]],
    shape: tuple[type, ...],
    limit: int,
    cursor: str | None,
) -> Page[T]:
    """Cut a page out of rows that are in the order of their keys."""
    require_limit(limit)
    left = list(rows)
    if cursor is not None:
        after = read_cursor(cursor, len(shape))
        if tuple(type(each) for each in after) != shape:
            raise InvalidError(
                "this cursor is not one of ours", field="cursor", remedy="Leave it out to begin."
            )
        left = [each for each in rows if key(each) > after]
    more = write_cursor(key(left[limit - 1])) if len(left) > limit else None
    return Page(tuple(left[:limit]), more)
