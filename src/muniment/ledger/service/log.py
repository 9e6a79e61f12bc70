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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from muniment.core.actor import system_actor
from muniment.core.clock import give_way, stamp
from muniment.core.errors import CorruptError, InvalidError, NotFoundError
from muniment.db import Database, Work
from muniment.ledger import rules, store
from muniment.ledger.kinds import Began, CheckpointSigned
from muniment.ledger.models import Entry, LogHealth, LogStatus
from muniment.ledger.rules import format_bundle, format_note
from muniment.ledger.service import read
from muniment.ledger.service.forward import Forward
from muniment.ledger.service.ground import (
    broken_log,
    in_place,
    packed_from,
    read_predecessor,
    require_origin,
    signing_key,
    size_shown,
)
from muniment.ledger.service.indexing import made_here, take_into_index, take_sealed
from muniment.ledger.service.marking import is_demo, producer_name
from muniment.ledger.service.record import Recorder, record
from muniment.ledger.service.watch import Seen, health
from muniment.ledger.signers.keyring import KeyringSigner
from muniment.ledger.store import Files, HeadRow, Index, KeyRow, TileFolder
from muniment.plugins.sockets import Keyring
from muniment.settings import Settings
from muniment.verify import EMPTY_ROOT, TILE_WIDTH, Checkpoint, leaf_hash, tile_path

