"""`muniment detect configure` and `history`, with the cases that measure them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.detect.running import MAIL, left_with
from tests.server.asking import house_in


def test_cases_and_configurations_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Report, list, configure, history, erase: the whole way of a calibration."""
    with house_in(tmp_path / "data") as house:
        house.log.begin()
    data = tmp_path / "data"
    text = tmp_path / "a.txt"
    text.write_text(MAIL)
    reported = ("--type", "EMAIL_ADDRESS", "--start", "0", "--end", str(len(MAIL)))
    assert left_with(data, "feedback", "report", "false_alarm", str(text), *reported) == 0
    found = re.search(r"cas_\w+", capsys.readouterr().out)
    assert found
    config = tmp_path / "c.toml"
    config.write_text(f'allowed = [{{ text = "{MAIL}" }}]')
    change = ("configure", str(config), "--owner", "per_ines", "--reason", "our own front desk")
    assert left_with(data, *change) == 2
    assert left_with(data, *change, "--until", "2099-01-01T00:00:00Z") == 2
    capsys.readouterr()
    config.write_text("threshold = 0.4")
    assert left_with(data, *change) == 0
    assert left_with(data, "history", "--json") == 0
    printed = capsys.readouterr().out
    (version,) = json.loads(printed[printed.index("[") :])
    assert version["owner"] == "per_ines"
    assert left_with(data, "feedback", "erase", found[0], "--reason", "no longer needed") == 0
    assert left_with(data, "feedback", "list", "--json") == 0
    assert "erased_at" in capsys.readouterr().out
