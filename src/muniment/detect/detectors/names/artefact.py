"""The artefact: the word list and the learned tables, as whole numbers, in one file.

The file is a head of JSON, its length before it, and one compressed block with all tables. The
digest is taken of what is inside, so another version of the compressor changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from muniment.core.errors import UnavailableError

PATH = Path(__file__).with_name("names.bin")
_MAGIC = b"muniment-names-1\n"
_ROW_BITS = 16
_ROW = (1 << _ROW_BITS) - 1

Rows = Mapping[str, tuple[int, int]]
Table = npt.NDArray[np.generic]


class Listed(Mapping[str, tuple[int, int]]):
    """The words of an artefact with their rows and bits, packed: a hundred thousand load at once.

    Pairs are made as they are asked for; a pair for each word would double the time of a start.
    """

    def __init__(self, words: Sequence[str], row: Table, known: Table) -> None:
        packed = row.astype(np.int64) | (known.astype(np.int64) << _ROW_BITS)
        self._packed: dict[str, int] = dict(zip(words, packed.tolist(), strict=True))

    def __getitem__(self, word: str) -> tuple[int, int]:
        packed = self._packed[word]
        return packed & _ROW, packed >> _ROW_BITS

    def __contains__(self, word: object) -> bool:
        return word in self._packed

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


@dataclass(frozen=True, slots=True)
class Artefact:
    """What a training leaves behind: for each word its row and bits, and the tables."""

    rows: Rows
    frequent: tuple[str, ...]
    tables: Mapping[str, Table]
    digest: str


def content_digest(names: str, tables: Mapping[str, Table]) -> str:
    """Give the digest of what an artefact holds."""
    total = hashlib.sha256(names.encode())
    for name, table in sorted(tables.items()):
        total.update(f"{name} {table.dtype.str} {table.shape}".encode())
        total.update(np.ascontiguousarray(table).tobytes())
    return total.hexdigest()


def write(path: Path, rows: Rows, frequent: tuple[str, ...], tables: Mapping[str, Table]) -> str:
    """Write an artefact and give its digest."""
    listed = sorted(rows)
    named = dict(tables)
    named["word_row"] = np.array([rows[word][0] for word in listed], dtype="<u2")
    named["word_known"] = np.array([rows[word][1] for word in listed], dtype="<u2")
    names = "\n".join((" ".join(listed), "\t".join(frequent)))
    shapes = {name: [table.dtype.str, list(table.shape)] for name, table in sorted(named.items())}
    digest = content_digest(names, named)
    head = json.dumps({"tables": shapes, "names": len(names.encode()), "digest": digest}).encode()
    block = names.encode() + b"".join(named[name].tobytes() for name in shapes)
    packed = zlib.compress(block, 9)
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
    names = block[:at].decode()
    tables: dict[str, Table] = {}
    for name, (kind, shape) in head["tables"].items():
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        tables[name] = np.frombuffer(block[at : at + size], dtype=kind).reshape(shape)
        at += size
    if content_digest(names, tables) != head["digest"]:
        raise ValueError("the digest does not fit")
    listed, _, frequent = names.partition("\n")
    rows = Listed(listed.split(" "), tables["word_row"], tables["word_known"])
    return Artefact(rows, tuple(frequent.split("\t")), tables, str(head["digest"]))
