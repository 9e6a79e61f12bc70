"""Uses of tools on both databases: added up by the day, and forgotten once it is long over."""

from __future__ import annotations

from muniment.core.actor import system_actor
from muniment.db import Database
from muniment.exchanges import ToolOfDay
from muniment.exchanges.store import using

ACTOR = system_actor("test")
PAY = ToolOfDay("2026-03-01", "sys_1", "production", "pay")
OTHERS = (
    ToolOfDay("2026-03-02", "sys_1", "production", "pay"),
    ToolOfDay("2026-03-01", "sys_2", "production", "pay"),
    ToolOfDay("2026-03-01", "sys_1", "staging", "pay"),
    ToolOfDay("2026-03-01", "sys_1", "production", "look"),
)


def test_uses_add_up_for_one_tool_of_one_place_and_day(database: Database) -> None:
    """What is added to one is added to no other, and old days are forgotten alone."""
    with database.work(ACTOR) as work:
        using.add_all(work, {})
        using.add_all(work, {PAY: 2, OTHERS[0]: 7})
        using.add_all(work, {PAY: 3})
        assert using.used(work, PAY) == 5
        assert [using.used(work, each) for each in OTHERS] == [7, 0, 0, 0]
        assert using.forget_days(work, "2026-03-02") == 1
        assert [using.used(work, each) for each in (PAY, OTHERS[0])] == [0, 7]
