"""`muniment migrate`."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from muniment.db.migrate import revisions
from tests.server.running import command


def set_revision(data: Path, revision: str) -> None:
    """Pretend that another version made this database."""
    with sqlite3.connect(data / "muniment.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()


@pytest.mark.slow
def test_creates_then_has_nothing_to_do(tmp_path: Path) -> None:
    """The first call creates the database, the second finds it current."""
    data = str(tmp_path / "data")
    first = command("migrate", "--data", data)
    assert (first.returncode, first.stderr) == (0, "")
    assert f"Schema {revisions()[-1]}: applied" in first.stdout
    assert "nothing to do" in command("migrate", "--data", data).stdout


@pytest.mark.slow
def test_no_server_on_a_schema_of_another_version(tmp_path: Path) -> None:
    """An empty or newer schema stops the start with the way out, and is left as it was."""
    data = tmp_path / "data"
    missing = command("serve", "--data", str(data), "--port", "0")
    assert missing.returncode == 8
    assert "muniment migrate" in missing.stderr
    assert command("migrate", "--data", str(data)).returncode == 0
    set_revision(data, "9999")
    for words in (("serve", "--port", "0"), ("worker",), ("migrate",), ("up", "--port", "0")):
        ended = command(*words, "--data", str(data))
        assert ended.returncode == 6, words
        assert "newer version of Muniment" in ended.stderr
        assert ended.stderr.count("\n") == 1, ended.stderr