_ACTOR: Final = system_actor("sequencer")
PRODUCER: Final = "sequencer"
PURPOSE: Final = "log"
LOG_FOLDER: Final = "log"
_CHECKPOINT_EVERY_SECONDS: Final = 30
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
    seen: Seen = field(default_factory=Seen)
    unlock_says: str = ""
    forward: Forward = field(init=False)
    _keyring: Keyring | None = None
    _epoch: int = 0
    _placed: store.Placed = field(default_factory=dict, repr=False)
    _frontier: rules.Frontier = field(default_factory=rules.Frontier)
    _rest: bytes = b""
    _noted_at: datetime | None = None
    _stood: bool = False
    _demo: bool | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.forward = Forward(self.tiles)

    def begin(self) -> HeadRow:
        """Begin the log if it has not begun: its installation, its key, its first entry.

        First its name, so that whoever begins at the same moment, or after we died, opens the
        keyring of the same installation; then, under the head, its key and first entry, once.
        """
        with self.database.look(_ACTOR) as work:
            found = store.head(work)
            if found is not None and (found.size or store.current_keys(work)):
                return found
        if found is None:
            installation = self.database.ids.new("ins")
            origin = self.settings.ledger.origin or f"{_host()}/muniment/{installation[-8:]}"
            require_origin(origin)
            with self._as_sequencer() as work:
                store.begin_head(work, installation, origin, EMPTY_ROOT)
            with self.database.look(_ACTOR) as work:
                found = _required(store.head(work))
        if self._keyring is None:
            self._keyring = self.open_keyring(found.installation)
        signer = KeyringSigner(self._keyring, self._keyring.current(PURPOSE), found.origin)
        predecessor = read_predecessor(self.settings.ledger.predecessor)
        with self._as_sequencer() as work:
            found = _required(store.head(work, hold=True))
            if not store.current_keys(work):
                store.add_key(work, signer.verifier_key, signer.key_id)
                operator = self.settings.ledger.operator or _host()
                what = (found.installation, operator, found.origin, self.build, signer.verifier_key)
                record(work, Began(*what, predecessor=predecessor))
        return found

    def is_demo(self) -> bool:
        """Tell whether this is the log of a demonstration; its name says so, for ever."""
        if self._demo is None:
            self._demo = is_demo(self.database, self.settings)
        return self._demo

    def keyring(self) -> Keyring:
        """Open the keyring of this installation, once."""
        if self._keyring is None:
            self._keyring = self.open_keyring(self.begin().installation)
        return self._keyring

    def reopen_keyring(self) -> Keyring:
        """Open the keyring again, as after its file was lost or restored."""
        self._keyring = self.open_keyring(self.begin().installation)
        return self._keyring

    @property
    def sequencer(self) -> str:
        """Name the producer of what the log records about itself."""
        return producer_name(PRODUCER, demo=self.is_demo())

    def seal(self) -> int:
        """Bring everything that is durable now under a signed head; give the log's size."""
        with self.leading():
            try:
                self._lead()
                while self._seal_once():
                    pass
            except CorruptError as error:
                self.broken = error.message
                raise
            self.broken = ""
            take_into_index(self, self._frontier.size)
            return self._frontier.size

    @contextmanager
    def leading(self) -> Iterator[None]:
        """Be the only one who seals, in this process, on this folder and in this database."""
        with self._lock, self.tiles.leading(), self.database.alone(_LOCK):
            yield

    def stand_again(self) -> None:
        """Forget what was known of the ground, as after a restore that was accepted."""
        self._epoch, self._frontier, self._rest = 0, rules.Frontier(), b""
        self._noted_at, self.broken, self.seen = None, "", Seen()
        self.forward.forget()

    def read_after(self, first: int, limit: int) -> tuple[Entry, ...]:
        """Read sealed entries from a place on, each of them exactly."""
        return read.entries(self.tiles, first, limit, self.size())

    def follow(self, first: int, limit: int) -> Sequence[Entry]:
        """Read sealed entries from a place on; this is what followers read."""
        return self.forward.entries(first, limit, self.size())

    def status(self) -> LogStatus:
        """Say how the log stands."""
        with self.database.look(_ACTOR) as work:
            head = _required(store.head(work))
            waiting = store.unsealed_count(work, self._placed)
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

    def size(self) -> int:
        """Say how many entries the log has under its signed head."""
        return self.database.glance(store.SIZE)

    def stopped(self) -> str:
        """Say why nothing may be written: the log does not verify; empty when all is well."""
        if not self._stood:
            self.broken = self.broken or self._older_database()
            self._stood = True
        return self.broken or self.seen.failed

    def _older_database(self) -> str:
        """Say that the database is older than the log on disk, before anything is written to it."""
        shown = self.tiles.published()  # first, for others may seal while we look
        with self.database.look(_ACTOR) as work:
            head = store.head(work)
        if head is None or not shown or size_shown(shown) <= head.size:
            return ""
        return (
            f"the log on disk has {size_shown(shown)} entries, the database {head.size}: "
            "the database is older than the log, or this is another log's checkpoint"
        )

    def health(self) -> LogHealth:
        """Say from memory how the log is; pages ask for it all the time."""
        return health(self, self.seen)

    def prune(self) -> int:
        """Forget sealed batches that were kept long enough in the database."""
        size = self._size_kept_long_enough()
        gone = 0
        while size:
            with self.database.work(_ACTOR) as work:  # some at a time: others write meanwhile
                some = store.prune_sealed(work, size)
            if not some:
                break
            gone += some
        return gone

    def close(self) -> None:
        """Give everything back."""
        self.tiles.close()
        self.index.close()

    def _size_kept_long_enough(self) -> int:
        """Find the newest head that was signed long enough ago, by what the log says of itself."""
        kept_since = self.database.clock.now() - timedelta(
            seconds=self.settings.ledger.keep_pending_seconds
        )
        head = self.begin()
        if head.signed_at <= kept_since:
            return head.size
        signed = store.Query(kind="ledger.checkpoint_signed", until=kept_since)
        rows = self.index.find(signed, cursor=None, limit=1).rows
        if not rows or rows[0].index >= head.size:
            return 0
        (entry,) = read.entries(self.tiles, rows[0].index, 1, head.size)
        return min(int(entry.body.get("size", 0)), head.size)

    def _lead(self) -> None:
        """Become the newest leader and make sure of the ground: database, tiles and head agree."""
        head = self.begin()
        if head.epoch != self._epoch or not self._epoch:
            with self._as_sequencer() as work:
                self._epoch = store.take_epoch(work)
        if older := self._older_database():
            raise CorruptError(
                older,
                subject=head.origin,
                remedy="Restore the database that belongs to it, or go on with this one: "
                "`muniment ledger accept-restore`.",
            )
        shown = self.tiles.published()
        if self._frontier.size != head.size or head.size == 0:
            self._recover(head)
        if head.checkpoint and shown != head.checkpoint.encode():
            self.tiles.publish(head.checkpoint.encode())  # we died between signing and showing

    def _recover(self, head: HeadRow) -> None:
        self._frontier, self._rest = rules.Frontier(), b""  # nothing, if we do not come to the end
        with self.database.look(_ACTOR) as work:
            self._placed = store.placed(work)
        try:
            frontier = rules.load_frontier(head.size, self.tiles.tile)
        except InvalidError as error:
            raise broken_log(error.message, head) from error
        if frontier.root() != head.root:
            raise broken_log("the tiles do not lead to the signed root", head)
        number, width = divmod(head.size, TILE_WIDTH)
        kept = read.bundle(self.tiles, number, width)[:width] if width else []
        if b"".join(map(leaf_hash, kept)) != (frontier.rows[0] if width else b""):
            name = tile_path("entries", number, width)
            raise broken_log(f"{name} does not hold the entries that were signed", head)
        self._frontier, self._rest = frontier, format_bundle(kept)

    def _seal_once(self) -> bool:
        """Seal what is there, as much as gets its places at once; tell whether there may be more.

        What others record meanwhile waits for the next time, or under load there would be no end.
        """
        self._note_checkpoint()
        with self._as_sequencer() as work:
            placed = store.assign(work, self._epoch, self.sequencer, self._placed)
        # If we die here, the batches keep their places; the next leader reads them again below.
        while self._seal_some():
            pass
        return store.is_full(placed)

    def _seal_some(self) -> bool:
        """Seal a portion of what has its place; tell whether there is more."""
        with self.database.look(_ACTOR) as work:
            head = _required(store.head(work))
            batches = store.assigned_from(work, head.size)
            until, keys = store.placed_until(work), store.current_keys(work)
        if not batches:
            return False
        entries, made = in_place(batches, head), made_here(batches)
        give_way()
        leaves = list(map(leaf_hash, entries))
        give_way()
        growth = rules.append_leaves(self._frontier, leaves)
        packed, may_name = packed_from(self._frontier.size, self._rest, batches, entries)
        del batches  # they are held twice as it is
        tiles = (*packed.bundles, *growth.tiles)
        self.tiles.write(tiles)
        # If we die here, the tiles are written again with the same bytes: places never change.
        key = signing_key(keys, head, entries if may_name else ())
        new_head = self._sign(head, growth.frontier, key)
        with self._as_sequencer() as work:
            store.advance_head(work, head.size, new_head)
        # If we die here, the head is durable and the next leader shows it.
        self.tiles.publish(new_head.checkpoint.encode())
        self._frontier, self._rest = growth.frontier, packed.rest
        self.tiles.tidy(tiles)
        take_sealed(self, made, entries)
        return until > new_head.size

    def _sign(self, head: HeadRow, frontier: rules.Frontier, key: KeyRow) -> HeadRow:
        checkpoint = Checkpoint(head.origin, frontier.size, frontier.root())
        signer = KeyringSigner(self.keyring(), key.key_id, head.origin)
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

    def _note_checkpoint(self) -> None:
        """Record the last head beside new entries, so that it bounds their time; not too often."""
        now = self.database.clock.now()
        if self._noted_at is None:
            self._noted_at = now
        if (now - self._noted_at).total_seconds() < _CHECKPOINT_EVERY_SECONDS:
            return
        with self.database.look(_ACTOR) as work:
            head = _required(store.head(work))
            if head.size == 0 or not store.has_waiting(work, self.sequencer, self._placed):
                return
        with self._as_sequencer() as work:
            record(work, CheckpointSigned(head.size, head.root.hex(), stamp(head.signed_at)))
        self._noted_at = now

    @contextmanager
    def _as_sequencer(self) -> Iterator[Work]:
        with self.database.work(_ACTOR, recorder=Recorder(self.sequencer)) as work:
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
        index=Index(database, folder, read.shown_bundles(folder / LOG_FOLDER)),
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
