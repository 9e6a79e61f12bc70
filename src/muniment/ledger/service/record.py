"""Writing down what happened, in the same transaction as the change.

`record` puts a note down in the caller's unit of work; at its commit `recorder` turns the notes
into entries and writes them into the same transaction, with the digest of each row that changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from muniment.core.errors import CorruptError, InvalidError
from muniment.db import Note, Receipt, Work
from muniment.db.work import Changes
from muniment.ledger import rules, store
from muniment.ledger.kinds.base import kind_of
from muniment.ledger.kinds.ledger import RowsChanged
from muniment.ledger.models import Draft
from muniment.ledger.rules import format_bundle

_ROWS_PER_ENTRY: Final = 250
_BYTES_PER_ENTRY: Final = 40_000
_BYTES_PER_DIGEST: Final = 80


def record(
    work: Work,
    what: object,
    *,
    happened_at: datetime | None = None,
    content: Sequence[Mapping[str, str | int]] = (),
) -> str:
    """Write down what happened, together with the change it describes; give the record's id.

    A fact that is recorded late carries both times: `happened_at`, and `at`, when it was recorded.
    `content` refers to what is kept outside, encrypted: kid, commit, ct_sha256 and ct_len of each.
    """
    if happened_at is not None and happened_at > work.now:
        raise InvalidError(
            "what is recorded has happened already",
            field="happened_at",
            remedy="Give a time that is not in the future.",
        )
    kind = kind_of(what)
    record_id = work.new_id("rec")
    subject, body = kind.subject_of(what), kind.body_of(what)
    covers = kind.covers
    kept = tuple(content)
    work.note(Note(kind.name, subject, body, covers, record_id, work.actor, happened_at, kept))
    return record_id


def require_sound(stopped: Callable[[], str]) -> None:
    """Refuse to write anything into a log that does not verify."""
    if why := stopped():
        raise CorruptError(
            f"the ledger does not verify, so nothing is written: {why}",
            remedy="Run `muniment ledger fsck` and restore what it names from a backup; if you go "
            "on with an older one, `muniment ledger accept-restore`.",
        )


@dataclass(frozen=True, slots=True)
class Recorder:
    """Writes the notes of a unit of work into the log, under one producer's name."""

    producer: str
    stopped: Callable[[], str] = str

    def __call__(self, work: Work, notes: Sequence[Note], changes: Changes) -> Sequence[Receipt]:
        """Turn notes into durable entries; called by the wall just before the commit."""
        require_sound(self.stopped)
        parts = list(_with_changes(work, notes, changes))
        first_seq, ran_back = store.advance(work, self.producer, len(parts))
        flags = (rules.CLOCK_BACK,) if ran_back else ()
        drafts = [
            Draft(
                kind=note.kind,
                id=note.id,
                at=work.now,
                actor=note.actor,
                subject=note.subject,
                body=note.body,
                producer=self.producer,
                seq=first_seq + place,
                changes=rows,
                flags=flags,
                happened_at=note.happened_at,
                content=note.content,
            )
            for place, (note, rows) in enumerate(parts)
        ]
        entries = [rules.validate_entry(draft.as_value()) for draft in drafts]
        bundle = format_bundle(entries)
        store.add_pending(work, self.producer, first_seq, len(entries), bundle)
        return [Receipt(draft.id, self.producer, draft.seq) for draft in drafts]


def _with_changes(
    work: Work, notes: Sequence[Note], changes: Changes
) -> Iterator[tuple[Note, Mapping[str, Mapping[str, str | None]]]]:
    """Give each note the rows it answers for; more than fit go into continuing records."""
    left = dict(changes)
    for note in notes:
        own = {table: left.pop(table) for table in sorted(note.covers & left.keys())}
        pieces = list(_pieces(own))
        yield note, (pieces[0] if pieces else {})
        for part, piece in enumerate(pieces[1:], start=1):
            kind = kind_of(RowsChanged(note.id, part))
            body = kind.body_of(RowsChanged(note.id, part))
            more = replace(note, kind=kind.name, body=body, id=work.new_id("rec"), content=())
            yield more, piece
    if left:
        raise InvalidError(f"no record covers {', '.join(left)}")


def _pieces(changes: Changes) -> Iterator[dict[str, dict[str, str | None]]]:
    """Cut changes so that each piece fits into an entry beside a body of ordinary length."""
    piece: dict[str, dict[str, str | None]] = {}
    rows = length = 0
    for table, keys in changes.items():
        for key, state in keys.items():
            length += len(table) + len(key) + _BYTES_PER_DIGEST
            if rows and (rows == _ROWS_PER_ENTRY or length > _BYTES_PER_ENTRY):
                yield piece
                piece, rows, length = {}, 0, len(table) + len(key) + _BYTES_PER_DIGEST
            piece.setdefault(table, {})[key] = state
            rows += 1
    if rows:
        yield piece
