"""Calls listed and explained on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.exchanges.running import said
from tests.cli.policy.running import left_with


def test_calls_are_listed_and_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a table and as JSON, narrowed and paged; one call by its id."""
    told = said(folder, capsys, "exchange", "list")
    assert "exc_1" in told
    assert "refused" in told
    assert "blocked" in told
    page = json.loads(said(folder, capsys, "exchange", "list", "--limit", "1", "--json"))
    assert [each["id"] for each in page["rows"]] == ["exc_no"]
    assert page["next_cursor"]
    none = said(folder, capsys, "exchange", "list", "--uninspected", "--state", "answered")
    assert "No call is like that." in none
    assert json.loads(said(folder, capsys, "exchange", "show", "exc_1"))["cost_micros"] == 300
    assert left_with(folder, "exchange", "show", "exc_none", room="") == 4
    assert left_with(folder, "exchange", "list", "--since", "soon", room="") == 2


def test_a_call_is_explained(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who, what, findings, decisions, attempts, entries; as JSON with the proofs."""
    told = said(folder, capsys, "explain", "exc_1")
    for part in ("svc_shop by key key_1", "looked at whole", "policy version 3", "could not tell"):
        assert part in told
    assert "exchanges.concluded, leaf" in told
    value = json.loads(said(folder, capsys, "explain", "exc_1", "--json"))
    assert len(value["steps"]) == 14
    assert all(each["proof"] for each in value["entries"])
    assert value["served"]["versions"] is None
    refused = said(folder, capsys, "exchange", "explain", "exc_no")
    assert "stopped as blocked, answered with 403" in " ".join(refused.split())
