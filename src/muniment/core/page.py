"""A page of results and the cursor to the next one.

A cursor is the sort key of the last row shown, so that rows arriving meanwhile neither repeat nor
vanish. It is opaque to the caller and checked when it comes back.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from muniment.core.canonical import canonical_bytes, parse_canonical
from muniment.core.errors import InvalidError

T = TypeVar("T")

MAX_PAGE_ROWS = 500


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and where the next ones begin; no cursor means there are no more."""

    rows: tuple[T, ...]
    next_cursor: str | None = None


def require_limit(limit: int) -> int:
    """Check how many rows somebody wants at once."""
    if not 1 <= limit <= MAX_PAGE_ROWS:
        raise InvalidError(
            f"{limit} rows at once is not possible",
            field="limit",
            remedy=f"Ask for 1 to {MAX_PAGE_ROWS}.",
        )
    return limit


def write_cursor(key: Sequence[str | int]) -> str:
    """Wrap the sort key of the last row into a cursor."""
    return base64.urlsafe_b64encode(canonical_bytes(list(key))).decode().rstrip("=")


def read_cursor(text: str, parts: int) -> tuple[str | int, ...]:
    """Unwrap a cursor of so many parts, refusing one that was altered."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        key = parse_canonical(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (InvalidError, binascii.Error, UnicodeEncodeError) as error:
        raise _bad_cursor() from error
    if not isinstance(key, list) or len(key) != parts:
        raise _bad_cursor()
    if not all(type(part) in (str, int) for part in key) or write_cursor(key) != text:
        raise _bad_cursor()
    return tuple(key)


def _bad_cursor() -> InvalidError:
    return InvalidError(
        "this cursor is not one of ours",
        field="cursor",
        remedy="Use next_cursor of the page before, or leave it out to begin.",
    )
