"""Going on after a restore: a person accepts an older copy, and what it lost is recorded.

A database that is older than its log is taken forward to the head that was signed: nothing that was
sealed is sealed again, and no number of a producer is given twice. Where a newer checkpoint than
ours is in somebody's hands, the log itself lost entries; that too is said in the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from muniment.core.actor import Actor
from muniment.core.errors import CorruptError, InvalidError
from muniment.db import Work
from muniment.ledger import store
from muniment.ledger.kinds import Restored
from muniment.ledger.rules import format_bundle
from muniment.ledger.service import read
from muniment.ledger.service.indexing import reindex
from muniment.ledger.service.log import PURPOSE, Log
from muniment.ledger.service.record import Recorder, record
from muniment.ledger.signers.keyring import KeyringSigner
from muniment.ledger.store import HeadRow, Unsealed
from muniment.verify import (
    MET,
    Checkpoint,
    FormatError,
    Options,
    Trust,
    open_checkpoint,
    parse_vkey,
    verify_checkpoint,
    verify_folder,
)

_READ_AT_ONCE = 4_096


@dataclass(slots=True)
class _Sealed:
    """What the log holds beyond the database: each producer's last number, and wanted places."""

    last_seq: dict[str, int] = field(default_factory=dict)
    places: dict[tuple[str, int], int] = field(default_factory=dict)


def accept_restore(log: Log, actor: Actor, *, reason: str, newest: bytes | None = None) -> Restored:
    """Go on from an older copy; `newest` is a later checkpoint that somebody else has kept."""
    if not reason.strip():
        raise InvalidError("a reason is needed", field="reason", remedy="Say what happened.")
    with log.leading():
        head = log.begin()
        shown = _published(log, head)
        lost = _require_ours(log, newest, shown) if newest is not None else shown
        if max(shown.size, lost.size) <= head.size:
            raise InvalidError(
                "the database, the log and the checkpoint agree, so there is nothing to accept",
                field="newest",
                remedy="Give the newest checkpoint that anybody has kept, if entries are missing.",
            )
        what = Restored(head.size, shown.size, lost.size, lost.root.hex(), reason.strip()[:500])
        with log.database.work(actor, recorder=Recorder(log.sequencer)) as work:
            head = store.head(work, hold=True) or head
            if shown.size > head.size:
                _take_forward(work, log, head, shown)
            record(work, what)
        # If we die before this, all is as it was; after it, the database has caught up.
        log.stand_again()
    reindex(log)  # it is a file of its own, and may know entries that are gone
    return what


def _published(log: Log, head: HeadRow) -> Checkpoint:
    """Open the head on disk, once the whole log under it verifies and continues the database's."""
    data = log.tiles.published()
    if not data:
        return Checkpoint(head.origin, head.size, head.root)
    older = {"the database's head": head.checkpoint.encode()} if head.checkpoint else {}
    keys = tuple(map(parse_vkey, log.vkeys()))
    report = verify_folder(log.tiles.root, Trust(keys), Options(older=older))
    if report.answer != MET:
        raise CorruptError(
            f"the log on disk cannot be gone on with: {report.findings[0].message}",
            subject=head.origin,
            remedy="Restore the folder log from its newest backup, then try again.",
        )
    return open_checkpoint(data)[1]


def _require_ours(log: Log, newest: bytes, shown: Checkpoint) -> Checkpoint:
    try:
        _, found = open_checkpoint(newest)
    except FormatError as error:
        raise InvalidError(f"this is no checkpoint: {error}", field="newest") from error
    trust = Trust(tuple(map(parse_vkey, log.vkeys())))
    if verify_checkpoint(newest, trust).answer != MET or found.origin != shown.origin:
        raise InvalidError(
            "this checkpoint was not signed by a key of this log",
            field="newest",
            remedy="Give a checkpoint of this log, as somebody kept it.",
        )
    return found


def _take_forward(work: Work, log: Log, head: HeadRow, shown: Checkpoint) -> None:
    """Bring the database to where the log is: places, numbers, key and head, all or nothing."""
    epoch = store.take_epoch(work)
    waiting = store.unsealed(work, head.size)
    sealed = _read_sealed(log, head.size, shown.size, waiting)
    for batch in waiting:
        _place(work, log, batch, sealed, shown.size, epoch)
    for producer, last in sealed.last_seq.items():
        store.catch_up(work, producer, last)
    _take_key(work, log, head)
    text = log.tiles.published().decode()
    moved = replace(head, size=shown.size, root=shown.root, checkpoint=text, epoch=epoch)
    store.advance_head(work, head.size, replace(moved, signed_at=work.now))


def _read_sealed(log: Log, first: int, size: int, waiting: Sequence[Unsealed]) -> _Sealed:
    sealed, wanted = _Sealed(), {(one.producer, one.first_seq) for one in waiting}
    for start in range(first, size, _READ_AT_ONCE):
        for entry in read.entries(log.tiles, start, _READ_AT_ONCE, size):
            producer, seq = str(entry.value["producer"]), int(entry.value["seq"])
            sealed.last_seq[producer] = max(seq, sealed.last_seq.get(producer, 0))
            if (producer, seq) in wanted:
                sealed.places[producer, seq] = entry.index
    return sealed


def _place(work: Work, log: Log, batch: Unsealed, sealed: _Sealed, size: int, epoch: int) -> None:
    """Give a batch the place it already has in the log; one that is new there goes on waiting."""
    place = sealed.places.get((batch.producer, batch.first_seq))
    if place is None:
        if batch.first_seq > sealed.last_seq.get(batch.producer, 0) and batch.first_index is None:
            return
        raise _mixed(batch)
    entries = read.entries(log.tiles, place, batch.count, size)
    if format_bundle(one.data for one in entries) != batch.entries:
        raise _mixed(batch)
    if batch.first_index is None:
        store.set_place(work, batch.id, place, batch.count, epoch)
    elif batch.first_index != place:
        raise _mixed(batch)


def _mixed(batch: Unsealed) -> CorruptError:
    return CorruptError(
        f"{batch.producer} wrote number {batch.first_seq} into this database, but something else"
        " stands under that number in the log: records were written after the restore",
        subject=batch.producer,
        remedy="Restore the database once more and accept it before anything else runs on it.",
    )


def _take_key(work: Work, log: Log, head: HeadRow) -> None:
    """Remember the key that signed the newer head, if it was rotated in after the copy was made."""
    note, _ = open_checkpoint(log.tiles.published())
    signed = {(one.name, one.key_id) for one in note.signatures}
    known = [parse_vkey(row.vkey) for row in store.current_keys(work)]
    if any((key.name, key.id) in signed for key in known):
        return
    keyring = log.reopen_keyring()
    signer = KeyringSigner(keyring, keyring.current(PURPOSE), head.origin)
    if (signer.key.name, signer.key.id) not in signed:
        raise CorruptError(
            "the log's newest head was signed by a key that this keyring does not hold",
            subject=head.origin,
            remedy="Restore keys/keyring.json from a backup that is as new as the log.",
        )
    store.end_current_key(work, "retired")
    store.add_key(work, signer.verifier_key, signer.key_id)
