"""Looks into a file of a model, without loading it: is it safe to load?

By what a file holds, never by its name alone, the right reader is chosen. What no reader knows, or
what a reader could not get through, is told as unread; such a file is never called clean.
"""

from __future__ import annotations

import ast
import bz2
import json
import lzma
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any, Final

from muniment.registry.models.artefacts import Scanned, Severity
from muniment.registry.rules.scanning import gguf, onnx, pickles, safetensors, zips
from muniment.registry.rules.scanning.reading import (
    MAX_DEPTH,
    MAX_PIECE,
    Bytes,
    Reader,
    Search,
    UnreadableError,
    pieces,
    shown,
)

SCANNER: Final = "muniment-scan/1"
_HEAD: Final = 512
_MAX_TEXT: Final = 32 << 20
_LAMBDA: Final = re.compile(rb"""["']class_name["']\s*:\s*["'](?:[\w.>]*[.>])?Lambda["']""")
_LAMBDA_ROOM: Final = 200
_NUMPY: Final = b"\x93NUMPY"
_HDF5: Final = b"\x89HDF\r\n\x1a\n"
_TORCH_NUMBERS: Final = re.compile(r"([^/]+/)data/\d+\Z")
_UNWRITTEN: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_CODE: Final = re.compile(r"\.(?:py|pyc|so|dll|dylib|sh|bat|exe|ps1|js|jar)\Z", re.IGNORECASE)


def scan(reader: Reader, name: str) -> Scanned:
    """Look into one file."""
    search = Search()
    found = _look(search, reader, name)
    metadata = search.metadata or None
    return Scanned(found, tuple(search.dangers), tuple(search.unread), metadata)


def _look(search: Search, reader: Reader, file: str) -> str:
    """Choose the reader for a file, and tell what it could not get through."""
    if search.depth > MAX_DEPTH:
        why = f"archives lie inside each other, more than {MAX_DEPTH} deep"
        search.danger("archive.nested", Severity.HIGH, file, "", why)
        return "archive"
    if not reader.size:
        search.missed(file, "it is empty")
        return "empty"
    if _CODE.search(file):
        why = "it is a program, which a loader may run"
        search.danger("file.program", Severity.MEDIUM, file, "", why)
    name, look = _reader_for(reader)
    search.depth += 1
    try:
        return look(search, reader, file) or name
    except UnreadableError as error:
        search.missed(file, f"{name} cannot be read: {error}")
        return name
    finally:
        search.depth -= 1


Look = Callable[[Search, Reader, str], str]


def _reader_for(reader: Reader) -> tuple[str, Look]:
    head = reader.read(0, _HEAD)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip", _zip
    name, look = _by_head(head, reader.size)
    return (name, _and_as_zip(look)) if _ends_as_zip(reader) else (name, look)


def _and_as_zip(look: Look) -> Look:
    """Look at a file twice that is an archive to whoever looks at its end."""

    def looked(search: Search, reader: Reader, file: str) -> str:
        try:
            _zip(search, reader, file)
        except UnreadableError as error:
            search.missed(file, f"its end is that of an archive: {error}")
        return look(search, reader, file)

    return looked


def _by_head(head: bytes, size: int) -> tuple[str, Look]:
    if head[:1] == b"\x80" and head[1:2] in (b"\2", b"\3", b"\4", b"\5"):
        return "pickle", pickles.scan_pickles
    if safetensors.is_safetensors(head, size):
        return "safetensors", _safetensors
    for magic, name, look in _MAGICS:
        if head.startswith(magic):
            return name, look
    return "unknown", _guess


def _ends_as_zip(reader: Reader) -> bool:
    """Tell whether a loader that looks at the end of a file would take it for an archive."""
    return b"PK\x05\x06" in reader.read(max(0, reader.size - 65_557), 65_557)


def _gguf(search: Search, reader: Reader, file: str) -> str:
    gguf.scan_gguf(search, reader, file)
    return ""


def _safetensors(search: Search, reader: Reader, _file: str) -> str:
    safetensors.scan_safetensors(search, reader)
    return ""


def _zip(search: Search, reader: Reader, file: str) -> str:
    entries = zips.entries_of(search, reader, file)
    names = {each.name for each in entries}
    torch = {each.rpartition("data.pkl")[0] for each in names if each.endswith("/data.pkl")}
    is_keras = {"config.json", "metadata.json"} <= names
    for entry in entries:
        if entry.name.endswith("/") and not entry.size:
            continue
        inner = f"{file}!{entry.name}"
        found = _TORCH_NUMBERS.match(entry.name)
        if found and found[1] in torch:
            continue  # the numbers of a tensor, which nothing runs
        content = zips.opened(search, reader, file, entry)
        if content is not None and (content.size or entry.size):
            _look(search, content, inner)
    if torch:
        return "torch"
    return "keras" if is_keras else "zip"


def _unpacked(search: Search, reader: Reader, file: str) -> str:
    """Unpack a file that is packed as a whole, and look into what comes out."""
    if reader.size > MAX_PIECE or not search.room(MAX_PIECE):
        raise UnreadableError("it is too large to unpack here")
    data = _inflate(reader.read(0, reader.size))
    _look(search, Bytes(data), f"{file}!")
    return ""


