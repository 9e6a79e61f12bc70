"""Reads the log forward for those who follow it: each bundle is cut once, facts when asked for.

Most followers pass most entries by for their kind, and many read the same entries one soon after
the other. A full bundle never changes, so the last few are kept as they were cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

import msgspec

from muniment.ledger.models import Entry
from muniment.ledger.service.read import bundle, sound_value
from muniment.ledger.store import TileFolder
from muniment.verify import TILE_WIDTH

_KEPT: Final = 2
_OUTLINED: Final = frozenset({"actor", "at", "id", "kind", "producer", "seq", "subject", "v"})
_Text = Annotated[str, msgspec.Meta(min_length=1)]


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
            whole = self._read()
        return whole[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def _read(self) -> Mapping[str, Any]:
        if self._whole is None:
            self._whole = sound_value(self._index, self._data)
        return self._whole


@dataclass(slots=True)
class Forward:
    """The entries of one log for those who follow it; safe to share between threads."""

    tiles: TileFolder
    _kept: dict[int, list[Cut]] = field(default_factory=dict, repr=False)

    def entries(self, first: int, limit: int, size: int) -> tuple[Entry, ...]:
        """Read entries from a place on, as far as the log of this size goes."""
        found: list[Entry] = []
        end = min(first + limit, size)
        while first < end:
            number, begin = divmod(first, TILE_WIDTH)
            held = self._bundle(number, min(TILE_WIDTH, size - number * TILE_WIDTH))
            some = held[begin : begin + end - first]
            found += [Entry(at, cut[0], Outlined(at, cut)) for at, cut in enumerate(some, first)]
            first += len(some)
        return tuple(found)

    def forget(self) -> None:
        """Keep nothing, as after a restore that was accepted."""
        self._kept = {}

    def _bundle(self, number: int, width: int) -> list[Cut]:
        known = self._kept.get(number)
        if known is not None:
            return known
        cut = [(each, outline_of(each)) for each in bundle(self.tiles, number, width)]
        if width == TILE_WIDTH:
            rest = [(each, held) for each, held in self._kept.items() if each != number]
            self._kept = dict([*rest, (number, cut)][-_KEPT:])
        return cut


def outline_of(data: bytes) -> _Outline | None:
    """Read the members of an entry of the usual form; nothing of any other."""
    try:
        return _read_outline(data)
    except ValueError:
        return None
