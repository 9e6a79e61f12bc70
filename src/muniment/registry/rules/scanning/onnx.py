"""Reads an ONNX model's outer parts: who made it, which operators, and files it points to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from muniment.registry.models.artefacts import Severity
from muniment.registry.rules.scanning.reading import (
    Cursor,
    Part,
    Reader,
    Search,
    UnreadableError,
    counted,
    shown,
)

_MOST_FIELDS: Final = 5_000_000
_MAX_TEXT: Final = 1 << 20
_MAX_DEPTH: Final = 8
_VARINT, _FIXED_64, _BYTES, _FIXED_32 = 0, 1, 2, 5
_OWN: Final = ("", "ai.onnx", "ai.onnx.ml", "ai.onnx.preview.training", "com.microsoft")
_TEXTS: Final = {2: "producer", 3: "producer_version", 4: "domain"}
_GRAPH, _OPSETS, _FACTS, _FUNCTIONS = 7, 8, 14, 25


class _Reading:
    """One model being read: how many fields there may still be."""

    def __init__(self, search: Search, file: str) -> None:
        self.search, self.file, self.left = search, file, _MOST_FIELDS
        self.nodes = self.tensors = 0
        self.domains: set[str] = set()

    def fields(self, reader: Reader) -> Iterator[tuple[int, Any]]:
        """Give the fields of a message; what is bytes, as a file of its own."""
        cursor = Cursor(reader)
        while cursor.tell() < reader.size:
            self.left -= 1
            if self.left < 0:
                raise UnreadableError("it has more parts than are looked through")
            tag = _varint(cursor)
            number, wire = tag >> 3, tag & 7
            if number == 0:
                raise UnreadableError("it is not an ONNX model")
            if wire == _VARINT:
                yield number, _varint(cursor)
            elif wire in (_FIXED_64, _FIXED_32):
                cursor.exactly(8 if wire == _FIXED_64 else 4)
            elif wire == _BYTES:
                length = _varint(cursor)
                place = cursor.tell()
                cursor.skip(length)
                yield number, Part(reader, place, length)
            else:
                raise UnreadableError("it is not an ONNX model")


def scan_onnx(search: Search, reader: Reader, file: str) -> None:
    """Read the model, keep what it tells, and look for foreign operators and paths."""
    reading = _Reading(search, file)
    told: dict[str, Any] = {}
    graphs = 0
    for number, value in reading.fields(reader):
        if isinstance(value, int):
            if number == 1:
                told["ir_version"] = counted(value)
            continue
        if number in _TEXTS:
            told[_TEXTS[number]] = shown(_text(value))
        elif number == _GRAPH:
            graphs += 1
            _graph(reading, value, 0)
        elif number == _OPSETS:
            reading.domains.update(_texts(reading, value, 1)[:1])
        elif number == _FUNCTIONS:
            _nodes(reading, value, 7, 0)
        elif number == _FACTS:
            pair = {tag: shown(_text(inner)) for tag, inner in _inner(reading, value)}
            told.setdefault("facts", []).append([pair.get(1, ""), pair.get(2, "")])
    if not graphs or "ir_version" not in told:
        raise UnreadableError("it is not an ONNX model")
    _foreign(reading)
    search.metadata.update(told, nodes=reading.nodes, tensors=reading.tensors)


def _foreign(reading: _Reading) -> None:
    for domain in sorted(reading.domains - set(_OWN)):
        why = f"operators of {shown(domain)} come from a library of their own"
        reading.search.danger("onnx.operator", Severity.MEDIUM, reading.file, domain, why)


def _graph(reading: _Reading, graph: Part, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise UnreadableError("its graphs are nested too deeply")
    for number, value in _inner(reading, graph):
        if number == 1:
            _node(reading, value, depth)
        elif number == 5:
            _tensor(reading, value)


def _nodes(reading: _Reading, message: Part, wanted: int, depth: int) -> None:
    for number, value in _inner(reading, message):
        if number == wanted:
            _node(reading, value, depth)


def _node(reading: _Reading, node: Part, depth: int) -> None:
    reading.nodes += 1
    for number, value in _inner(reading, node):
        if number == 7:
            reading.domains.add(_text(value))
        elif number == 5:
            _attribute(reading, value, depth)


def _attribute(reading: _Reading, attribute: Part, depth: int) -> None:
    for number, value in _inner(reading, attribute):
        if number in (5, 10):
            _tensor(reading, value)
        elif number in (6, 11):
            _graph(reading, value, depth + 1)


def _tensor(reading: _Reading, tensor: Part) -> None:
    reading.tensors += 1
    for number, value in _inner(reading, tensor):
        if number != 13:
            continue
        pair = {tag: _text(inner) for tag, inner in _inner(reading, value)}
        path = pair.get(2, "")
        if pair.get(1) != "location":
            continue
        parts = path.replace("\\", "/").split("/")
        if ".." in parts or path.startswith(("/", "\\")) or ":" in parts[0]:
            why = "it takes the numbers of a tensor from a file outside of its folder"
            reading.search.danger("onnx.traversal", Severity.HIGH, reading.file, path, why)
        else:
            reading.search.missed(f"{reading.file}!{path}", "its numbers lie in a file apart")


def _inner(reading: _Reading, message: Part) -> Iterator[tuple[int, Part]]:
    return ((tag, each) for tag, each in reading.fields(message) if isinstance(each, Part))


def _texts(reading: _Reading, message: Part, wanted: int) -> list[str]:
    return [_text(value) for number, value in _inner(reading, message) if number == wanted]


def _text(value: Part) -> str:
    if value.size > _MAX_TEXT:
        raise UnreadableError("a text of it is too long")
    return value.read(0, value.size).decode("utf-8", "replace")


def _varint(cursor: Cursor) -> int:
    found = 0
    for shift in range(0, 70, 7):
        byte = cursor.exactly(1)[0]
        found |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return found
    raise UnreadableError("it is not an ONNX model")
