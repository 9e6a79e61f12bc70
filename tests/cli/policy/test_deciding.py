"""`muniment policy explain`, `replay` and `simulate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muniment import policy
from muniment.core.actor import system_actor
from muniment.policy import Judge
from tests.cli.policy.running import left_with
from tests.policy.company import source
from tests.policy.judging import ALLOW, facts
from tests.server.asking import house_in


def test_a_decision_is_explained_and_made_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A kept decision says why, comes out the same, and is tried with a draft."""
    data = tmp_path / "data"
    with house_in(data) as house:
        house.log.begin()
        with house.database.work(system_actor("test")) as work:
            policy.draft(work, source(ALLOW), reason="first")
            kept = policy.keep_decision(work, Judge(house.database).decide(facts()))
    assert left_with(data, "explain", kept.id) == 0
    assert "Because no policy is in force." in capsys.readouterr().out
    assert left_with(data, "explain", kept.id, "--json") == 0
    assert json.loads(capsys.readouterr().out)["facts"]["action"] == "call"
    assert left_with(data, "replay", kept.id) == 0
    assert left_with(data, "replay", "dec_none") == 4
    assert left_with(data, "replay", kept.id, "--json") == 0
    capsys.readouterr()
    assert left_with(data, "simulate", "1", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["tried"], told["changed"]) == (1, 1)
    assert left_with(data, "simulate", "1") == 0
    assert "1 of 1 decisions would have come out otherwise." in capsys.readouterr().out