def _inflate(packed: bytes) -> bytes:
    unpacking: Any
    if packed.startswith(b"BZh"):
        unpacking = bz2.BZ2Decompressor()
    elif packed.startswith(b"\xfd7zXZ"):
        unpacking = lzma.LZMADecompressor(memlimit=MAX_PIECE)
    else:
        unpacking = zlib.decompressobj(47)
    try:
        data: bytes = unpacking.decompress(packed, MAX_PIECE)
    except (zlib.error, OSError, lzma.LZMAError, EOFError) as error:
        raise UnreadableError("it cannot be unpacked") from error
    if not unpacking.eof:
        raise UnreadableError("it unpacks to more than is looked through, or it is cut off")
    if unpacking.unused_data:
        raise UnreadableError("bytes follow what is packed")
    return data


def _numpy(search: Search, reader: Reader, file: str) -> str:
    """Numbers are harmless; an array of objects is a pickle behind a header."""
    head = reader.read(0, 12)
    if len(head) < 12 or head[6] not in (1, 2, 3):
        raise UnreadableError("its header is cut off")
    start, form = (10, "<H") if head[6] == 1 else (12, "<I")
    length = struct.unpack_from(form, head, 8)[0]
    if length > 1 << 20 or start + length > reader.size:
        raise UnreadableError("its header is longer than the file")
    described = reader.read(start, length).decode("latin-1")
    search.metadata.setdefault("array", shown(described.strip()))
    if _holds_objects(described):
        pickles.scan_pickles(search, reader, file, start + length)
        why = "an array of objects is a pickle"
        search.danger("numpy.objects", Severity.MEDIUM, file, "", why)
    return ""


def _holds_objects(described: str) -> bool:
    """Tell whether a header of numpy speaks of objects, or cannot be understood."""
    try:
        waiting = [ast.literal_eval(described.strip())["descr"]]
    except (ValueError, SyntaxError, TypeError, KeyError, RecursionError, MemoryError):
        return True
    while waiting:
        each = waiting.pop()
        if isinstance(each, (list, tuple)):
            waiting += each
        elif isinstance(each, str) and each.lstrip("|<>=").startswith("O"):
            return True
    return False


def _hdf5(search: Search, reader: Reader, file: str) -> str:
    """Look for the word in the bytes; a model that hides it elsewhere cannot be told."""
    held, place = b"", 0
    for piece in pieces(reader):
        held = held[-_LAMBDA_ROOM:] + piece
        _lambda(search, held, file, place)
        place += len(piece)
    search.missed(file, "the structure of HDF5 is not read, only its texts; save it as .keras")
    return ""


def _lambda(search: Search, data: bytes, file: str, place: int = 0) -> None:
    found = _LAMBDA.search(data)
    if found is not None:
        why = "a Lambda layer carries a program that is run when the model is loaded"
        where = f"near byte {max(0, place - _LAMBDA_ROOM) + found.start()}"
        search.danger("keras.lambda", Severity.HIGH, file, where, why)


def _guess(search: Search, reader: Reader, file: str) -> str:
    """Take what announces itself by nothing: a text, an ONNX model, an old pickle."""
    if reader.size <= _MAX_TEXT and (text := _text_of(reader)) is not None:
        if pickles.scan_perhaps(search, reader, file):
            return "pickle"
        _look_into_text(search, text, file)
        return "text"
    if file.lower().endswith(".onnx") or _seems_onnx(reader):
        onnx.scan_onnx(search, reader, file)
        return "onnx"
    pickles.scan_perhaps(search, reader, file)
    search.missed(file, "its format is not known here")
    return "unknown"


def _seems_onnx(reader: Reader) -> bool:
    """Tell whether it begins as a model does: a small version, then something with a length."""
    head = reader.read(0, 3)
    return len(head) == 3 and head[0] == 0x08 and head[1] < 0x20 and head[2] & 7 in (0, 2)


def _text_of(reader: Reader) -> bytes | None:
    data = reader.read(0, reader.size)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if _UNWRITTEN.search(text) else data


def _look_into_text(search: Search, data: bytes, file: str) -> None:
    _lambda(search, data, file)
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        if file.lower().endswith(".json"):
            search.missed(file, "it is named JSON and is none")
        return
    template = value.get("chat_template") if isinstance(value, dict) else None
    for each in template if isinstance(template, list) else [template]:
        text = each.get("template") if isinstance(each, dict) else each
        if isinstance(text, str):
            gguf.look_for_program(search, file, "chat_template", text)
    if _names_lambda(value):
        _lambda(search, b'"class_name": "Lambda"', file)


def _names_lambda(value: object) -> bool:
    """Find the layer however its name is written in JSON: escapes do not hide it."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            named = each.get("class_name")
            if isinstance(named, str) and named.rpartition(">")[2].rpartition(".")[2] == "Lambda":
                return True
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return False


_MAGICS: Final[tuple[tuple[bytes | tuple[bytes, ...], str, Look], ...]] = (
    (b"\x1f\x8b", "gzip", _unpacked),
    (b"BZh", "bzip2", _unpacked),
    (b"\xfd7zXZ\0", "xz", _unpacked),
    ((b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"), "zlib", _unpacked),
    (gguf.MAGIC, "gguf", _gguf),
    (_NUMPY, "numpy", _numpy),
    (_HDF5, "hdf5", _hdf5),
)
