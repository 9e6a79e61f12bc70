"""How often tools were used on each day; the follower of calls adds to it, nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from muniment.db import Work
from muniment.exchanges.models import ToolOfDay
from muniment.exchanges.store.tables import tool_uses_table

_C: Final = tool_uses_table.c
_KEY: Final = ("day", "system", "environment", "tool")
_ON_LITE: Final = sqlite.insert(tool_uses_table)
_ON_POSTGRES: Final = postgresql.insert(tool_uses_table)
_ADD: Final = {
    "sqlite": _ON_LITE.on_conflict_do_update(
        index_elements=_KEY, set_={"uses": _C.uses + _ON_LITE.excluded.uses}
    ),
    "postgresql": _ON_POSTGRES.on_conflict_do_update(
        index_elements=_KEY, set_={"uses": _C.uses + _ON_POSTGRES.excluded.uses}
    ),
}
_USED: Final = select(_C.uses).where(*(_C[each] == bindparam(f"of_{each}") for each in _KEY))


def add_all(work: Work, uses: Mapping[ToolOfDay, int]) -> None:
    """Add uses of tools to what is known of their days."""
    rows = [
        {**{name: getattr(each, name) for name in _KEY}, "uses": uses[each]}
        for each in sorted(uses)
    ]
    if rows:
        work.write(_ADD[work.dialect], rows)


def used(work: Work, tool: ToolOfDay) -> int:
    """Say how often a tool was used on its day."""
    asked = {f"of_{name}": getattr(tool, name) for name in _KEY}
    return int(work.read(_USED, asked).scalar_one_or_none() or 0)


def forget_days(work: Work, before: str) -> int:
    """Forget the days before one."""
    return work.write(delete(tool_uses_table).where(_C.day < before)).count
