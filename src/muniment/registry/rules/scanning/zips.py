"""Reads zip archives by hand, strictly, because loaders disagree about archives made to deceive.

The list at the end of the archive and the header before each entry must say the same, entries lie
one behind the other, nothing hides before, between or after them, and nothing grows beyond bounds
when it is unpacked. What breaks one of these is told; what cannot be unpacked is not clean.
"""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from muniment.registry.models.artefacts import Severity
from muniment.registry.rules.scanning.reading import (
    MAX_PIECE,
    Bytes,
    Part,
    Reader,
    Search,
    UnreadableError,
)

MAX_ENTRIES: Final = 20_000
_TAIL: Final = 65_535 + 22
_MAX_LIST: Final = 16 << 20
_MAX_RATIO: Final = 1_000
_RATIO_FROM: Final = 1 << 20
_END: Final = b"PK\x05\x06"
_END_64: Final = b"PK\x06\x06"
_PLACE_64: Final = b"PK\x06\x07"
_LISTED: Final = b"PK\x01\x02"
_LOCAL: Final = b"PK\x03\x04"
_FULL: Final = 0xFFFF_FFFF
_STORED, _DEFLATED = 0, 8
_ENCRYPTED: Final = 0x1
_DESCRIPTOR_BYTES: Final = 24


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the list of the archive tells it, and where its bytes begin."""

    name: str
    method: int
    flags: int
    packed: int
    size: int
    offset: int
    mode: int
    begins: int = 0


def entries_of(search: Search, reader: Reader, file: str) -> tuple[Entry, ...]:
    """Read what an archive holds, telling on the way whatever is crooked about it."""
    place, tail = _end_of(reader)
    count, size, start = _list_place(search, reader, file, place, tail)
    if count > MAX_ENTRIES or size > _MAX_LIST:
        raise UnreadableError(f"the archive lists {count:,} entries")
    after = place + 22 + int.from_bytes(tail[20:22], "little")
    if after != reader.size:
        _crooked(search, file, "polyglot", f"byte {after}", "bytes follow the archive")
    listed = reader.read(start, size)
    if len(listed) != size:
        raise UnreadableError("the list of the archive is cut off")
    found = tuple(_located(search, reader, file, each) for each in _listed(listed, count))
    _check_layout(search, file, sorted(found, key=lambda each: each.offset), start)
    _check_names(search, file, found)
    return found


def opened(search: Search, reader: Reader, file: str, entry: Entry) -> Reader | None:
    """Give the content of an entry as a file of its own; nothing if it cannot be had."""
    name = f"{file}!{entry.name}"
    if entry.flags & _ENCRYPTED:
        search.missed(name, "it is encrypted")
        return None
    if entry.method == _STORED:
        return Part(reader, entry.begins, entry.size)
    if entry.method != _DEFLATED:
        search.missed(name, f"it is packed by method {entry.method}, which is not unpacked here")
        return None
    return _inflated(search, reader, name, entry)


def _inflated(search: Search, reader: Reader, name: str, entry: Entry) -> Reader | None:
    grown = entry.size > _RATIO_FROM and entry.size > entry.packed * _MAX_RATIO
    if grown:
        why = f"it unpacks to {entry.size:,} bytes from {entry.packed:,}"
        search.danger("zip.bomb", Severity.HIGH, name, "", why)
        return None
    if entry.packed > MAX_PIECE or not search.room(entry.size):
        search.missed(name, "it is too large to unpack here")
        return None
    packed = reader.read(entry.begins, entry.packed)
    unpacking = zlib.decompressobj(-15)
    try:
        data = unpacking.decompress(packed, entry.size + 1)
    except zlib.error as error:
        raise UnreadableError(f"{entry.name} cannot be unpacked") from error
    if len(data) > entry.size:
        search.danger("zip.bomb", Severity.HIGH, name, "", "it unpacks to more than it says")
        return None
    if len(data) != entry.size or not unpacking.eof:
        search.missed(name, "it unpacks to less than it says")
    return Bytes(data)


def _end_of(reader: Reader) -> tuple[int, bytes]:
    """Find the record that ends an archive, the last one there is."""
    start = max(0, reader.size - _TAIL)
    tail = reader.read(start, _TAIL)
    found = tail.rfind(_END)
    if found < 0 or len(tail) - found < 22:
        raise UnreadableError("the archive has no end")
    return start + found, tail[found:]


def _list_place(
    search: Search, reader: Reader, file: str, place: int, end: bytes
) -> tuple[int, int, int]:
    """Say how many entries there are, how long their list is, and where it stands."""
    disk, _, _, count, size, start = struct.unpack_from("<HHHHII", end, 4)
    if disk not in (0, 0xFFFF):
        raise UnreadableError("the archive is one of several parts")
    where = place
    locator = reader.read(place - 20, 20) if place >= 20 else b""
    if locator.startswith(_PLACE_64):
        where = int.from_bytes(locator[8:16], "little")
        large = reader.read(where, 56)
        if len(large) != 56 or not large.startswith(_END_64):
            raise UnreadableError("the large end of the archive is not where it is said to be")
        wide = struct.unpack_from("<QQQ", large, 32)
        told = ((count, 0xFFFF), (size, _FULL), (start, _FULL))
        pairs = zip(told, wide, strict=True)
        if any(small not in (full, other) for (small, full), other in pairs):
            raise UnreadableError("the two ends of the archive differ")
        count, size, start = wide
    elif _FULL in (size, start) or count == 0xFFFF:
        raise UnreadableError("the large end of the archive is missing")
    if start + size != where:
        if start + size < where:
            why = "the archive is hidden behind something else"
            _crooked(search, file, "polyglot", f"byte {where - start - size}", why)
        raise UnreadableError("the list of the archive is not where it is said to be")
    return count, size, start


def _listed(data: bytes, count: int) -> list[Entry]:
    found, place = [], 0
    for _ in range(count):
        head = data[place : place + 46]
        if len(head) != 46 or not head.startswith(_LISTED):
            raise UnreadableError("the list of the archive is broken")
        flags, method = struct.unpack_from("<HH", head, 8)
        packed, size, name_len, extra_len, note_len = struct.unpack_from("<IIHHH", head, 20)
        mode, offset = struct.unpack_from("<II", head, 38)
        name = data[place + 46 : place + 46 + name_len]
        extra = data[place + 46 + name_len : place + 46 + name_len + extra_len]
        place += 46 + name_len + extra_len + note_len
        size, packed, offset = _wide(extra, (size, packed, offset))
        found.append(Entry(_text(name, flags), method, flags, packed, size, offset, mode >> 16))
    if place != len(data):
        raise UnreadableError("the list of the archive is longer than its entries")
    return found


def _wide(extra: bytes, values: tuple[int, int, int]) -> tuple[int, int, int]:
    """Take the sizes of 64 bits where the short ones say that they stand apart."""
    if _FULL not in values:
        return values
    place = 0
    while place + 4 <= len(extra):
        tag, length = struct.unpack_from("<HH", extra, place)
        if tag == 1:
            numbers = extra[place + 4 : place + 4 + length]
            found = list(values)
            for number, value in enumerate(values):
                if value == _FULL:
                    if len(numbers) < 8:
                        break
                    found[number] = int.from_bytes(numbers[:8], "little")
                    numbers = numbers[8:]
            return (found[0], found[1], found[2])
        place += 4 + length
    return values


def _text(name: bytes, flags: int) -> str:
    return name.decode("utf-8" if flags & 0x800 else "cp437", "replace")


def _located(search: Search, reader: Reader, file: str, entry: Entry) -> Entry:
    """Find where an entry's bytes begin, and compare its own header with the list."""
    head = reader.read(entry.offset, 30)
    if len(head) != 30 or not head.startswith(_LOCAL):
        raise UnreadableError(f"{entry.name} is not where the list says")
    flags, method = struct.unpack_from("<HH", head, 6)
    packed, size, name_len, extra_len = struct.unpack_from("<IIHH", head, 18)
    name = _text(reader.read(entry.offset + 30, name_len), flags)
    same = (name, method) == (entry.name, entry.method) and not (flags ^ entry.flags) & _ENCRYPTED
    if not flags & 0x8:
        told = ((packed, entry.packed), (size, entry.size))
        same = same and all(one in (_FULL, other) for one, other in told)
    if not same:
        why = f"the list says {entry.name!r} and the entry itself something else"
        _crooked(search, file, "differs", f"byte {entry.offset}", why)
    if entry.method == _STORED and entry.packed != entry.size:
        raise UnreadableError(f"{entry.name} has two sizes")
    begins = entry.offset + 30 + name_len + extra_len
    values = (entry.name, entry.method, entry.flags, entry.packed, entry.size, entry.offset)
    return Entry(*values, entry.mode, begins)


