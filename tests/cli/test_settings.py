"""`muniment settings`."""

from __future__ import annotations

import json
from pathlib import Path

from muniment.settings import knobs
from tests.server.running import command

_SECRET = "postgresql://me:s3cret@db/x"


def test_shows_every_setting_with_its_source(tmp_path: Path) -> None:
    """Programs get every setting, its value and where it came from; secrets are stars."""
    (tmp_path / "muniment.toml").write_text("[server]\nport = 9000\n")
    environment = {"MUNIMENT_DATABASE_URL": _SECRET, "MUNIMENT_LOG_LEVEL": "debug"}
    ended = command("settings", "--json", cwd=tmp_path, environment=environment)
    assert ended.returncode == 0
    rows = {row["key"]: row for row in json.loads(ended.stdout)}
    assert list(rows) == [each.key for each in knobs()]
    assert (rows["server.port"]["value"], rows["server.port"]["source"]) == (
        "9000",
        "file muniment.toml",
    )
    assert rows["log.level"]["source"] == "environment"
    assert rows["server.host"]["source"] == "default"
    assert set(rows["database.url"]["value"]) == {"*"}
    assert "s3cret" not in ended.stdout


def test_a_narrow_terminal_loses_nothing(tmp_path: Path) -> None:
    """However narrow the terminal, secrets stay hidden, words are folded and colours optional."""
    environment = {"MUNIMENT_DATABASE_URL": _SECRET, "COLUMNS": "30", "NO_COLOR": "1"}
    ended = command("settings", "--changed", cwd=tmp_path, environment=environment)
    assert ended.returncode == 0
    assert "s3cret" not in ended.stdout
    assert "\x1b" not in ended.stdout
    assert max(map(len, ended.stdout.splitlines())) <= 30
    assert "databa" in ended.stdout
    assert "telemetry" not in ended.stdout
