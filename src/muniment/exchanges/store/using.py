"""How often tools were used on each day; the follower of calls adds to it, nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from sqlalchemy import Insert, bindparam, delete, select

from muniment.db import Work, insert_on
from muniment.exchanges.models import ToolOfDay
from muniment.exchanges.store.tables import tool_uses_table

_C: Final = tool_uses_table.c
_KEY: Final = ("day", "system", "environment", "tool")
_USED: Final = select(_C.uses).where(*(_C[each] == bindparam(f"of_{each}") for each in _KEY))


@cache
def _adding(dialect: str) -> Insert:
    new = insert_on(dialect, tool_uses_table)
    return new.on_conflict_do_update(
        index_elements=_KEY, set_={"uses": _C.uses + new.excluded.uses}
    )


def add_all(work: Work, uses: Mapping[ToolOfDay, int]) -> None:
    """Add uses of tools to what is known of their days."""
    rows = [
        {**{name: getattr(each, name) for name in _KEY}, "uses": uses[each]}
        for each in sorted(uses)
    ]
    if rows:
        work.write(_adding(work.dialect), rows)


def used(work: Work, tool: ToolOfDay) -> int:
    """Say how often a tool was used on its day."""
    asked = {f"of_{name}": getattr(tool, name) for name in _KEY}
    return int(work.read(_USED, asked).scalar_one_or_none() or 0)


def forget_days(work: Work, before: str) -> int:
    """Forget the days before one."""
    return work.write(delete(tool_uses_table).where(_C.day < before)).count
