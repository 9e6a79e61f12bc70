"""Takes what is sealed into the index: at once what was sealed now, from the tiles the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from muniment.ledger.models import Entry
from muniment.ledger.service.forward import Outlined, outline_of
from muniment.ledger.service.made import MADE_HERE
from muniment.ledger.service.read import entries
from muniment.ledger.store import Batch

if TYPE_CHECKING:
    from muniment.ledger.service.log import Log

_AT_ONCE: Final = 512  # entries that were read take much room


def take_into_index(log: Log, size: int) -> None:
    """Take what is new into the index, from the tiles."""
    while (first := log.index.next_index()) < size:
        log.index.add(entries(log.tiles, first, _AT_ONCE, size))


def take_sealed(log: Log, batches: Sequence[Batch], sealed: Sequence[bytes]) -> None:
    """Take what was sealed just now into the index, if it knows everything before.

    Of what this process made itself the outline is enough; of the rest each entry is read exactly.
    """
    if log.index.next_index() == batches[0].first_index:
        reading = _read(batches, sealed)
        while some := list(islice(reading, _AT_ONCE)):
            log.index.add(some)


def _read(batches: Sequence[Batch], sealed: Sequence[bytes]) -> Iterator[Entry]:
    first = batches[0].first_index
    for batch in batches:
        is_ours = MADE_HERE.knows(batch.entries)
        begin = batch.first_index - first
        for index, data in enumerate(sealed[begin : begin + batch.count], batch.first_index):
            outline = outline_of(data) if is_ours else None
            yield Entry(index, data, Outlined(index, (data, outline)))


def reindex(log: Log) -> int:
    """Build the index anew from the tiles; give how many entries it holds."""
    log.index.clear()
    size = log.size()
    take_into_index(log, size)
    return size
