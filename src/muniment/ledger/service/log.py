"""Seals what was recorded: gives it its order, its place in the tree, and a signed head.

One process leads at a time (a lock on the folder; on PostgreSQL an advisory lock too) and every
write of a leader carries its epoch, so an older leader that wakes up late changes nothing. Normal
sealing goes the same way as recovery: it reads what is placed but not yet under the head, so what
a crash leaves half done is simply done again, byte for byte.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from muniment.core.actor import system_actor
from muniment.core.clock import stamp
from muniment.core.errors import CorruptError, InvalidError, NotFoundError
from muniment.db import Database, Work
from muniment.ledger import rules, store
from muniment.ledger.kinds import Began, CheckpointSigned
from muniment.ledger.models import Entry, LogStatus
from muniment.ledger.service import read
from muniment.ledger.service.record import Recorder, record
from muniment.ledger.signers.keyring import KeyringSigner
from muniment.ledger.store import Files, HeadRow, Index, TileFolder
from muniment.plugins.sockets import Keyring
from muniment.settings import Settings
from muniment.verify import (
    EMPTY_ROOT,
    Checkpoint,
    FormatError,
    format_bundle,
    format_note,
    leaf_hash,
    open_checkpoint,
)

_ACTOR: Final = system_actor("sequencer")
PRODUCER: Final = "sequencer"
PURPOSE: Final = "log"
LOG_FOLDER: Final = "log"
_CHECKPOINT_EVERY_SECONDS: Final = 30
_INDEXED_AT_ONCE: Final = 4_096
_LOCK: Final = 0x6C6F6700  # "log": one sequencer on a PostgreSQL database

OpenKeyring = Callable[[str], Keyring]


@dataclass(slots=True)
class Log:
    """The log of one installation, and the process's place in it."""

    database: Database
    tiles: TileFolder
    index: Index
    settings: Settings
    open_keyring: OpenKeyring
    build: str
    producer: str
    broken: str = ""
    _keyring: Keyring | None = None
    _epoch: int = 0
    _frontier: rules.Frontier = field(default_factory=rules.Frontier)
    _rest: bytes = b""
    _noted_at: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> HeadRow:
        """Begin the log if it has not begun: its installation, its key, its first entry."""
        with self.database.look(_ACTOR) as work:
            found = store.head(work)
        if found is not None:
            return found
        installation = self.database.ids.new("ins")
        origin = self.settings.ledger.origin or f"{_host()}/muniment/{installation[-8:]}"
        self._keyring = self.open_keyring(installation)
        signer = KeyringSigner(self._keyring, self._keyring.current(PURPOSE), origin)
        vkey = _checked_vkey(signer)
        with self._as_sequencer() as work:
            if store.begin_head(work, installation, origin, EMPTY_ROOT):
                store.add_key(work, vkey, signer.key_id)
                operator = self.settings.ledger.operator or _host()
                record(work, Began(installation, operator, origin, self.build, vkey))
        with self.database.look(_ACTOR) as work:
            return _required(store.head(work))

    def keyring(self) -> Keyring:
        """Open the keyring of this installation, once."""
        if self._keyring is None:
            self._keyring = self.open_keyring(self.begin().installation)
        return self._keyring

    def seal(self) -> int:
        """Bring everything that is durable under a signed head; give the log's size."""
        with self._lock, self.tiles.leading(), self.database.alone(_LOCK):
            self._lead()
            while self._seal_once():
                pass
            size = self._frontier.size
        self._take_into_index(size)
        return size

    def read_after(self, first: int, limit: int) -> tuple[Entry, ...]:
        """Read sealed entries from a place on; this is what followers read."""
        with self.database.look(_ACTOR) as work:
            head = store.head(work)
        return read.entries(self.tiles, first, limit, head.size if head else 0)

    def status(self) -> LogStatus:
        """Say how the log stands."""
        with self.database.look(_ACTOR) as work:
            head = _required(store.head(work))
            waiting = store.unsealed_count(work)
            keys = store.current_keys(work)
        return LogStatus(
            installation=head.installation,
            origin=head.origin,
            vkey=keys[0].vkey if keys else "",
            size=head.size,
            waiting=waiting,
            signed_at=head.signed_at,
            indexed=self.index.next_index(),
            broken=self.broken,
        )

    def vkeys(self) -> tuple[str, ...]:
        """List the public keys this log was ever signed with, the present one first."""
        with self.database.look(_ACTOR) as work:
            return tuple(key.vkey for key in store.current_keys(work))

    def prune(self) -> int:
        """Forget sealed batches that were kept long enough in the database."""
        keep = self.settings.ledger.keep_pending_seconds
        self.begin()
        with self.database.work(_ACTOR) as work:
            head = _required(store.head(work))
            old = (work.now - head.signed_at).total_seconds() >= keep
            return store.prune_sealed(work, head.size) if old or keep == 0 else 0

    def close(self) -> None:
        """Give everything back."""
        self.tiles.close()
        self.index.close()

    def _lead(self) -> None:
        """Become the newest leader and make sure of the ground: database, tiles and head agree."""
        head = self.begin()
        with self._as_sequencer() as work:
            self._epoch = store.take_epoch(work)
        shown = self.tiles.published()
        if shown and _size_of(shown) > head.size:
            self.broken = (
                f"the log on disk has {_size_of(shown)} entries, the database {head.size}: "
                "the database is older than the log"
            )
            raise CorruptError(
                self.broken, subject=head.origin, remedy="Restore the database that belongs to it."
            )
        if self._frontier.size != head.size or head.size == 0:
            self._recover(head)
        if head.checkpoint and shown != head.checkpoint.encode():
            self.tiles.publish(head.checkpoint.encode())  # we died between signing and showing

    def _recover(self, head: HeadRow) -> None:
        try:
            self._frontier = rules.load_frontier(head.size, self.tiles.tile)
        except InvalidError as error:
            raise self._is_broken(str(error), head) from error
        if self._frontier.root() != head.root:
            raise self._is_broken("the tiles do not lead to the signed root", head)
        width = head.size % 256
        whole = self.tiles.tile("entries", head.size // 256, width) if width else b""
        self._rest = _first_entries(whole, width)

    def _is_broken(self, what: str, head: HeadRow) -> CorruptError:
        self.broken = what
        return CorruptError(
            f"{what}; writing to the log has stopped",
            subject=head.origin,
            remedy="Run `muniment ledger fsck` and restore what it names from a backup.",
        )

    def _seal_once(self) -> bool:
        self._note_checkpoint()
        with self._as_sequencer() as work:
            store.assign(work, self._epoch, PRODUCER)
        # If we die here, the batches keep their places; the next leader reads them again below.
        with self.database.look(_ACTOR) as work:
            head = _required(store.head(work))
            batches = store.assigned_from(work, head.size)
        if not batches:
            return False
        entries = [entry for batch in batches for entry in split_batch(batch.entries)]
        growth = rules.append_leaves(self._frontier, [leaf_hash(entry) for entry in entries])
        packed = rules.pack_bundles(self._frontier.size, self._rest, entries)
        written = (*packed.bundles, *growth.tiles)
        self.tiles.write(written)
        # If we die here, the tiles are written again with the same bytes: places never change.
        new_head = self._sign(head, growth.frontier)
        with self._as_sequencer() as work:
            store.advance_head(work, head.size, new_head)
        # If we die here, the head is durable and the next leader shows it.
        self.tiles.publish(new_head.checkpoint.encode())
        self._frontier, self._rest = growth.frontier, packed.rest
        self.tiles.tidy(written)
        return True

    def _sign(self, head: HeadRow, frontier: rules.Frontier) -> HeadRow:
        checkpoint = Checkpoint(head.origin, frontier.size, frontier.root())
        with self.database.look(_ACTOR) as work:
            current = store.current_keys(work)[0]
        signer = KeyringSigner(self.keyring(), current.key_id, head.origin)
        note = rules.sign_checkpoint(checkpoint, signer.key, signer.sign)
        return HeadRow(
            head.installation,
            head.origin,
            frontier.size,
            checkpoint.root,
            format_note(note).decode(),
            self.database.clock.now(),
            self._epoch,
        )

    def _take_into_index(self, size: int) -> None:
        while (first := self.index.next_index()) < size:
            self.index.add(read.entries(self.tiles, first, _INDEXED_AT_ONCE, size))

    def _note_checkpoint(self) -> None:
        """Record the last head beside new entries, so that it bounds their time; not too often."""
        now = self.database.clock.now()
        if self._noted_at is None:
            self._noted_at = now
        if (now - self._noted_at).total_seconds() < _CHECKPOINT_EVERY_SECONDS:
            return
        with self.database.look(_ACTOR) as work:
            head = _required(store.head(work))
            if head.size == 0 or not store.has_waiting(work, PRODUCER):
                return
        with self._as_sequencer() as work:
            record(work, CheckpointSigned(head.size, head.root.hex(), stamp(head.signed_at)))
        self._noted_at = now

    @contextmanager
    def _as_sequencer(self) -> Iterator[Work]:
        with self.database.work(_ACTOR, recorder=Recorder(PRODUCER)) as work:
            yield work


def open_log(
    database: Database,
    settings: Settings,
    open_keyring: OpenKeyring,
    *,
    build: str,
    producer: str,
    files: Files | None = None,
) -> Log:
    """Open the log of an installation; nothing is written before it is asked to."""
    folder = settings.data.dir
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Log(
        database=database,
        tiles=TileFolder(folder / LOG_FOLDER, files),
        index=Index(database, folder),
        settings=settings,
        open_keyring=open_keyring,
        build=build,
        producer=producer,
    )


def _required(head: HeadRow | None) -> HeadRow:
    if head is None:
        raise NotFoundError(
            "the log has not begun", remedy="Start Muniment once, or run `muniment ledger seal`."
        )
    return head


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname()) or "localhost"


def _checked_vkey(signer: KeyringSigner) -> str:
    try:
        return signer.verifier_key
    except FormatError as error:
        raise InvalidError(
            f"{signer.origin!r} cannot name a log: {error}",
            field="ledger.origin",
            remedy="Use something like example.com/muniment, without spaces or plus signs.",
        ) from error


def _size_of(checkpoint: bytes) -> int:
    try:
        return open_checkpoint(checkpoint)[1].size
    except FormatError as error:
        raise CorruptError(
            f"the published checkpoint cannot be read: {error}",
            remedy="Restore the file log/checkpoint from a backup.",
        ) from error


def _first_entries(bundle: bytes, width: int) -> bytes:
    return format_bundle(split_batch(bundle)[:width])


def split_batch(entries: bytes) -> list[bytes]:
    """Cut a batch, which may hold more entries than a bundle does."""
    found, start = [], 0
    while start < len(entries):
        stop = start + 2 + int.from_bytes(entries[start : start + 2], "big")
        found.append(entries[start + 2 : stop])
        start = stop
    return found
