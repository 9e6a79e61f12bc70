"""Prices on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.exchanges.running import said
from tests.cli.policy.running import left_with


def test_a_price_is_set_and_withdrawn(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was set is listed with its source; a withdrawn one has no amounts; all need a reason."""
    why = ("--reason", "a test")
    price = (
        "exchange",
        "set-price",
        "openai",
        "ours",
        "2.50",
        "10",
        "--source",
        "a contract",
        *why,
    )
    assert "openai ours from" in said(empty, capsys, *price)
    assert "a contract" in said(empty, capsys, "exchange", "prices")
    said(empty, capsys, "exchange", "withdraw-price", "openai", "ours", *why)
    past = json.loads(said(empty, capsys, "exchange", "prices", "--past", "--json"))["prices"]
    assert past[0]["input_micros"] is None
    wrong = ("set-price", "openai", "ours", "dear", "1", "--source", "x", *why)
    assert left_with(empty, "exchange", *wrong, room="") == 2
