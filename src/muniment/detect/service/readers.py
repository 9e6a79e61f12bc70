"""Reads files piece by piece: each kind knows where its texts stand and what stands beside them."""

from __future__ import annotations

import codecs
import csv
import logging
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

from muniment.core.errors import InvalidError
from muniment.detect.models import Gap, Piece
from muniment.detect.rules import json_text

_BLOCK_CHARS: Final = 256 * 1024
_LONGEST_LINE_CHARS: Final = 16 * 1024 * 1024
_MOST_JSON_BYTES: Final = 256 * 1024 * 1024
_MOST_DOCX_BYTES: Final = 64 * 1024 * 1024
_MOST_PAGES: Final = 20_000
_ROWS_AT_ONCE: Final = 1_000
_TEXT_OF_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_INDEX: Final = re.compile(r"\[\d+\]| \(key\)\Z")
_INSTALL: Final = "install muniment[documents] to read it"

Read = Iterator[Piece | Gap]


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a file is wanted: some fields of JSON lines, some columns, so many rows."""

    fields: tuple[str, ...] = ()
    sample: int = 0


def pieces_of(path: Path, asked: Asked) -> Read:
    """Give the texts of a file; what goes wrong while reading is a gap and not an error."""
    read = _READERS.get(path.suffix.lower(), _read_text)
    missing = set(asked.fields) if read in _WITH_FIELDS else set[str]()
    try:
        for each in read(path, asked):
            if isinstance(each, Piece) and missing:
                missing -= _fields_of(each, missing)
            yield each
        for name in sorted(missing):
            yield Gap(f"it has no field {name[:80]!r} with a text in it")
    except (OSError, UnicodeError, csv.Error, zipfile.BadZipFile, ET.ParseError) as error:
        yield Gap(f"it cannot be read: {type(error).__name__}")
    except InvalidError as error:
        yield Gap(error.message)


def _fields_of(piece: Piece, asked: AbstractSet[str]) -> set[str]:
    """Give which of the asked fields a piece of a table or of JSON belongs to."""
    if piece.where.startswith("column "):
        return {each for each in asked if each in piece.context}
    path = _INDEX.sub("", piece.where.removeprefix("$."))
    names = set(path.split("."))
    return {each for each in asked if each in names or _is_on(path, each)}


def _is_on(path: str, field: str) -> bool:
    """Tell whether a path, without the numbers of lists, leads through a field."""
    return f".{path}.".find(f".{field}.") >= 0


_FALSE_MARK: Final = "it begins like UTF-16 and goes on like something else"


def _read_text(path: Path, _asked: Asked) -> Read:
    with path.open("rb") as file:
        head = file.read(8_192)
    encoding = _encoding(head)
    if not encoding:
        yield Gap("it is not text")
        return
    is_wide = encoding == "utf-16"
    if is_wide and _is_plain(head[2:]):
        yield Gap(_FALSE_MARK)
        return
    errors = "strict" if is_wide else "replace"
    try:
        with path.open(encoding=encoding, errors=errors, newline="") as file:
            yield from _blocks(iter(lambda: file.readline(_LONGEST_LINE_CHARS), ""))
    except UnicodeDecodeError:
        yield Gap(_FALSE_MARK)


def _blocks(lines: Iterator[str]) -> Read:
    """Put lines together to blocks; a key or an address over several lines is not cut if it can."""
    held: list[str] = []
    size, first, line = 0, 1, 1
    for text in lines:
        held.append(text)
        size += len(text)
        line += text.count("\n")
        if size >= _BLOCK_CHARS and (not text.strip() or size >= 4 * _BLOCK_CHARS):
            yield Piece("".join(held), line=first)
            held, size, first = [], 0, line
    if held:
        yield Piece("".join(held), line=first)


def _is_plain(data: bytes) -> bool:
    """Tell whether bytes read as ASCII: of letters in two bytes each, one of the two does not."""
    return bool(data) and data.isascii() and b"\0" not in data


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    odd = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in head)
    return "" if odd > len(head) // 20 else "utf-8"


def _read_json(path: Path, asked: Asked) -> Read:
    if path.stat().st_size > _MOST_JSON_BYTES:
        yield Gap("it is too large to be read as JSON")
        return
    text = path.read_text("utf-8-sig", errors="replace")
    yield from _values(json_text.parse(text), asked.fields, "$", 1)


def _read_lines(path: Path, asked: Asked) -> Read:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        lines = enumerate(file, 1)
        for number, line in lines:
            if asked.sample and number > asked.sample:
                yield _sampled(asked.sample, "lines")
                return
            if not line.strip():
                continue
            try:
                value = json_text.parse(line)
            except InvalidError:
                yield Piece(line, where="not JSON, read as text", line=number)
                continue
            yield from _values(value, asked.fields, "$", number)


def _sampled(count: int, what: str) -> Gap:
    return Gap(f"only the first {count:,} {what} were asked for")


def _values(value: object, fields: Sequence[str], where: str, line: int, key: str = "") -> Read:
    """Give every text of a JSON value, the keys too, with the path to it."""
    if len(where) > 10_000:
        raise InvalidError("it is nested too deep")
    if isinstance(value, Mapping):
        for name, each in value.items():
            inner = f"{where}.{name}"
            if not fields:
                yield Piece(str(name), f"{inner} (key)", line)
                yield from _values(each, fields, inner, line, str(name))
            elif name in fields or any(_is_the(inner, each) for each in fields):
                yield from _values(each, (), inner, line, str(name))
            else:
                yield from _values(each, fields, inner, line, str(name))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _values(each, fields, f"{where}[{place}]", line, key)
    elif not fields and value is not None and not isinstance(value, bool):
        text = value.text if isinstance(value, json_text.Number) else str(value)
        yield Piece(text, where, line, (key,) if key else ())


def _is_the(where: str, field: str) -> bool:
    """Tell whether a path ends in a field that is written with dots, such as `a.mail`."""
    return "." in field and f".{_INDEX.sub('', where.removeprefix('$.'))}".endswith(f".{field}")


def _read_csv(path: Path, asked: Asked) -> Read:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        head = file.read(8_192)
        file.seek(0)
        dialect = _dialect(head)
        rows = csv.reader(file, dialect)
        names = next(rows, [])
        yield from _named("", names, 1)
        for number, row in enumerate(rows, 2):
            if asked.sample and number > asked.sample + 1:
                yield _sampled(asked.sample, "rows")
                return
            yield from _cells(names, row, number, asked.fields)


def _dialect(head: str) -> type[csv.Dialect]:
    try:
        return csv.Sniffer().sniff(head, delimiters=",;\t|")
    except csv.Error:
        return csv.excel


def _named(where: str, names: Sequence[str], line: int) -> Read:
    for name in names:
        yield Piece(str(name), f"{where}name of a column", line)


def _cells(names: Sequence[str], row: Sequence[Any], number: int, wanted: Sequence[str]) -> Read:
    for place, cell in enumerate(row):
        name = str(names[place]) if place < len(names) else f"column {place + 1}"
        if cell not in {None, ""} and (not wanted or name in wanted):
            yield Piece(str(cell), f"column {name}, row {number}", number, (name,))


def _read_parquet(path: Path, asked: Asked) -> Read:
    duckdb = _library("duckdb")
    if duckdb is None:
        yield Gap(_INSTALL)
        return
    with duckdb.connect() as connection:
        try:
            table = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
            names = [str(each[0]) for each in table.description]
            yield from _named("", names, 1)
            number = 1
            while rows := table.fetchmany(_ROWS_AT_ONCE):
                for row in rows:
                    if asked.sample and number > asked.sample:
                        yield _sampled(asked.sample, "rows")
                        return
                    yield from _row(names, [_told(cell) for cell in row], number, asked.fields)
                    number += 1
        except duckdb.Error as error:
            yield Gap(f"it cannot be read as Parquet: {type(error).__name__}")


def _row(names: Sequence[str], row: Sequence[object], number: int, wanted: Sequence[str]) -> Read:
    """Give the texts of a row; a cell of several values is walked as JSON is, by value."""
    flat = [None if isinstance(cell, dict | list) else cell for cell in row]
    yield from _cells(names, flat, number, wanted)
    for name, cell in zip(names, row, strict=True):
        if isinstance(cell, dict | list):
            fields = () if name in wanted else wanted
            yield from _values(cell, fields, f"$.{name}", number, name)


def _told(cell: object) -> object:
    """Give a cell as text, or as lists and names of texts."""
    if isinstance(cell, dict):
        return {str(_told(name)): _told(each) for name, each in cell.items()}
    if isinstance(cell, list | tuple):
        return [_told(each) for each in cell]
    if isinstance(cell, bytes):
        return cell.decode("utf-8", errors="replace")
    return cell if cell is None else str(cell)


def _read_pdf(path: Path, _asked: Asked) -> Read:
    pypdf = _library("pypdf")
    if pypdf is None:
        yield Gap(_INSTALL)
        return
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it says becomes a gap here
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            yield Gap("it is encrypted")
            return
        for number, page in enumerate(islice(reader.pages, _MOST_PAGES), 1):
            text = page.extract_text()
            where = f"page {number}"
            yield Piece(text, where) if text.strip() else Gap("no text, maybe a picture", where)
            if page.images:
                yield Gap("a picture", where)
        if len(reader.pages) > _MOST_PAGES:
            yield Gap(f"only the first {_MOST_PAGES:,} pages were read")
    except (pypdf.errors.PyPdfError, ValueError, KeyError, RecursionError) as error:
        yield Gap(f"it cannot be read as PDF: {type(error).__name__}")


def _read_docx(path: Path, _asked: Asked) -> Read:
    with zipfile.ZipFile(path) as archive:
        for part in sorted(archive.infolist(), key=lambda each: each.filename):
            name = part.filename
            if name.startswith("word/media/"):
                yield Gap("a picture", name)
            if not (name.startswith(("word/", "docProps/")) and name.endswith(".xml")):
                continue
            if part.file_size > _MOST_DOCX_BYTES:
                yield Gap("it is too large", name)
                continue
            text = _docx_text(archive.read(part))
            if text.strip():
                yield Piece(text, name)


def _docx_text(data: bytes) -> str:
    """Give the paragraphs of a part; a document that declares entities is refused."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise InvalidError("it declares entities, which no word processor writes")
    found: list[str] = []
    for node in ET.fromstring(data).iter():  # noqa: S314 entities are refused above
        if node.tag == f"{_TEXT_OF_WORD}p":
            found.append("\n")
        elif node.tag in {f"{_TEXT_OF_WORD}tab", f"{_TEXT_OF_WORD}br"}:
            found.append(" ")
        elif node.text and (node.tag == f"{_TEXT_OF_WORD}t" or "}" not in node.tag[-12:]):
            found.append(node.text)
    return "".join(found)


def _library(name: str) -> Any:  # noqa: ANN401 a module that may not be there
    try:
        return import_module(name)
    except ImportError:
        return None


_READERS: Final[Mapping[str, Callable[[Path, Asked], Read]]] = {
    ".json": _read_json,
    ".jsonl": _read_lines,
    ".ndjson": _read_lines,
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".parquet": _read_parquet,
    ".pdf": _read_pdf,
    ".docx": _read_docx,
}
_WITH_FIELDS: Final = (_read_json, _read_lines, _read_csv, _read_parquet)
