"""Reads the log from its tiles: entries, proofs, questions to the index."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muniment.core.errors import CorruptError, InvalidError, NotFoundError
from muniment.core.page import Page, require_limit
from muniment.ledger import rules
from muniment.ledger.models import Entry
from muniment.ledger.rules import format_proof, inclusion_proof
from muniment.ledger.store import IndexRow, Query, TileFolder
from muniment.verify import (
    TILE_WIDTH,
    FormatError,
    Proof,
    SourceError,
    TileTree,
    open_checkpoint,
    parse_bundle,
    tile_path,
)

if TYPE_CHECKING:
    from muniment.ledger.service.log import Log


def entries(tiles: TileFolder, first: int, limit: int, size: int) -> tuple[Entry, ...]:
    """Read entries from a place on, as far as the log of this size goes."""
    found: list[Entry] = []
    end = min(first + limit, size)
    while first < end:
        number = first // TILE_WIDTH
        width = min(TILE_WIDTH, size - number * TILE_WIDTH)
        held = bundle(tiles, number, width)
        stop = min(end, number * TILE_WIDTH + width)
        some = enumerate(held[first % TILE_WIDTH : stop - number * TILE_WIDTH], first)
        found.extend(Entry(i, data, sound_value(i, data)) for i, data in some)
        first = stop
    return tuple(found)


def raw_entries(tiles: TileFolder, size: int) -> Iterator[tuple[int, bytes]]:
    """Read the bytes of every entry of the log, as far as the log of this size goes."""
    for first in range(0, size, TILE_WIDTH):
        held = bundle(tiles, first // TILE_WIDTH, min(TILE_WIDTH, size - first))
        yield from enumerate(held[: size - first], first)


def shown_bundles(folder: Path) -> Callable[[int], bytes]:
    """Give what reads bundles by their number, as far as the published head covers them."""
    tiles = TileFolder(folder)

    def read(number: int) -> bytes:
        with suppress(CorruptError):
            return tiles.tile("entries", number, TILE_WIDTH)
        shown = tiles.published()
        size = open_checkpoint(shown)[1].size if shown else 0
        return tiles.tile("entries", number, min(TILE_WIDTH, size - number * TILE_WIDTH))

    return read


def entry(log: Log, index: int) -> Entry:
    """Read one entry."""
    size = log.size()
    if not 0 <= index < size:
        raise NotFoundError(
            f"there is no entry {index}; the log has {size}",
            subject=str(index),
            remedy=f"Ask for 0 to {size - 1}." if size else "Nothing is sealed yet.",
        )
    return entries(log.tiles, index, 1, size)[0]


def prove(log: Log, index: int) -> bytes:
    """Make a proof file: that this entry stands in the log whose head is signed."""
    checkpoint = log.tiles.published()
    if not checkpoint:
        raise NotFoundError("nothing is sealed yet", remedy="Run `muniment ledger seal`.")
    try:
        head = open_checkpoint(checkpoint)[1]
        if not 0 <= index < head.size:
            raise NotFoundError(
                f"there is no entry {index} under the signed head of {head.size}",
                subject=str(index),
                remedy="Wait a second, or run `muniment ledger seal`.",
            )
        tree = TileTree(log.tiles.source, head.size)
        hashes = tuple(inclusion_proof(tree.node, index, head.size))
    except (FormatError, SourceError) as error:
        raise CorruptError(
            f"no proof can be made: {error}", remedy="Run `muniment ledger fsck`."
        ) from error
    return format_proof(Proof(index, hashes, checkpoint))


def find(log: Log, query: Query, *, cursor: str | None = None, limit: int = 50) -> Page[IndexRow]:
    """Look for entries by kind, subject, actor, time, place or words."""
    if query.since and query.until and query.since >= query.until:
        raise InvalidError(
            "the time ends before it begins", field="until", remedy="Swap since and until."
        )
    return log.index.find(query, cursor=cursor, limit=limit)


def count(log: Log, query: Query) -> int:
    """Count entries by the same."""
    return log.index.count_of(query)


def newest(log: Log, kind: str, *, since: datetime, limit: int) -> tuple[Mapping[str, Any], ...]:
    """Read what the newest entries of a kind say, by the index: for a figure, not for a proof."""
    read = log.index.bodies(kind, since, require_limit(limit))
    return tuple(json.loads(body) for body in read)


def find_by_id(log: Log, record_id: str) -> Entry:
    """Read the entry that has this id."""
    rows = find(log, Query(id=record_id), limit=1).rows
    if not rows:
        raise NotFoundError(
            f"there is no sealed entry {record_id}",
            subject=record_id,
            remedy="It may not be sealed yet; try again in a second.",
        )
    return entry(log, rows[0].index)


def tail(log: Log, count: int) -> tuple[Entry, ...]:
    """Read the newest entries, oldest of them first."""
    size = log.size()
    return entries(log.tiles, max(0, size - count), count, size)


def check_index(log: Log) -> tuple[str, ...]:
    """Compare the index with the tiles; name what differs, the first hundred."""
    size = log.size()
    problems, counted = list[str](), Counter[str]()
    if log.index.count() != size:
        problems.append(f"the index holds {log.index.count()} entries, the log {size}")
    first = 0
    while first < size and len(problems) < 100:
        read = entries(log.tiles, first, 4_096, size)
        known = {row[0]: row[1:] for row in log.index.rows(first, len(read))}
        problems.extend(
            f"entry {one.index} is {one.kind} {one.id}, the index says {known.get(one.index)}"
            for one in read
            if known.get(one.index) != (one.id, one.kind)
        )
        counted.update(one.kind for one in read)
        first += len(read)
    problems.extend(
        f"the index counts {many} entries of kind {kind}, the log {counted[kind]}"
        for kind, many in log.index.kinds()
        if not problems and counted[kind] != many
    )
    return tuple(problems[:100])


def bundle(tiles: TileFolder, number: int, width: int) -> list[bytes]:
    """Read the entries of one bundle, at least so many."""
    data = tiles.tile("entries", number, width)
    name = tile_path("entries", number, width)
    try:
        found = parse_bundle(data)
    except FormatError as error:
        raise CorruptError(
            f"{name} of the log cannot be read: {error}",
            remedy="Run `muniment ledger fsck`, then restore the file from a backup.",
        ) from error
    if len(found) < width:
        raise CorruptError(
            f"{name} of the log holds {len(found)} entries of {width}",
            remedy="Run `muniment ledger fsck`, then restore the file from a backup.",
        )
    return found


def sound_value(index: int, data: bytes) -> Mapping[str, Any]:
    """Read what an entry says, or say which one cannot be read, and why."""
    try:
        return rules.read_sound_entry(data)
    except FormatError as error:
        name = tile_path("entries", index // TILE_WIDTH)
        raise CorruptError(
            f"entry {index} of the log, in {name}, cannot be read: {error}",
            subject=str(index),
            remedy="Run `muniment ledger fsck`, then restore the file from a backup.",
        ) from error
