"""Reads sheets: tables whose first row names the columns. Every fault is told by its row."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from xml.etree import ElementTree as ET

from muniment.core.digest import digest_value
from muniment.core.errors import InvalidError
from muniment.registry.models import GivenSheet, SheetRow, SheetSort

MAX_ROWS: Final = 5_000
MAX_BYTES: Final = 5 * 1024 * 1024
_MAX_PART_BYTES: Final = 50 * 1024 * 1024
_LISTS: Final = ("data_classes", "data_sources", "regions", "commitments")
COLUMNS: Final[Mapping[SheetSort, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    SheetSort.SYSTEMS: (
        ("key", "name", "purpose", "owner"),
        (
            *("alert_reviewer", "change_approver", "autonomy", "users_affected", *_LISTS, "role"),
            *("decision_logic", "refresh", "declared_tier", "eu_class", "canary_percent"),
        ),
    ),
    SheetSort.VERSIONS: (
        ("system", "part"),
        ("text", "document", "ticket", "commit", "pull_request"),
    ),
    SheetSort.SERVED: (
        ("system", "environment", "starts_at", "ends_at", "versions"),
        (),
    ),
}
_CELL: Final = re.compile(r"([A-Z]{1,3})[0-9]+\Z")
_UNREADABLE: Final = (  # what a workbook that is locked, cut off or made up raises
    *(RuntimeError, EOFError, OSError, KeyError, ValueError, IndexError),
    *(zlib.error, zipfile.BadZipFile, ET.ParseError),
)
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_sheet(data: bytes | str) -> GivenSheet:
    """Read a sheet from the bytes of a CSV or XLSX file, or from CSV as text."""
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        raise InvalidError(
            "this file is too large", field="file", remedy=f"{MAX_BYTES:,} bytes at most."
        )
    if isinstance(data, bytes) and data.startswith(b"PK"):
        return sheet_of(list(_xlsx(data)))
    if isinstance(data, bytes):
        try:
            data = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InvalidError(
                "this file is neither text in UTF-8 nor XLSX",
                field="file",
                remedy="Save it as CSV UTF-8.",
            ) from error
    return sheet_of(list(_csv(data)))


def sheet_text(data: bytes) -> str:
    """Give the bytes of a CSV or XLSX file as CSV; rows keep their numbers."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8-sig")
    if len(data) > MAX_BYTES:
        raise InvalidError(
            "this file is too large", field="file", remedy=f"{MAX_BYTES:,} bytes at most."
        )
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(_xlsx(data))
    return written.getvalue()


def sheet_of(table: Sequence[Sequence[str]]) -> GivenSheet:
    """Make a sheet of rows of text, the first of which names the columns."""
    filled = [
        (number, [cell.strip() for cell in row])
        for number, row in enumerate(table, 1)
        if any(cell.strip() for cell in row)
    ]
    if len(filled) < 2:
        raise InvalidError("there are no rows", field="file", remedy="Name columns, then rows.")
    if len(filled) - 1 > MAX_ROWS:
        raise InvalidError(
            f"there are {len(filled) - 1:,} rows", field="file", remedy=f"{MAX_ROWS:,} at most."
        )
    head = [cell.casefold().replace(" ", "_") for cell in filled[0][1]]
    while head and not head[-1]:
        head.pop()
    sort = _sort_of(head)
    rows = tuple(_row(number, head, cells) for number, cells in filled[1:])
    content = [sort.value, [[each.number, dict(each.cells)] for each in rows]]
    return GivenSheet(sort, rows, digest_value(content))


def stated_of(cells: Mapping[str, str]) -> dict[str, Any]:
    """Say what a row states of a system; empty cells say nothing, semicolons cut lists."""
    stated: dict[str, Any] = {}
    for name, text in cells.items():
        if name == "key" or not text:
            continue
        if name in _LISTS:
            stated[name] = [each.strip() for each in text.split(";") if each.strip()]
        elif name == "canary_percent":
            stated[name] = int(text) if text.isascii() and text.isdigit() else text
        else:
            stated[name] = text
    return stated


def document_of_row(cells: Mapping[str, str]) -> dict[str, Any]:
    """Give the content of a version in a row: its text, or a document in JSON."""
    text, document = cells.get("text", ""), cells.get("document", "")
    if bool(text) == bool(document):
        raise InvalidError("one of them is wanted", field="text", remedy="Fill text or document.")
    if text:
        return {"text": text}
    try:
        found = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise InvalidError("is not JSON", field="document", remedy="Write {…}.") from error
    if not isinstance(found, dict):
        raise InvalidError("is not an object", field="document", remedy="Write {…}.")
    return found


