"""Exceptions by which calls go on uninspected, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.exchanges.running import said
from tests.cli.policy.running import left_with
from tests.server.registered import KEY, registered_in


def test_an_exception_is_asked_for_listed_and_ended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it lets go on, until when and why stands in the list; a wrong one is refused."""
    with registered_in(tmp_path) as there:
        there.live()
    empty = tmp_path / "data"
    assert "No exception" in said(empty, capsys, "gateway", "exceptions")
    why = ("--reason", "exams")
    told = said(empty, capsys, "gateway", "except", KEY, "--hours", "2", *why)
    assert "security and the owner" in told
    [listed] = json.loads(said(empty, capsys, "gateway", "exceptions", "--json"))["exceptions"]
    assert (listed["state"], listed["reason"], listed["environment"]) == (
        "open",
        "exams",
        "production",
    )
    assert listed["id"] in told
    assert listed["id"][:12] in said(empty, capsys, "gateway", "exceptions")
    assert "has ended" in said(empty, capsys, "gateway", "end-exception", listed["id"], *why)
    for wrong in (("nobody", "--hours", "2"), (KEY, "--hours", "9000")):
        assert left_with(empty, "gateway", "except", *wrong, *why, room="") != 0
