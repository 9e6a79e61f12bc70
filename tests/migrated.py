"""A SQLite database that was migrated once; tests begin with a copy of it, which is quicker."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from muniment.db.engine import SQLITE_FILE
from muniment.testing import fresh_database, settings_for


def lay_copy(folder: Path) -> None:
    """Let an installation's folder begin with the schema."""
    folder.mkdir(mode=0o700, parents=True)
    (folder / SQLITE_FILE).write_bytes(_migrated())


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(Path(folder) / "data")
        with fresh_database(settings):
            pass
        return (settings.data.dir / SQLITE_FILE).read_bytes()
