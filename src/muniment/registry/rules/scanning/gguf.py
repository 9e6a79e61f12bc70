"""Reads the header of a GGUF file: what it tells of itself, and where its tensors lie."""

from __future__ import annotations

import struct
from typing import Any, Final

from muniment.registry.models.artefacts import Severity
from muniment.registry.rules.scanning.reading import (
    Cursor,
    Reader,
    Search,
    UnreadableError,
    counted,
    shown,
)

MAGIC: Final = b"GGUF"
_MOST_FACTS: Final = 100_000
_MOST_TENSORS: Final = 1_000_000
_MAX_TEXT: Final = 16 << 20
_MAX_LIST: Final = 10_000_000
_MOST_DIMENSIONS: Final = 8
_TOLD: Final = 60
_PLAIN: Final = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 10: "Q", 11: "q", 12: "d"}
_BOOL, _TEXT, _LIST = 7, 8, 9
_SPEAKING: Final = ("__", "import", "popen", "subprocess", "getattr", "eval(", "exec(", "|attr")


def scan_gguf(search: Search, reader: Reader, file: str) -> None:
    """Read the header, keep what it tells, and look into its template for programs."""
    cursor = Cursor(reader, 4)
    version, tensors, facts = cursor.number(4), cursor.number(8), cursor.number(8)
    if version not in (2, 3):
        raise UnreadableError(f"it is of version {version}")
    if tensors > _MOST_TENSORS or facts > _MOST_FACTS:
        raise UnreadableError(f"it lists {tensors:,} tensors and {facts:,} facts")
    told: dict[str, str] = {}
    for _ in range(facts):
        name = _text(cursor)
        value = _value(cursor, cursor.number(4), 0)
        if "chat_template" in name and isinstance(value, str):
            look_for_program(search, file, name, value)
        if not isinstance(value, list) and len(told) < _TOLD:
            told[shown(name)] = shown(str(value))
    alignment = int(told.get("general.alignment", "32")) if _is_number(told) else 32
    numbers, reach = _tensors(cursor, tensors)
    begins = cursor.tell() + -cursor.tell() % max(1, alignment)
    if tensors and begins + reach > reader.size:
        raise UnreadableError("a tensor lies behind the end of the file")
    search.metadata.update(
        version=version,
        tensors=tensors,
        parameters=counted(numbers),
        facts=[[name, value] for name, value in told.items()],
    )


def look_for_program(search: Search, file: str, name: str, template: str) -> None:
    """Tell of a template that reaches for more than what it is given."""
    found = [each for each in _SPEAKING if each in template]
    if found:
        why = f"a template speaks of {', '.join(found)}; rendering it may run a program"
        search.danger("template.program", Severity.HIGH, file, name, why)


def _is_number(told: dict[str, str]) -> bool:
    text = told.get("general.alignment", "")
    return text.isascii() and text.isdigit() and len(text) < 7


def _text(cursor: Cursor) -> str:
    length = cursor.number(8)
    if length > _MAX_TEXT:
        raise UnreadableError(f"a text of it has {length:,} bytes")
    return cursor.exactly(length).decode("utf-8", "replace")


def _value(cursor: Cursor, kind: int, depth: int) -> Any:  # noqa: ANN401 any plain value
    if kind in _PLAIN:
        form = _PLAIN[kind]
        return struct.unpack(f"<{form}", cursor.exactly(struct.calcsize(f"<{form}")))[0]
    if kind == _BOOL:
        return cursor.exactly(1) != b"\0"
    if kind == _TEXT:
        return _text(cursor)
    if kind != _LIST or depth > 2:
        raise UnreadableError(f"it holds a value of kind {kind}")
    inner, count = cursor.number(4), cursor.number(8)
    if count > _MAX_LIST:
        raise UnreadableError(f"a list of it has {count:,} members")
    if inner in _PLAIN or inner == _BOOL:
        cursor.skip(count * struct.calcsize(f"<{_PLAIN.get(inner, 'B')}"))
        return []
    for _ in range(count):
        _value(cursor, inner, depth + 1)
    return []


def _tensors(cursor: Cursor, count: int) -> tuple[int, int]:
    """Read where tensors lie; how many numbers they hold, and how far the last one begins."""
    numbers, reach, names = 0, 0, set()
    for _ in range(count):
        name, dimensions = _text(cursor), cursor.number(4)
        if dimensions > _MOST_DIMENSIONS or name in names:
            raise UnreadableError(f"{shown(name)} is there twice or has no shape")
        names.add(name)
        size = 1
        for _ in range(dimensions):
            size *= cursor.number(8)
        cursor.number(4)
        reach = max(reach, cursor.number(8) + (1 if size else 0))
        numbers += size
        if numbers >= 1 << 63:
            raise UnreadableError("it is larger than any file")
    return numbers, reach
