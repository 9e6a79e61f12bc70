"""The artefact: the word list and the learned tables, as whole numbers, in one file.

The file is a head of JSON, its length before it, and one block with all tables in the form of zlib,
stored and not pressed: unpacking would slow each start. The digest is taken of what is inside.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from muniment.core.errors import UnavailableError

PATH = Path(__file__).with_name("names.bin")
_MAGIC = b"muniment-names-1\n"
_BLANK = ord(" ")
_A_FEW = 1024
_TOGETHER = 4096
_HALF = 1 << 16
_SHIFT = 64 - _HALF.bit_length()

Rows = Mapping[str, tuple[int, int]]
Table = npt.NDArray[np.generic]
Bits = npt.NDArray[np.int64]
Places = npt.NDArray[np.bool_]


class Listed(Mapping[str, tuple[int, int]]):
    """The words of an artefact with their rows and bits, in order, and a word is found by halves.

    A short text asks for a few words only. Who asks for many gets an index of them by their hashes:
    it is quicker from then on, takes a tenth of what a table of them would, and making it would be
    a good part of a start.
    """

    def __init__(self, words: bytes, row: Table, known: Table) -> None:
        self._words = words
        self._row, self._known = row, known
        blanks = np.flatnonzero(np.frombuffer(words, dtype=np.uint8) == _BLANK)
        self._ends = array("q", np.append(blanks, len(words)).astype(np.int64).tobytes())
        if not len(row) == len(known) == len(self._ends):
            raise ValueError("the words do not fit their rows")
        self._asked = 0
        self._index: tuple[array[int], array[int]] | None = None

    def __getitem__(self, word: str) -> tuple[int, int]:
        sought = word.encode("utf-8", "surrogatepass")
        self._asked += 1
        if self._index is None and self._asked <= _A_FEW:
            place = self._by_halves(sought)
        else:
            place = self._by_hash(word, sought)
        if place < 0:
            raise KeyError(word)
        return int(self._row[place]), int(self._known[place])

    @property
    def words(self) -> bytes:
        """All words, in order, with a blank between two of them."""
        return self._words

    def many(self, words: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Give the rows and bits of those of some words that are listed."""
        if self._index is None and self._asked + len(words) <= _A_FEW:
            asked = ((word, self.get(word)) for word in words)
            return {word: row for word, row in asked if row is not None}
        row, known, found = self._row, self._known, {}
        for word in words:
            place = self._by_hash(word, word.encode("utf-8", "surrogatepass"))
            if place >= 0:
                found[word] = int(row[place]), int(known[place])
        return found

    def __iter__(self) -> Iterator[str]:
        for first in range(0, len(self._ends), _TOGETHER):
            yield from self._some(first)

    def __len__(self) -> int:
        return len(self._ends)

    def having(self, bits: Callable[[Bits], Places]) -> Iterator[str]:
        """Give the words whose bits are wanted."""
        for place in np.flatnonzero(bits(self._known.astype(np.int64))).tolist():
            yield self._word(place).decode()

    def _by_halves(self, sought: bytes) -> int:
        low, high = 0, len(self._ends)
        while low < high:
            middle = (low + high) // 2
            if self._word(middle) < sought:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self._ends) and self._word(low) == sought else -1

    def _by_hash(self, word: str, sought: bytes) -> int:
        starts, places = self._index or self._indexed()
        bucket = (hash(word) >> _SHIFT) + _HALF
        for place in places[starts[bucket] : starts[bucket + 1]]:
            if self._word(place) == sought:
                return place
        return -1

    def _word(self, place: int) -> bytes:
        start = self._ends[place - 1] + 1 if place else 0
        return self._words[start : self._ends[place]]

    def _some(self, first: int) -> list[str]:
        last = min(first + _TOGETHER, len(self._ends)) - 1
        start = self._ends[first - 1] + 1 if first else 0
        return self._words[start : self._ends[last]].decode().split(" ")

    def _indexed(self) -> tuple[array[int], array[int]]:
        """Put the words into buckets by their hashes, of which each has one or two words."""
        found = np.fromiter(map(hash, self), dtype=np.int64, count=len(self._ends))
        found >>= _SHIFT
        found += _HALF
        counts = np.bincount(found, minlength=2 * _HALF)
        starts = np.append(0, np.cumsum(counts)).astype(np.int32)
        made = (
            array("i", starts.tobytes()),
            array("i", np.argsort(found, kind="stable").astype(np.int32).tobytes()),
        )
        self._index = made
        return made


@dataclass(frozen=True, slots=True)
class Artefact:
    """What a training leaves behind: for each word its row and bits, and the tables."""

    rows: Listed
    frequent: tuple[str, ...]
    tables: Mapping[str, Table]
    digest: str


def content_digest(names: bytes, tables: Mapping[str, Table]) -> str:
    """Give the digest of what an artefact holds."""
    total = hashlib.sha256(names)
    for name, table in sorted(tables.items()):
        total.update(f"{name} {table.dtype.str} {table.shape}".encode())
        total.update(np.ascontiguousarray(table).data)
    return total.hexdigest()


def write(path: Path, rows: Rows, frequent: tuple[str, ...], tables: Mapping[str, Table]) -> str:
    """Write an artefact and give its digest."""
    listed = sorted(rows)
    named = dict(tables)
    named["word_row"] = np.array([rows[word][0] for word in listed], dtype="<u2")
    named["word_known"] = np.array([rows[word][1] for word in listed], dtype="<u2")
    names = "\n".join((" ".join(listed), "\t".join(frequent))).encode()
    shapes = {name: [table.dtype.str, list(table.shape)] for name, table in sorted(named.items())}
    digest = content_digest(names, named)
    head = json.dumps({"tables": shapes, "names": len(names), "digest": digest}).encode()
    block = names + b"".join(named[name].tobytes() for name in shapes)
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
    tables: dict[str, Table] = {}
    for name, (kind, shape) in head["tables"].items():
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        tables[name] = np.frombuffer(block[at : at + size], dtype=kind).reshape(shape)
        at += size
    if content_digest(names, tables) != head["digest"]:
        raise ValueError("the digest does not fit")
    listed, _, frequent = names.partition(b"\n")
    rows = Listed(listed, tables["word_row"], tables["word_known"])
    return Artefact(rows, tuple(frequent.decode().split("\t")), tables, str(head["digest"]))
