"""`muniment policy list`, `show` and `at`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muniment import policy
from muniment.core.actor import system_actor
from tests.cli.policy.running import left_with
from tests.policy.company import source
from tests.policy.judging import ALLOW
from tests.server.asking import house_in


def test_versions_and_dates_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A version is shown whole; a date on which nothing was enforced says so."""
    with house_in(tmp_path / "data") as house:
        house.log.begin()
        with house.database.work(system_actor("test")) as work:
            policy.draft(work, source(ALLOW), reason="first")
    data = tmp_path / "data"
    assert left_with(data, "show", "1", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == {"rules.cedar": ALLOW}
    assert left_with(data, "show", "7") == 4
    assert left_with(data, "at", "2026-01-01T00:00:00Z") == 0
    assert "No policy was enforced" in capsys.readouterr().out
    assert left_with(data, "at", "2026-01-01T00:00:00Z", "--json") == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "not_met"
