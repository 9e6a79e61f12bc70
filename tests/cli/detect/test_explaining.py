"""`muniment detect explain` and `types`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.detect.running import MAIL, left_with


def test_explain_says_why_and_why_not(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was found, what only looked like it, how much was inspected."""
    assert left_with(folder, "explain", f"card 4111 1111 1111 1112 and {MAIL}", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["type"] for each in told["found"]] == ["EMAIL_ADDRESS"]
    assert any(each["type"] == "CREDIT_CARD" for each in told["not_reported"])
    assert left_with(folder, "types", "--json") == 0
    assert "EMAIL_ADDRESS" in {each["type"] for each in json.loads(capsys.readouterr().out)}


def test_an_empty_text_has_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing in, nothing found, and that is said."""
    assert left_with(folder, "explain", "", "--json") == 0
    assert json.loads(capsys.readouterr().out)["found"] == []
