"""The tables of calibration."""

from __future__ import annotations

from muniment.core.actor import system_actor
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
    """An unknown build, configuration or case is nothing, and lists are empty."""
    with database.look(DESK) as work:
        assert store.configuration_of_build(work, "build-none") is None
        assert store.configuration(work, "sha256:none") is None
        assert store.case(work, "cas_none") is None
        assert store.cases(work, "", 10) == ()
        assert store.calibrations(work, "") == ()
