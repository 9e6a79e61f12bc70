"""Which tools of an ended call count, and as what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from muniment.exchanges import ToolOfDay
from muniment.exchanges.rules import tool_of_day, tools_given
from tests.exchanges.making import NOON

TODAY = "2026-03-01"


def counted(reached: str, *tools: str, **more: object) -> dict[str, int]:
    """Count the tools of a call that ended so."""
    body = {"system": "sys_1", "reached": reached, "tools": tools, **more}
    return {each.tool: uses for each, uses in tools_given(body, "production", NOON).items()}


def test_what_reached_the_caller_counts_each_time() -> None:
    """Of a whole answer every tool counts, of one that reached nobody none."""
    assert counted("whole", "pay", "look", "pay") == {"pay": 2, "look": 1}
    assert counted("none", "pay") == {}


def test_of_a_stream_that_broke_off_what_went_on_counts() -> None:
    """Who hangs up, or waits for a person, was given what stood before, and not what was kept."""
    assert counted("part", "pay", "pay", kept_back=()) == {"pay": 2}
    assert counted("part", "pay", "look", "pay", kept_back=("pay",)) == {"pay": 1, "look": 1}
    assert counted("part", "pay", kept_back=("pay",)) == {}


def test_a_day_is_one_of_utc() -> None:
    """Half past midnight in Paris is the day before."""
    paris = datetime(2026, 3, 2, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert tool_of_day(paris.astimezone(UTC), "s", "e", "pay") == ToolOfDay(TODAY, "s", "e", "pay")


@pytest.mark.parametrize("name", ["x" * 201, "a\0b", "\ud800"])
def test_a_name_that_no_table_holds_is_counted_by_its_digest(name: str) -> None:
    """However a model names a tool, following the log does not break over it."""
    told = tool_of_day(NOON, "s", "e", name).tool
    assert told.startswith("sha256:")
    assert told != tool_of_day(NOON, "s", "e", name + "x").tool
    assert tool_of_day(NOON, "s", "e", "x" * 200).tool == "x" * 200
