"""The index over entries: it may be lost, and it stops nothing."""

from __future__ import annotations

import pytest

from muniment.core.errors import (
    UnavailableError,
)
from muniment.ledger import Query, find, reindex
from muniment.ledger import store as ledger_store
from muniment.settings import Settings
from muniment.testing import FixedClock, fresh_database
from muniment.testing.ledger import audit, opened_log, write_records


def test_a_damaged_index_stops_nothing(settings: Settings) -> None:
    """The index may be lost or damaged: sealing goes on, and it is built anew from the log."""
    if settings.database.url.reveal():
        pytest.skip("on PostgreSQL the index is a table of the database")
    clock = FixedClock()
    with fresh_database(settings, clock) as database, opened_log(database, settings) as log:
        receipts = write_records(database, 5)
        log.seal()
        audit(log, receipts)
    file = settings.data.dir / ledger_store.index.INDEX_FILE
    for path in settings.data.dir.glob(f"{file.name}-*"):
        path.unlink()
    file.write_bytes(b"not a database" * 400)
    with (
        fresh_database(settings, clock) as database,
        pytest.raises(UnavailableError, match="the log is sound"),
        opened_log(database, settings) as log,
    ):
        pass
    file.unlink()
    with fresh_database(settings, clock) as database, opened_log(database, settings) as log:
        assert reindex(log) == 6
        audit(log, receipts)
        assert len(find(log, Query(kind="ledger.heartbeat")).rows) == 5
