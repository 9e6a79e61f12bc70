"""Takes what is sealed into the index: at once what was sealed now, from the tiles the rest."""

from __future__ import annotations

from collections.abc import Sequence
from sys import intern
from typing import TYPE_CHECKING, Final

from muniment.ledger.models import Entry
from muniment.ledger.service.made import MADE_HERE
from muniment.ledger.service.read import entries, sound_value
from muniment.ledger.store import KIND, Batch, Listed, row_of, rows_of_sound

if TYPE_CHECKING:
    from muniment.ledger.service.log import Log

_AT_ONCE: Final = 512  # entries that were read take much room
_ROWS_AT_ONCE: Final = 512


def take_into_index(log: Log, size: int) -> None:
    """Take what is new into the index, from the tiles."""
    while (first := log.index.next_index()) < size:
        log.index.add(entries(log.tiles, first, _AT_ONCE, size))


Made = Sequence[tuple[int, int, bool]]
"""Batches in a row: the place of the first entry, how many, and whether they were made here."""


def made_here(batches: Sequence[Batch]) -> Made:
    """Say, once, which batches this process made itself."""
    return [(batch.first_index, batch.count, MADE_HERE.knows(batch.entries)) for batch in batches]


def take_sealed(log: Log, made: Made, sealed: list[bytes]) -> None:
    """Take what was sealed just now into the index, if it knows everything before.

    What this process made itself is sound by how it was made; of the rest each entry is read
    exactly. Both are then told to those who follow, who need not read them again.
    """
    first = made[0][0]
    if log.index.next_index() != first:
        return
    rows: list[Listed] = []
    kinds: list[str] = []
    sparing = log.index.portions is not None
    for begin, count, is_ours in made:
        data = sealed[begin - first : begin - first + count]
        rows += _rows_made(begin, data, sparing=sparing) if is_ours else _rows_read(begin, data)
        if len(rows) >= _ROWS_AT_ONCE or begin + count == first + len(sealed):
            log.index.add_rows(rows)
            kinds += [intern(each[KIND]) for each in rows]
            rows = []
    log.forward.hold(first, sealed, kinds)


def _rows_made(first: int, data: list[bytes], *, sparing: bool) -> list[Listed]:
    try:
        return rows_of_sound(first, data, sparing=sparing)
    except ValueError:
        return _rows_read(first, data)


def _rows_read(first: int, data: Sequence[bytes]) -> list[Listed]:
    return list(map(_row_read, range(first, first + len(data)), data))


def _row_read(index: int, data: bytes) -> Listed:
    return row_of(Entry(index, data, sound_value(index, data)))


def reindex(log: Log) -> int:
    """Build the index anew from the tiles; give how many entries it holds."""
    log.index.clear()
    size = log.size()
    take_into_index(log, size)
    return size
