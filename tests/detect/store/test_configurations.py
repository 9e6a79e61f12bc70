"""Configurations, builds with their sheets, and versions in their tables."""

from __future__ import annotations

import pytest

from muniment.core.actor import system_actor
from muniment.core.errors import CorruptError
from muniment.db import Database
from muniment.detect import Configuration, store
from muniment.ledger import record
from muniment.ledger.kinds.detect import BuildBegan

DESK = system_actor("desk")


def test_a_build_is_kept_once_with_what_it_was_made_from(database: Database) -> None:
    """The first use of a build keeps its configuration; later uses change nothing."""
    made_from = Configuration(layers=("patterns",))
    with database.work(DESK) as work:
        assert store.keep_build(work, "build-1", made_from)
        record(work, BuildBegan("build-1", made_from.digest))
    with database.work(DESK) as work:
        assert not store.keep_build(work, "build-1", made_from)
        assert store.configuration_of_build(work, "build-1") == made_from
        assert store.configuration(work, made_from.digest) == made_from


def test_what_was_never_kept_is_not_found(database: Database) -> None:
    """An unknown build or configuration is nothing, and lists are empty."""
    with database.look(DESK) as work:
        assert store.configuration_of_build(work, "build-none") is None
        assert store.configuration(work, "sha256:none") is None
        assert store.sheets_of_build(work, "build-none") is None
        assert store.calibrations(work, "") == ()


def test_altered_sheets_are_refused(database: Database) -> None:
    """Sheets that are not what their digest says are no evidence."""
    made_from = Configuration(layers=("patterns",))
    body = [{"type": "EMAIL_ADDRESS"}]
    with database.work(DESK) as work:
        store.keep_build(work, "build-2", made_from)
        digest = store.keep_sheets(work, "build-2", body)
        record(work, BuildBegan("build-2", made_from.digest, digest))
        assert store.sheets_of_build(work, "build-2") == body
    other = {"digest": "sha256:other", "body": body, "made_at": database.clock.now()}
    with database.work(DESK) as work:
        work.insert_if_absent(store.sheets_table, other)
        store.keep_build(work, "build-3", made_from)
        row = {"build": "build-3", "sheets": "sha256:other"}
        work.insert_if_absent(store.sheets_of_builds_table, row)
        record(work, BuildBegan("build-3", made_from.digest, "sha256:other"))
        with pytest.raises(CorruptError):
            store.sheets_of_build(work, "build-3")
