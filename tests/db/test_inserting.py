"""Inserts into what is there already, on both databases."""

from __future__ import annotations

import subprocess
import sys

from muniment.db import Database, insert_on
from tests.db.orchard import GARDENER, note, trees


def test_a_row_that_is_there_is_left_or_changed_as_was_said(orchard: Database) -> None:
    """Both databases take the same words for what happens to a row that is there."""
    oak = {"id": "t1", "name": "beech"}
    with orchard.work(GARDENER) as work:
        adding = insert_on(work.dialect, trees).values(oak)
        assert work.write(adding.on_conflict_do_nothing()).count == 0
        changing = adding.on_conflict_do_update(
            index_elements=["id"], set_={"name": adding.excluded.name}
        )
        assert [row.name for row in work.write(changing).rows] == ["beech"]
        note(work)


def test_what_speaks_to_postgres_is_not_loaded_for_sqlite() -> None:
    """A process that keeps its records in SQLite starts without the other database's words."""
    asks = (
        "import sys, muniment.main, muniment.gateway, muniment.worker\n"
        "print([each for each in sys.modules if each.startswith('sqlalchemy.dialects.postg')])"
    )
    told = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
