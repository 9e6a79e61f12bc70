"""Sheets are read as they are: every column known, every fault told by its row."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.core.errors import InvalidError
from muniment.registry import SheetSort
from muniment.registry.rules.importing import (
    MAX_BYTES,
    document_of_row,
    read_sheet,
    sheet_of,
    sheet_text,
    stated_of,
    versions_of_row,
)

HEAD = ["key", "name", "purpose", "owner"]
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(sheet: str, shared: str = "") -> bytes:
    """Make a workbook with one sheet."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        if shared:
            book.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{shared}</sst>")
        book.writestr(
            "xl/worksheets/sheet1.xml",
            f"<worksheet {MAIN}><sheetData>{sheet}</sheetData></worksheet>",
        )
    return made.getvalue()


def workbook_of(*rows: list[str]) -> bytes:
    """Make a workbook with these rows of text; an empty row is left out, as programs do."""
    return workbook(
        "".join(
            f'<row r="{number}">'
            + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row)
            + "</row>"
            for number, row in enumerate(rows, 1)
            if row
        )
    )


def test_a_workbook_becomes_text_with_the_same_rows() -> None:
    """Commas and quotes in cells, rows that are empty: numbers and cells stay the same."""
    data = workbook_of(HEAD, [], ["a", "A, or B", 'say "x"', "per_a"])
    found = read_sheet(sheet_text(data))
    assert found == read_sheet(data)
    assert [each.number for each in found.rows] == [3]
    assert sheet_text(b"\xef\xbb\xbfa,b\n") == "a,b\n"
    with pytest.raises(InvalidError, match="cannot be read"):
        sheet_text(data[:-30])
    with pytest.raises(InvalidError, match="too large"):
        sheet_text(b"PK" + bytes(MAX_BYTES))


def test_a_sheet_is_known_by_its_columns() -> None:
    """Systems, versions and what served; a byte order mark and semicolons are no matter."""
    systems = read_sheet("\ufeffKey;Name;Purpose;Owner\na;A;b;c\n\n".encode())
    assert systems.sort is SheetSort.SYSTEMS
    assert [(each.number, each.cells["name"]) for each in systems.rows] == [(2, "A")]
    assert read_sheet("system,part,text\na,prompt/main,hi\n").sort is SheetSort.VERSIONS
    served = "system,environment,starts_at,ends_at,versions\na,b,c,d,e\n"
    assert read_sheet(served).sort is SheetSort.SERVED
    assert systems.digest != read_sheet(served).digest


def test_a_workbook_is_read() -> None:
    """Shared and inline texts, numbers, and cells that were left out."""
    shared = "".join(f"<si><t>{each}</t></si>" for each in (*HEAD, "canary percent"))
    head = "".join(f'<c r="{"ABCDE"[at]}1" t="s"><v>{at}</v></c>' for at in range(5))
    row = (
        '<c r="A3" t="inlineStr"><is><t>a</t></is></c><c r="D3"><v>4</v></c><c r="E3"><v>10</v></c>'
    )
    found = read_sheet(workbook(f'<row r="1">{head}</row><row r="3">{row}</row>', shared))
    assert dict(found.rows[0].cells) == {
        "key": "a",
        "name": "",
        "purpose": "",
        "owner": "4",
        "canary_percent": "10",
    }
    assert found.rows[0].number == 3


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xfe", "neither text"),
        (b"key,name\n", "no rows"),
        (b"a,b\n1,2\n", "no sheet"),
        (b"key,name,purpose,owner,color\na,b,c,d,e\n", "'color'"),
        (b"key,name,purpose,owner,owner\na,b,c,d,e\n", "twice"),
        (b'key,name\n"a,b\n', "not CSV"),
        (b"key,name,purpose,owner\n" + b"a,b,c,d\n" * 5_001, "5,001 rows"),
        (b"x" * (5 * 1024 * 1024 + 1), "too large"),
        (b"PK broken", "cannot be read"),
        (workbook("<row/>")[:-30], "cannot be read"),
        (workbook('<row r="9000"/>'), "far apart"),
        (workbook('<row r="1"><c r="B1"/><c r="A1"/></row>'), "out of order"),
        (workbook('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), "cannot be read"),
        (workbook("").replace(b"<worksheet ", b"<!DOCTYPE  "), "cannot be read"),
    ],
)
def test_what_is_no_sheet_is_told(data: bytes, says: str) -> None:
    """Each with its reason, and never by breaking."""
    with pytest.raises(InvalidError, match=says):
        read_sheet(data)


@settings(max_examples=50)
@given(st.binary(max_size=200), st.booleans())
def test_no_bytes_break_the_reader(data: bytes, zipped: bool) -> None:  # noqa: FBT001 hypothesis
    """Whatever is given is a sheet or is refused."""
    with suppress(InvalidError):
        assert read_sheet(b"PK" + data if zipped else data).rows


def test_a_row_says_what_its_cells_say() -> None:
    """Lists are cut at semicolons, empty cells say nothing, and too many cells are told."""
    cells = {"key": "a", "regions": "eu; us;", "role": "", "canary_percent": "5"}
    assert stated_of(cells) == {"regions": ["eu", "us"], "canary_percent": 5}
    assert stated_of({"canary_percent": "five"}) == {"canary_percent": "five"}
    assert "" in sheet_of([HEAD, ["a", "b", "c", "d", "e"]]).rows[0].cells


def test_a_version_is_a_text_or_a_document() -> None:
    """One of them, and a document is an object."""
    assert document_of_row({"text": "hi"}) == {"text": "hi"}
    assert document_of_row({"document": '{"a": 1}'}) == {"a": 1}
    for cells in ({}, {"text": "a", "document": "{}"}, {"document": "["}, {"document": "[]"}):
        with pytest.raises(InvalidError):
            document_of_row(cells)


def test_what_served_together_is_named_once_each() -> None:
    """Pairs at semicolons; a part named twice, without a version or not at all is told."""
    assert versions_of_row("prompt/main=1; model/main = 2;") == {
        "prompt/main": "1",
        "model/main": "2",
    }
    for text in ("", ";", "prompt/main", "a=1;a=2", "=1"):
        with pytest.raises(InvalidError):
            versions_of_row(text)