def versions_of_row(text: str) -> dict[str, str]:
    """Read which versions served together: prompt/main=1; model/main=2."""
    found: dict[str, str] = {}
    for each in filter(None, (one.strip() for one in text.split(";"))):
        label, sign, version = (part.strip() for part in each.partition("="))
        if not sign or not label or not version or label in found:
            raise InvalidError(
                f"{each[:80]!r} names no version",
                field="versions",
                remedy="Write prompt/main=1; model/main=2, each part once.",
            )
        found[label] = version
    if not found:
        raise InvalidError("is empty", field="versions", remedy="Write prompt/main=1.")
    return found


def _sort_of(head: Sequence[str]) -> SheetSort:
    for sort, (needed, more) in COLUMNS.items():
        if set(needed) <= set(head):
            unknown = [each for each in head if each not in (*needed, *more)]
            if unknown or len(set(head)) < len(head):
                raise InvalidError(
                    f"the column {(unknown or head)[0][:60]!r} is not known, or stands there twice",
                    field="file",
                    remedy=f"Columns of {sort.value} are {', '.join((*needed, *more))}.",
                )
            return sort
    wanted = " or ".join(f"{', '.join(needed)}" for needed, _ in COLUMNS.values())
    raise InvalidError(
        "the columns are those of no sheet", field="file", remedy=f"Needed are {wanted}."
    )


def _row(number: int, head: Sequence[str], cells: Sequence[str]) -> SheetRow:
    if any(cells[len(head) :]):
        return SheetRow(number, {"": "there are more cells than columns"})
    padded = [*cells, *[""] * (len(head) - len(cells))]
    return SheetRow(number, dict(zip(head, padded, strict=False)))


def _csv(text: str) -> Iterator[list[str]]:
    first = text.partition("\n")[0]
    cut = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=cut, strict=True)
    except csv.Error as error:
        raise InvalidError(
            f"this is not CSV: {error}", field="file", remedy="Save it again as CSV UTF-8."
        ) from error


def _xlsx(data: bytes) -> Iterator[list[str]]:
    """Read the first sheet of a workbook; only its texts and numbers are looked at."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            names = book.namelist()
            shared = _shared(book) if "xl/sharedStrings.xml" in names else []
            sheets = sorted(each for each in names if each.startswith("xl/worksheets/sheet"))
            if not sheets:
                raise InvalidError("this workbook has no sheet", field="file", remedy="Add one.")
            yield from _sheet_rows(_part(book, sheets[0]), shared)
    except _UNREADABLE as error:
        raise InvalidError(
            "this workbook cannot be read", field="file", remedy="Save it again, or as CSV UTF-8."
        ) from error


def _part(book: zipfile.ZipFile, name: str) -> ET.Element:
    with book.open(name) as opened:
        data = opened.read(_MAX_PART_BYTES + 1)
    if len(data) > _MAX_PART_BYTES or b"<!DOCTYPE" in data:
        raise InvalidError(
            "this workbook unpacks to something strange", field="file", remedy="Save it as CSV."
        )
    return ET.fromstring(data)  # noqa: S314 no document type is let through, size is bound


def _shared(book: zipfile.ZipFile) -> list[str]:
    root = _part(book, "xl/sharedStrings.xml")
    return [
        "".join(text.text or "" for text in item.iter(f"{_MAIN}t"))
        for item in root.iter(f"{_MAIN}si")
    ]


def _sheet_rows(root: ET.Element, shared: Sequence[str]) -> Iterator[list[str]]:
    row_number = 0
    for row in root.iter(f"{_MAIN}row"):
        stated = int(row.get("r", row_number + 1))
        if stated - row_number > MAX_ROWS or stated <= row_number:
            raise InvalidError("the rows are too far apart", field="file", remedy="Close the gap.")
        for _ in range(stated - row_number - 1):
            yield []
        row_number = stated
        yield _sheet_cells(row, shared)


def _sheet_cells(row: ET.Element, shared: Sequence[str]) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(f"{_MAIN}c"):
        place = _CELL.match(cell.get("r", ""))
        column = _column(place[1]) if place else len(cells)
        if column < len(cells) or column > 200:
            raise InvalidError("the cells are out of order", field="file", remedy="Save it as CSV.")
        cells += [""] * (column - len(cells))
        cells.append(_value(cell, shared))
    return cells


def _value(cell: ET.Element, shared: Sequence[str]) -> str:
    sort, value = cell.get("t", "n"), cell.findtext(f"{_MAIN}v") or ""
    if sort == "s":
        return shared[int(value)]
    if sort == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{_MAIN}t"))
    return value


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
