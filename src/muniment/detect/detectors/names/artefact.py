"""The artefact: the word list and the learned tables, as whole numbers, in one file.

The file is a head of JSON, its length before it, and one block with all tables in the form of zlib,
stored and not pressed: unpacking would slow each start. The digest is taken of what is inside.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
import zlib
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from muniment.core.errors import UnavailableError

PATH = Path(__file__).with_name("names.bin")
_MAGIC = b"muniment-names-1\n"
_KINDS: Final = {"|i1": "b", "<i2": "h", "<u2": "H", "<i4": "i", "<f8": "d"}
_NAMES: Final = {code: name for name, code in _KINDS.items()}

Rows = Mapping[str, tuple[int, int]]


class Grid(NamedTuple):
    """Whole numbers or floats, row by row, and how many rows, columns and so on these are."""

    shape: tuple[int, ...]
    numbers: array[Any]


@dataclass(frozen=True, slots=True)
class Artefact:
    """What a training leaves behind: the words, for each its row and bits, and the tables.

    The words are in order, with a blank between two of them; each table is in the shape and of the
    numbers it was written with.
    """

    words: bytes
    frequent: tuple[str, ...]
    tables: Mapping[str, Grid]
    digest: str


def content_digest(names: bytes, tables: Mapping[str, Grid]) -> str:
    """Give the digest of what an artefact holds."""
    total = hashlib.sha256(names)
    for name, table in sorted(tables.items()):
        total.update(f"{name} {_NAMES[table.numbers.typecode]} {table.shape}".encode())
        total.update(_turned(table.numbers))
    return total.hexdigest()


def write(path: Path, rows: Rows, frequent: tuple[str, ...], tables: Mapping[str, Grid]) -> str:
    """Write an artefact and give its digest."""
    listed = sorted(rows)
    named = dict(tables)
    for at, name in enumerate(("word_row", "word_known")):
        named[name] = Grid((len(listed),), array("H", [rows[word][at] for word in listed]))
    names = "\n".join((" ".join(listed), "\t".join(frequent))).encode()
    shapes = {
        name: [_NAMES[table.numbers.typecode], list(table.shape)]
        for name, table in sorted(named.items())
    }
    digest = content_digest(names, named)
    head = json.dumps({"tables": shapes, "names": len(names), "digest": digest}).encode()
    block = names + b"".join(_turned(named[name].numbers).tobytes() for name in shapes)
    packed = zlib.compress(block, 0)
    path.write_bytes(_MAGIC + len(head).to_bytes(4, "big") + head + packed)
    return digest


def read(path: Path = PATH) -> Artefact:
    """Read an artefact; one that is not what it says it is, is refused."""
    try:
        return _read(path.read_bytes())
    except (ValueError, KeyError, zlib.error, IndexError, UnicodeDecodeError, OSError) as error:
        raise UnavailableError(
            f"the names artefact cannot be read ({type(error).__name__})",
            subject=path.name,
            remedy="Install Muniment again, or make it again with `make train-names`.",
        ) from error


def _read(content: bytes) -> Artefact:
    if not content.startswith(_MAGIC):
        raise ValueError("not an artefact")
    at = len(_MAGIC) + 4
    size = int.from_bytes(content[at - 4 : at], "big")
    head = json.loads(content[at : at + size])
    block = zlib.decompress(content[at + size :])
    at = int(head["names"])
    names = block[:at]
    tables: dict[str, Grid] = {}
    for name, (kind, shape) in head["tables"].items():
        numbers = array(_KINDS[kind])
        size = math.prod(shape) * numbers.itemsize
        numbers.frombytes(block[at : at + size])
        if len(numbers) != math.prod(shape):
            raise ValueError("a table is cut short")
        tables[name] = Grid(tuple(shape), _turned(numbers))
        at += size
    if content_digest(names, tables) != head["digest"]:
        raise ValueError("the digest does not fit")
    listed, _, frequent = names.partition(b"\n")
    if not tables["word_row"].shape == tables["word_known"].shape == (listed.count(b" ") + 1,):
        raise ValueError("the words do not fit their rows")
    return Artefact(listed, tuple(frequent.decode().split("\t")), tables, str(head["digest"]))


def _turned(numbers: array[Any]) -> array[Any]:
    """Turn numbers between the order of bytes in the file and that of this machine."""
    if sys.byteorder == "little":
        return numbers
    turned = array(numbers.typecode, numbers)
    turned.byteswap()
    return turned
