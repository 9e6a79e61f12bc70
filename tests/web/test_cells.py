"""Cells: drawn one way, saved another."""

from __future__ import annotations

from datetime import UTC, datetime

from muniment.access import Scope
from muniment.web.cells import Cell, scope_cell, tag_cell, time_cell

AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_time_is_saved_exactly_and_its_absence_as_a_word() -> None:
    """What is not known is a word and never an empty cell."""
    assert time_cell(AT).plain == "2026-03-01T00:00:00.000000Z"
    assert time_cell(None).text == "never"
    assert time_cell(None, "no end").plain == "no end"
    assert Cell(kind="time").plain == ""


def test_a_state_has_its_colour_and_its_word() -> None:
    """A word always stands beside the colour."""
    assert tag_cell("break_glass", {"break_glass": "stop"}) == Cell(
        "break glass", kind="tag", tone="stop"
    )
    assert scope_cell(Scope()).text == "everything"
