"""What a directory told, kept and changed, on both databases."""

from __future__ import annotations

from muniment.access import Entry, store
from muniment.db import Database
from muniment.ledger import record
from muniment.ledger.kinds.signin import DirectoryChanged
from tests.access.reception import ROOT


def test_kept_and_forgotten(database: Database) -> None:
    """What a directory told is kept once a person, and goes with them."""
    with database.work(ROOT) as work:
        for name in ("one", "two"):
            store.set_entry(work, Entry("per_1", "User", "x", name, {"title": name}))
        found = store.entries(work, "User")["per_1"]
        assert (found.user_name, dict(found.extra)) == ("two", {"title": "two"})
        store.remove_entry(work, "per_1")
        assert store.entry(work, "per_1") is None
        record(work, DirectoryChanged("User", "per_1", "test"))
