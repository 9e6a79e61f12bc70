"""What is saved harms no spreadsheet and says what it is of."""

from __future__ import annotations

import csv
import io

import pytest

from muniment.web.heads import Head
from muniment.web.saving import Foot, csv_line

HEAD = Head("example.org/log", 7, "ab" * 32, ())


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", " =1", "\uff1d1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    """A cell that a spreadsheet would run is written as text; others stay as they are."""
    (line,) = csv.reader(
        io.StringIO(
            csv_line(
                [cell, "system:=1", -5],
            ),
            newline="",
        )
    )
    assert line == [f"'{cell}", "system:=1", "-5"]


def test_the_foot_says_the_same_in_both_forms() -> None:
    """Question, moment, zone, rows, person and head stand below a table and in the object."""
    foot = Foot({"text": "ada"}, "2026-03-01T00:00:00Z", "Ada (per_1)", HEAD)
    lines = dict(line.rstrip().split(",", 1) for line in foot.lines(3))
    told = foot.members()
    assert lines["# query"] == "text: ada"
    assert lines["# as of"] == told["as_of"]
    assert lines["# time zone"] == told["time_zone"] == "UTC"
    assert lines["# rows"] == "3"
    assert lines["# saved by"] == told["saved_by"] == "Ada (per_1)"
    assert lines["# ledger head"] == f"example.org/log,7,{HEAD.root}"
    assert told["head"] == {"origin": HEAD.origin, "size": 7, "root": HEAD.root}


def test_paper_says_the_same_as_a_file() -> None:
    """What stands below a printed list is what stands below a saved one, word for word."""
    foot = Foot({"text": "ada"}, "2026-03-01T00:00:00Z", "Ada (per_1)", HEAD)
    assert foot.on_paper(3) == (
        ("Query", "text: ada"),
        ("As of", "2026-03-01T00:00:00Z"),
        ("Time zone", "UTC"),
        ("Rows", "3"),
        ("Saved by", "Ada (per_1)"),
        ("Ledger head", f"example.org/log, 7, {HEAD.root}"),
    )


def test_a_log_without_a_head_is_said_to_have_none() -> None:
    """No head is a word and never an empty place."""
    foot = Foot({}, "2026-03-01T00:00:00Z", "per_1", None)
    assert "# ledger head,none\r\n" in list(foot.lines(0))
    assert "# query,all\r\n" in list(foot.lines(0))
    assert foot.members()["head"] is None


def test_what_is_saved_of_a_demonstration_says_so() -> None:
    """The name of the log decides, so nobody can save it without; a real one says nothing of it."""
    made_up = Head("demo.invalid/brightwater", 7, "ab" * 32, ())
    foot = Foot({}, "2026-03-01T00:00:00Z", "per_1", made_up)
    assert "# demo,nothing of this really happened\r\n" in list(foot.lines(0))
    assert foot.members()["demo"] == "nothing of this really happened"
    real = Foot({}, "2026-03-01T00:00:00Z", "per_1", HEAD)
    assert "demo" not in "".join(real.lines(0))
    assert "demo" not in real.members()
