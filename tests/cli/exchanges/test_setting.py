"""Limits and stops on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.exchanges.running import said
from tests.cli.policy.running import left_with


def test_limits_and_stops(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is set, listed and ended, with a reason; what is wrong is refused with 2."""
    assert "set-limit" in said(empty, capsys, "exchange", "limits")
    assert "Nothing is stopped." in said(empty, capsys, "exchange", "stops")
    why = ("--reason", "a test")
    for wrong in (
        ("cost", "much", "--everything"),
        ("requests", "1"),
        ("requests", "x", "--key", "k"),
    ):
        assert left_with(empty, "exchange", "set-limit", *wrong, *why, room="") == 2
    set_limit = ("exchange", "set-limit", "cost", "12.50", "--system", "sys_1", *why)
    assert "12.50 cost per month for system sys_1" in said(empty, capsys, *set_limit)
    (limit,) = json.loads(said(empty, capsys, "exchange", "limits", "--json"))["limits"]
    assert "0 %" in said(empty, capsys, "exchange", "limits")
    said(empty, capsys, "exchange", "end-limit", limit["id"], *why)
    at_once = ("exchange", "set-limit", "concurrency", "4", "--everything", *why)
    assert "4 concurrency at once for everything" in said(empty, capsys, *at_once)
    assert "the key k is stopped" in said(empty, capsys, "exchange", "stop", "key", "k", *why)
    (stop,) = json.loads(said(empty, capsys, "exchange", "stops", "--json"))["stops"]
    assert "it stands" in said(empty, capsys, "exchange", "stops")
    assert "goes on" in said(empty, capsys, "exchange", "resume", stop["id"], *why)
    assert "a test" in said(empty, capsys, "exchange", "stops", "--ended")
