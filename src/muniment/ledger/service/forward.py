"""Reads the log forward for those who follow it: each bundle is cut once, facts when asked for.

Most followers pass most entries by for their kind, and many read the same entries one soon after
the other. What was sealed here a moment ago is held until it has been followed, so that it need not
be read from the tiles. A full bundle never changes, so the last few are kept as they were cut.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import Annotated, Any, Final, TypeVar

import msgspec

from muniment.jobs import Passage
from muniment.ledger.models import Entry
from muniment.ledger.service.read import bundle, sound_value
from muniment.ledger.store import TileFolder
from muniment.verify import TILE_WIDTH

_KEPT: Final = 4
_MOST_HELD_BYTES: Final = 8 * 1024 * 1024
_OUTLINED: Final = frozenset({"actor", "at", "id", "kind", "producer", "seq", "subject", "v"})
_Text = Annotated[str, msgspec.Meta(min_length=1)]
T = TypeVar("T")


class _Outline(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """The members of a usual entry; its facts as they are written."""

    actor: dict[str, str]
    at: str
    body: msgspec.Raw
    id: _Text
    kind: _Text
    producer: _Text
    seq: int
    subject: dict[str, str] | None
    v: int


Cut = tuple[bytes, _Outline | None]
_read_outline: Final = msgspec.json.Decoder(_Outline).decode


class Outlined(Mapping[str, Any]):
    """What an entry says: its facts are read, and the whole is looked at, when one asks for them.

    What is not of the usual form is read exactly at once.
    """

    __slots__ = ("_data", "_index", "_outline", "_whole")

    def __init__(self, index: int, cut: Cut) -> None:
        self._index, (self._data, self._outline) = index, cut
        self._whole: Mapping[str, Any] | None = None
        if self._outline is None:
            self._whole = sound_value(index, self._data)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 a member of an entry
        whole = self._whole
        if whole is None:
            if name in _OUTLINED:
                return getattr(self._outline, name)
            whole = self.read()
        return whole[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.read())

    def __len__(self) -> int:
        return len(self.read())

    def read(self) -> Mapping[str, Any]:
        """Read the whole, exactly."""
        if self._whole is None:
            self._whole = sound_value(self._index, self._data)
        return self._whole


class _Passing(Outlined):
    """What an entry says whose kind is known: nothing else is read before one asks for it."""

    __slots__ = ("_kind",)

    def __init__(self, index: int, data: bytes, kind: str) -> None:
        self._index, self._data, self._kind = index, data, kind
        self._outline = self._whole = None

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 a member of an entry
        if name == "kind":
            return self._kind
        if self._outline is None and self._whole is None:
            self._outline = outline_of(self._data)
            if self._outline is None:
                self.read()
        return super().__getitem__(name)


class _Told(Passage[Entry]):
    """Entries in a row as followers read them; sound, if this process sealed all of them."""

    __slots__ = ("data", "is_sound", "places")

    def __init__(
        self, places: Sequence[int], data: Sequence[bytes], kinds: Sequence[str], *, is_sound: bool
    ) -> None:
        super().__init__(kinds)
        self.places, self.data, self.is_sound = places, data, is_sound

    def entry(self, place: int) -> Entry:
        """Give one."""
        index, data = self.places[place], self.data[place]
        return Entry(index, data, _Passing(index, data, self.kinds[place]))

    def only(self, places: Sequence[int]) -> _Told:
        """Give some of them."""
        indices, data = [self.places[at] for at in places], [self.data[at] for at in places]
        return _Told(indices, data, [self.kinds[at] for at in places], is_sound=self.is_sound)


def told(
    entries: Sequence[Entry], read: Mapping[str, Callable[[bytes], T]]
) -> list[tuple[int, str, T]]:
    """Give the place and kind of entries, and what somebody reads of those of a kind.

    Unless all are known to be sound each is read exactly first. Others are left out.
    """
    if isinstance(entries, _Told) and entries.is_sound:
        rows = zip(entries.places, entries.kinds, entries.data, strict=True)
        return [(at, kind, read[kind](data)) for at, kind, data in rows if kind in read]
    return [
        (each.index, kind, read[kind](_exactly(each)))
        for each in entries
        if (kind := each.kind) in read
    ]


def _exactly(entry: Entry) -> bytes:
    if isinstance(entry.value, Outlined):
        entry.value.read()
    return entry.data


def read_told(index: int, data: bytes, read: Callable[[bytes], T]) -> T | Entry:
    """Read a sound entry; one that is not of the form which the reader knows is given as it is."""
    try:
        return read(data)
    except ValueError:
        return Entry(index, data, sound_value(index, data))


@dataclass(frozen=True, slots=True)
class _Piece:
    """Entries in a row as they were cut, with their kinds; sound, if this process sealed them."""

    first: int
    data: list[bytes]
    kinds: list[str]
    is_sound: bool

    def has(self, first: int, end: int) -> bool:
        """Tell whether all entries of a stretch are in it."""
        return self.first <= first and end <= self.first + len(self.kinds)


@dataclass(slots=True)
class Forward:
    """The entries of one log for those who follow it; safe to share between threads."""

    tiles: TileFolder
    _kept: dict[int, _Piece] = field(default_factory=dict, repr=False)
    _held: dict[int, _Piece] = field(default_factory=dict, repr=False)
    _held_bytes: int = 0
    _holding: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def entries(self, first: int, limit: int, size: int) -> Sequence[Entry]:
        """Read entries from a place on, as far as the log of this size goes."""
        end = min(first + limit, size)
        if first >= end:
            self._let_all_go()  # who has come to the end needs nothing of it
            return ()
        data: list[bytes] = []
        kinds: list[str] = []
        is_sound = True
        for number in range(first // TILE_WIDTH, (end - 1) // TILE_WIDTH + 1):
            edge = number * TILE_WIDTH
            begin, stop = max(first, edge), min(end, edge + TILE_WIDTH)
            piece = self._piece(number, begin, stop, min(TILE_WIDTH, size - edge))
            data += piece.data[begin - piece.first : stop - piece.first]
            kinds += piece.kinds[begin - piece.first : stop - piece.first]
            is_sound = is_sound and piece.is_sound
        return _Told(range(first, end), data, kinds, is_sound=is_sound)

    def hold(self, first: int, data: Sequence[bytes], kinds: Sequence[str]) -> None:
        """Hold sound entries that were sealed just now, until they have been followed."""
        with self._holding:
            at = 0
            while at < len(data):
                number = (first + at) // TILE_WIDTH
                stop = (number + 1) * TILE_WIDTH - first
                known = self._held.get(number)
                if known is None or known.first + len(known.kinds) != first + at:
                    self._let_go(number)
                    known = self._held[number] = _Piece(first + at, [], [], is_sound=True)
                known.data.extend(data[at:stop])
                known.kinds.extend(kinds[at:stop])  # last, for whoever reads looks at these
                at = stop
            self._held_bytes += sum(map(len, data))
            for number in list(self._held):
                if self._held_bytes <= _MOST_HELD_BYTES:
                    break
                self._let_go(number)

    def _let_go(self, number: int) -> None:
        gone = self._held.pop(number, None)
        self._held_bytes -= sum(map(len, gone.data)) if gone is not None else 0

    def forget(self) -> None:
        """Keep nothing, as after a restore that was accepted."""
        self._kept = {}
        self._let_all_go()

    def _let_all_go(self) -> None:
        with self._holding:
            self._held, self._held_bytes = {}, 0

    def _piece(self, number: int, begin: int, stop: int, width: int) -> _Piece:
        """Give what is held or kept of a bundle, or read it from its tile."""
        for known in (self._held.get(number), self._kept.get(number)):
            if known is not None and known.has(begin, stop):
                return known
        first, data = number * TILE_WIDTH, bundle(self.tiles, number, width)
        kinds = [_kind_of(index, each) for index, each in enumerate(data, first)]
        read = _Piece(first, data, kinds, is_sound=False)
        if width == TILE_WIDTH:
            rest = [(each, piece) for each, piece in self._kept.items() if each != number]
            self._kept = dict([*rest, (number, read)][-_KEPT:])
        return read


def outline_of(data: bytes) -> _Outline | None:
    """Read the members of an entry of the usual form; nothing of any other."""
    try:
        return _read_outline(data)
    except ValueError:
        return None


def _kind_of(index: int, data: bytes) -> str:
    """Read the kind of an entry; one that is not of the usual form is read exactly."""
    outline = outline_of(data)
    return intern(outline.kind if outline is not None else sound_value(index, data)["kind"])
