"""Takes what is sealed into the index: at once what was sealed now, from the tiles the rest."""

from __future__ import annotations

from collections.abc import Sequence
from sys import intern
from typing import TYPE_CHECKING, Final

from muniment.ledger.models import Entry
from muniment.ledger.service.made import MADE_HERE
from muniment.ledger.service.read import entries, sound_value
from muniment.ledger.store import KIND, Batch, Listed, row_of, row_of_sound

if TYPE_CHECKING:
    from muniment.ledger.service.log import Log

_AT_ONCE: Final = 512  # entries that were read take much room
_ROWS_AT_ONCE: Final = 1_024


def take_into_index(log: Log, size: int) -> None:
    """Take what is new into the index, from the tiles."""
    while (first := log.index.next_index()) < size:
        log.index.add(entries(log.tiles, first, _AT_ONCE, size))


def take_sealed(log: Log, batches: Sequence[Batch], sealed: Sequence[bytes]) -> None:
    """Take what was sealed just now into the index, if it knows everything before.

    What this process made itself is sound by how it was made; of the rest each entry is read
    exactly. Both are then told to those who follow, who need not read them again.
    """
    first = batches[0].first_index
    if log.index.next_index() != first:
        return
    rows: list[Listed] = []
    kinds: list[str] = []
    for batch in batches:
        begin = batch.first_index - first
        row = _row_made if MADE_HERE.knows(batch.entries) else _row_read
        some = sealed[begin : begin + batch.count]
        rows += map(row, range(batch.first_index, batch.first_index + batch.count), some)
        if len(rows) >= _ROWS_AT_ONCE or batch is batches[-1]:
            log.index.add_rows(rows)
            kinds += [intern(each[KIND]) for each in rows]
            rows = []
    log.forward.hold(first, sealed, kinds)


def _row_made(index: int, data: bytes) -> Listed:
    try:
        return row_of_sound(index, data)
    except ValueError:
        return _row_read(index, data)


def _row_read(index: int, data: bytes) -> Listed:
    return row_of(Entry(index, data, sound_value(index, data)))


def reindex(log: Log) -> int:
    """Build the index anew from the tiles; give how many entries it holds."""
    log.index.clear()
    size = log.size()
    take_into_index(log, size)
    return size
