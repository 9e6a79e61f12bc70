"""`muniment doctor`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.server.running import command


def test_a_sound_installation_exits_with_zero(tmp_path: Path) -> None:
    """People see three answers in words, programs the same as JSON; nothing wrong is exit 0."""
    place = ("--data", str(tmp_path / "data"))
    command("migrate", *place)
    command("ledger", "seal", *place)
    told = command("doctor", *place)
    assert told.returncode == 0, told.stderr
    assert "could not tell" in told.stdout
    rows = json.loads(command("doctor", "--json", *place).stdout)
    assert {row["verdict"] for row in rows} == {"met", "could_not_tell"}


def test_something_wrong_exits_with_one(tmp_path: Path) -> None:
    """A folder that others may read is not met, and the exit code says so."""
    place = ("--data", str(tmp_path / "data"))
    command("migrate", *place)
    command("ledger", "seal", *place)
    (tmp_path / "data").chmod(0o755)
    told = command("doctor", *place)
    assert told.returncode == 1
    assert "not met" in told.stdout
