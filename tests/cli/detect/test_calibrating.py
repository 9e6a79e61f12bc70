"""`muniment detect propose`, `apply`, `changes` and `history`, with the cases that measure them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.detect.running import MAIL
from tests.cli.policy.running import as_person, left_with, people_in
from tests.cli.policy.test_changing import approve


def test_the_whole_way_of_a_change_at_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Report, ask with figures, wait for the yes, apply, look back, erase."""
    data, text, config = tmp_path / "data", tmp_path / "a.txt", tmp_path / "c.toml"
    people_in(data)

    def act(*words: str) -> int:
        as_person(monkeypatch)
        return left_with(data, *words, room="detect")

    text.write_text(MAIL)
    reported = ("--type", "EMAIL_ADDRESS", "--start", "0", "--end", str(len(MAIL)))
    assert act("feedback", "report", "false_alarm", str(text), *reported) == 0
    case = re.search(r"cas_\w+", capsys.readouterr().out)
    assert case
    who = ("--as", "ada@example.org")
    change = ("propose", str(config), "--owner", "per_ines", "--reason", "our own front desk", *who)
    config.write_text(f'allowed = [{{ text = "{MAIL}" }}]')
    assert act(*change) == 2
    assert act(*change, "--until", "2099-01-01T00:00:00Z") == 2
    config.write_text("threshold = 0.4")
    capsys.readouterr()
    assert act(*change) == 0
    told = capsys.readouterr().out
    assert "threshold: 0.5 -> 0.4" in told
    assert "cases: met: 0 of 1 right before, 0 after" in told
    found = re.search(r"dch_\w+", told)
    assert found
    assert act("apply", found[0], *who) == 6
    assert act("changes") == 0
    assert "waiting" in capsys.readouterr().out
    approve(data)
    assert act("apply", found[0], *who) == 0
    assert "Version 1 holds for all systems now." in capsys.readouterr().out
    assert act("changes", "--json") == 0
    (asked,) = json.loads(capsys.readouterr().out)
    assert (asked["state"], asked["after"]["values"]["texts"] > 0) == ("in_force", True)
    assert act("history", "--json") == 0
    (version,) = json.loads(capsys.readouterr().out)
    assert version["owner"] == "per_ines"
    assert act("feedback", "erase", case[0], "--reason", "no longer needed") == 0
    assert act("feedback", "list", "--json") == 0
    assert "erased_at" in capsys.readouterr().out
