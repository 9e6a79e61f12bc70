"""`muniment policy hold`, `lift` and `holds`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.policy.running import as_person, left_with, people_in


def test_held_listed_and_lifted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ada holds a system, Bo lifts that; both are listed with why."""
    data = tmp_path / "data"
    people_in(data)

    def act(*words: str, by: str) -> int:
        as_person(monkeypatch)
        return left_with(data, *words, "--reason", "a case", "--as", f"{by}@example.org")

    assert act("hold", "system", by="ada") == 2
    assert act("hold", "system", "--id", "sys_1", by="ada") == 0
    capsys.readouterr()
    assert left_with(data, "holds", "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)["holds"]
    assert (told["subject"], told["lifted_at"]) == ("sys_1", "stands")
    assert act("lift", told["id"], by="bo") == 0
    assert act("lift", told["id"], by="bo") == 6
    assert left_with(data, "holds") == 0
