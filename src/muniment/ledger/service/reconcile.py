"""Compares the tables with what the log says of them, row by row.

Each change record carries the digest of every row it changed. The newest digest of each row is
held against the row as it stands: a row edited, added or removed outside the product is named.
"""

from __future__ import annotations

from muniment.core.actor import Actor
from muniment.core.canonical import parse_canonical
from muniment.core.errors import UnavailableError
from muniment.db import Work
from muniment.db.reading import row_states
from muniment.db.tables import metadata
from muniment.ledger import store
from muniment.ledger.kinds import Reconciled
from muniment.ledger.models import Difference, Reconciliation, Standing
from muniment.ledger.service import read
from muniment.ledger.service.ground import split_batch
from muniment.ledger.service.log import Log
from muniment.ledger.service.record import record

_NAMED = 50
_LONGEST_NAME = 300  # so that three times fifty fit into an entry

Known = dict[tuple[str, str], tuple[str | None, int | None]]


def reconcile(log: Log, actor: Actor) -> Reconciliation:
    """Compare, record the result, and give every row that differs."""
    with log.database.snapshot(actor) as work:
        known = _known(log, work)
        found = _compare(work, known)
    with log.database.work(actor) as work:
        named = {each: [d for d in found.differences if d.standing is each] for each in Standing}
        short = {
            each: tuple(f"{d.table} {d.key}"[:_LONGEST_NAME] for d in rows[:_NAMED])
            for each, rows in named.items()
        }
        what = Reconciled(
            found.rows,
            short[Standing.EDITED],
            short[Standing.ADDED],
            short[Standing.REMOVED],
            len(found.differences),
        )
        record(work, what)
    return found


def _known(log: Log, work: Work) -> Known:
    """Read the newest digest of every row that was ever recorded."""
    known: Known = {}
    head = store.head(work)
    size = head.size if head else 0
    for index, data in read.raw_entries(log.tiles, size):
        _take(known, data, index)
    for batch in store.pending_batches(work, size):
        for data in split_batch(batch):
            _take(known, data, None)
    return known


def _take(known: Known, data: bytes, at: int | None) -> None:
    if b'"changes":' not in data:
        return  # nearly all of them, and reading JSON is what would take the time
    for table, rows in parse_canonical(data).get("changes", {}).items():
        for key, digest in rows.items():
            known[table, key] = (digest, at)


def _compare(work: Work, known: Known) -> Reconciliation:
    differences: list[Difference] = []
    rows = 0
    alive = {place: state for place, state in known.items() if state[0] is not None}
    _require_declared({table for table, _ in alive})
    for table, key, digest in row_states(work):
        rows += 1
        said = alive.pop((table, key), None)
        if said is None:
            at = known.get((table, key), (None, None))[1]
            differences.append(Difference(table, key, Standing.ADDED, at))
        elif said[0] != digest:
            differences.append(Difference(table, key, Standing.EDITED, said[1]))
    differences.extend(
        Difference(table, key, Standing.REMOVED, at) for (table, key), (_, at) in alive.items()
    )
    return Reconciliation(rows, tuple(differences))


def _require_declared(named: set[str]) -> None:
    """Refuse to judge tables that are not read here: their rows would look as if removed."""
    if unknown := sorted(named - set(metadata.tables)):
        raise UnavailableError(
            f"the log names tables that this process does not know: {', '.join(unknown)}",
            subject=unknown[0],
            remedy="Use the version that wrote them, with every room loaded.",
        )