def _check_layout(search: Search, file: str, entries: Sequence[Entry], end: int) -> None:
    """Tell of bytes before, between and after the entries, and of entries that share bytes."""
    reached = 0
    nexts = [*(each.offset for each in entries), end][1:]
    for entry, following in zip(entries, nexts, strict=True):
        if entry.offset < reached:
            why = f"{entry.name!r} shares its bytes with another entry"
            _crooked(search, file, "overlap", f"byte {entry.offset}", why)
        _check_gap(search, file, reached, entry.offset)
        reached = max(reached, entry.begins + entry.packed)
        if reached > end:
            raise UnreadableError(f"{entry.name} reaches into the list of the archive")
        if entry.flags & 0x8:
            reached += min(_DESCRIPTOR_BYTES, max(0, following - reached))
    _check_gap(search, file, reached, end)


def _check_gap(search: Search, file: str, reached: int, begins: int) -> None:
    if begins <= reached:
        return
    why = f"{begins - reached:,} bytes belong to no entry"
    _crooked(search, file, "polyglot" if reached == 0 else "hidden", f"byte {reached}", why)


def _check_names(search: Search, file: str, entries: Sequence[Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        parts = entry.name.replace("\\", "/").split("/")
        if ".." in parts or entry.name.startswith(("/", "\\")) or ":" in parts[0]:
            _crooked(search, file, "traversal", entry.name, "an entry leads out of the archive")
        if "\0" in entry.name or entry.name in seen:
            _crooked(search, file, "name", entry.name, "two entries have one name, or it is cut")
        if stat.S_ISLNK(entry.mode):
            _crooked(search, file, "link", entry.name, "an entry is a link to elsewhere")
        seen.add(entry.name)


def _crooked(search: Search, file: str, rule: str, place: str, why: str) -> None:
    search.danger(f"zip.{rule}", Severity.HIGH, file, place, why)
