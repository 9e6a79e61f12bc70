"""`muniment detect protect` and `restore`: values rest in the vault and come back on record."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from tests.cli.detect.running import MAIL, left_with
from tests.server.asking import house_in

SUBJECT = "sub_0a1b2c3d4e5f6a7b8c9d"
CARD = "4111 1111 1111 1111"


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Hand a text to standard input."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_values_are_kept_and_come_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is printed has tokens; restoring needs the scope, a reason, and the numbers named."""
    data, policy, text = tmp_path / "data", tmp_path / "p.toml", tmp_path / "a.txt"
    with house_in(data) as house:
        house.log.begin()
    policy.write_text('default = "tokenise"')
    text.write_text(f"{MAIL} paid by {CARD} today")
    asked = ("protect", str(text), "--policy", str(policy), "--layers", "patterns")
    assert left_with(data, *asked) == 2
    capsys.readouterr()
    assert left_with(data, *asked, "--subject", SUBJECT, "--scope", "support") == 0
    safe = capsys.readouterr().out
    assert MAIL not in safe
    number = re.search(r"(?<=paid by )[0-9 ]{19}", safe)
    assert number
    assert number[0] != CARD
    typed(monkeypatch, safe)
    back = ("restore", "-", "--scope", "support", "--reason", "the customer asked")
    assert left_with(data, *back, "--token", number[0]) == 0
    assert capsys.readouterr().out == f"{MAIL} paid by {CARD} today"
    typed(monkeypatch, safe)
    assert left_with(data, "restore", "-", "--scope", "else", "--reason", "the customer asked") == 4
    typed(monkeypatch, safe)
    assert left_with(data, *back, "--token", "no number") == 2


def test_other_policies_need_no_vault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Masks are made without an installation."""
    text = tmp_path / "a.txt"
    text.write_text(f"write to {MAIL}")
    assert left_with(tmp_path / "none", "protect", str(text)) == 0
    assert capsys.readouterr().out == "write to [EMAIL_1]"
