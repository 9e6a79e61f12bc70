"""How a scan reads: any part of a file by its place, never more at once than is bounded.

A reader is handed in; whoever makes it may take the bytes from memory, from a disk, or out of the
vault. What a scan finds on its way is gathered in a `Search`, which also counts what was unpacked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from muniment.registry.models.artefacts import Danger, Severity, Unread

MAX_PIECE: Final = 64 << 20
MAX_UNPACKED: Final = 256 << 20
MAX_DEPTH: Final = 4
MAX_TOLD: Final = 200
_PIECE: Final = 1 << 20
_SHOWN: Final = 200


class Reader(Protocol):
    """A file that can be read at any place."""

    size: int

    def read(self, offset: int, length: int) -> bytes:
        """Give these bytes, fewer only where the file ends."""
        ...


class UnreadableError(Exception):
    """This cannot be read as what it claims to be; the scan says so and goes on."""


@dataclass(slots=True)
class Bytes:
    """A file in memory."""

    data: bytes
    size: int = field(init=False)

    def __post_init__(self) -> None:
        """Know how long it is."""
        self.size = len(self.data)

    def read(self, offset: int, length: int) -> bytes:
        """Give these bytes."""
        return self.data[offset : offset + length]


@dataclass(slots=True)
class Part:
    """A part of another file, as a file of its own."""

    whole: Reader
    start: int
    size: int

    def read(self, offset: int, length: int) -> bytes:
        """Give these bytes."""
        length = max(0, min(length, self.size - offset))
        return self.whole.read(self.start + offset, length) if length else b""


class Cursor:
    """A place in a file that moves forward, for parsers that ask for so many bytes or a line."""

    def __init__(self, reader: Reader, place: int = 0) -> None:
        self._reader, self._place = reader, place
        self._held, self._from = b"", place

    def tell(self) -> int:
        """Say where it stands."""
        return self._place

    def read(self, length: int) -> bytes:
        """Give so many bytes, fewer where the file ends; never more than is bounded."""
        if length > MAX_PIECE:
            raise UnreadableError(f"a value of {length:,} bytes is too large to look through")
        start = self._place - self._from
        if start + length > len(self._held):
            self._held = self._reader.read(self._place, max(length, _PIECE))
            self._from, start = self._place, 0
        found = self._held[start : start + length]
        self._place += len(found)
        return found

    def exactly(self, length: int) -> bytes:
        """Give so many bytes, or say that the file ended."""
        found = self.read(length)
        if len(found) != length:
            raise UnreadableError("the file ends too early")
        return found

    def number(self, length: int) -> int:
        """Read a number, the smallest byte first."""
        return int.from_bytes(self.exactly(length), "little")

    def readline(self) -> bytes:
        """Give the bytes up to the end of a line."""
        start = self._place - self._from
        if start >= 0 and (end := self._held.find(b"\n", start) + 1):
            self._place += end - start
            return self._held[start:end]
        found = self.read(_PIECE)
        end = found.find(b"\n") + 1
        if not end and len(found) == _PIECE:
            raise UnreadableError("a line is too long to look through")
        line = found[:end] if end else found
        self._place -= len(found) - len(line)
        return line

    def skip(self, length: int) -> None:
        """Go on without reading."""
        if length > self._reader.size - self._place:
            raise UnreadableError("the file ends too early")
        self._place += length


def pieces(reader: Reader) -> Iterator[bytes]:
    """Give a whole file piece by piece."""
    place = 0
    while place < reader.size:
        piece = reader.read(place, _PIECE)
        if not piece:
            return
        yield piece
        place += len(piece)


@dataclass(slots=True)
class Search:
    """What a scan gathers: dangers, what it could not read, and facts about the file."""

    dangers: list[Danger] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    unpacked: int = 0
    depth: int = 0

    def danger(self, rule: str, severity: Severity, file: str, place: str, why: str) -> None:
        """Note something unsafe, each once."""
        found = Danger(rule, severity, shown(file), shown(place), shown(why))
        if found not in self.dangers:
            if len(self.dangers) < MAX_TOLD:
                self.dangers.append(found)
            else:
                self.missed("", f"more than {MAX_TOLD} dangers were found, the rest is not told")

    def missed(self, file: str, why: str) -> None:
        """Note something that could not be looked into."""
        found = Unread(shown(file), shown(why))
        if found not in self.unread and len(self.unread) < MAX_TOLD:
            self.unread.append(found)

    def room(self, wanted: int) -> bool:
        """Take so many bytes off what may still be unpacked, if there are so many."""
        if wanted > MAX_PIECE or self.unpacked + wanted > MAX_UNPACKED:
            return False
        self.unpacked += wanted
        return True


def counted(number: int) -> int | str:
    """Write a number so that every reader of JSON reads the same; a vast one as text."""
    return number if number < 1 << 53 else str(number)


def shown(text: str) -> str:
    """Write what stands in a file so that it can be shown: short, and nothing unprintable."""
    cut = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in cut
    )
