"""Rights in other systems, as a file tells them: every bad row is named, and one spoils all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from muniment.access.models import BadRow, Told
from muniment.core.errors import InvalidError

MOST_ROWS: Final = 20_000
MOST_BYTES: Final = 8 * 1024 * 1024
_NEEDED: Final = ("account", "what")
_KNOWN: Final = ("account", "what", "person")
_LONGEST: Final = 200
_MOST_BAD: Final = 1_000


def read_csv(text: str) -> tuple[tuple[Told, ...], tuple[BadRow, ...]]:
    """Read rows of `account,what[,person]`; give those that are fine, and each that is not."""
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise InvalidError(
            "the file is too large",
            field="file",
            remedy=f"Give {MOST_BYTES // 1024 // 1024} MB at most.",
        )
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        row = reader.line_num
        return (), (BadRow(row, f"this is not CSV from here on: {error}"),)
    if not rows:
        return (), (BadRow(1, "the file is empty; its first row names the columns"),)
    names = [name.strip().lower() for name in rows[0]]
    if reason := _bad_header(names):
        return (), (BadRow(1, reason),)
    if len(rows) - 1 > MOST_ROWS:
        return (), (BadRow(MOST_ROWS + 2, f"more than {MOST_ROWS} rows; split the file"),)
    return checked(_told(names, rows[1:]))


def checked(
    rows: Iterable[tuple[int, Told | str]],
) -> tuple[tuple[Told, ...], tuple[BadRow, ...]]:
    """Tell fine rows from bad ones: empty, too long, unreadable, or told twice."""
    fine: dict[tuple[str, str], Told] = {}
    bad: list[BadRow] = []
    for number, told in rows:
        reason = told if isinstance(told, str) else _bad_row(told, fine)
        if reason:
            bad.append(BadRow(number, reason))
        elif not isinstance(told, str):
            fine[told.account, told.what] = told
    return tuple(fine.values()), tuple(bad[:_MOST_BAD])


def _told(names: list[str], rows: list[list[str]]) -> Iterator[tuple[int, Told | str]]:
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(names):
            yield number, f"it has {len(row)} cells, and the first row names {len(names)}"
            continue
        cells = dict(zip(names, (cell.strip() for cell in row), strict=True))
        yield number, Told(cells["account"], cells["what"], cells.get("person", ""))


def _bad_header(names: list[str]) -> str:
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        return f"the first row does not name {' and '.join(missing)}"
    strange = [name for name in names if name not in _KNOWN]
    if strange:
        return f"{strange[0][:40]!r} is no column; there are {', '.join(_KNOWN)}"
    return "a column is named twice" if len(set(names)) != len(names) else ""


def _bad_row(told: Told, fine: dict[tuple[str, str], Told]) -> str:
    for name in _KNOWN:
        value = getattr(told, name)
        if not value and name in _NEEDED:
            return f"{name} is empty"
        if len(value) > _LONGEST:
            return f"{name} is longer than {_LONGEST} characters"
        if value and not value.isprintable():
            return f"{name} holds what cannot be printed"
    return "the same account and right stand in a row before" * ((told.account, told.what) in fine)
