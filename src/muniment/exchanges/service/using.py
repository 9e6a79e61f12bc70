"""How often a tool was used today: what the log says, less than a second old, and what is new here.

What this process let go counts at once. Once the index of calls knows how such a call ended, what
it says counts instead, so nothing is counted twice. What another process let go counts when the
index has followed, about a second later.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Final

from muniment.core.actor import system_actor
from muniment.db import Database, kept_fresh, require_may_wait
from muniment.exchanges import rules, store
from muniment.exchanges.models import State, ToolOfDay, ToolUse

FRESH_SECONDS: Final = 0.4
OLDEST_SECONDS: Final = 0.9
_READER: Final = system_actor("exchanges")
_MOST_TOOLS: Final = 10_000
_MOST_ASKED: Final = 500


@dataclass(slots=True)
class _Counted:
    """One tool of today: its uses by the log as they were read, and those of calls since."""

    used: int = 0
    looked_at: float = float("-inf")
    here: dict[str, int] = field(default_factory=dict)
    total: int = 0

    def put(self, exchange: str, uses: int) -> None:
        """Say how often a call of this process uses it; nought forgets the call."""
        self.total += uses - self.here.pop(exchange, 0)
        if uses:
            self.here[exchange] = uses


@dataclass(slots=True)
class ToolUses:
    """The uses of tools as one process knows them; safe to share between threads."""

    database: Database = field(repr=False)
    _tools: dict[ToolOfDay, _Counted] = field(default_factory=dict, repr=False)
    _day: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _looking: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take(self, use: ToolUse) -> int:
        """Say how often the tool was used today before this use, and count this one from now on.

        The same use may be taken again.
        """
        tool = self._tool(use)
        counted = self._fresh(tool)
        with self._lock:
            self._tools.setdefault(tool, counted)
            mine = counted.here.get(use.exchange, 0)
            used = counted.used + counted.total - mine + use.before
            counted.put(use.exchange, max(mine, use.before + 1))
        return used

    def give_back(self, use: ToolUse) -> None:
        """Count a use no more, since it was refused."""
        with self._lock:
            counted = self._tools.get(self._tool(use))
            if counted is not None:
                counted.put(use.exchange, use.before)

    def _tool(self, use: ToolUse) -> ToolOfDay:
        now = self.database.clock.now()
        return rules.tool_of_day(now, use.system, use.environment, use.tool)

    def _fresh(self, tool: ToolOfDay) -> _Counted:
        found = self._tools.get(tool)
        age = self._age(found)
        if found is not None and age < FRESH_SECONDS:
            return found
        if found is None or age >= OLDEST_SECONDS:
            require_may_wait()
        elif kept_fresh((id(self), tool), partial(self._fresh, tool)):
            return found
        with self._looking:
            found = self._tools.get(tool)
            if found is None or self._age(found) >= FRESH_SECONDS:
                found = found or _Counted()
                self._look(tool, found)
            return found

    def _age(self, found: _Counted | None) -> float:
        looked = found.looked_at if found is not None else float("-inf")
        return self.database.clock.monotonic() - looked

    def _look(self, tool: ToolOfDay, counted: _Counted) -> None:
        """Read what the log says of a tool, and which calls of this process are in that already."""
        looked = self.database.clock.monotonic()
        with self._lock:
            asked = tuple(islice(counted.here, _MOST_ASKED))
        with self.database.snapshot(_READER) as work:
            used = store.using.used(work, tool)
            rows = store.calls.rows_of(work, asked) if asked else {}
        ended = {name for name, row in rows.items() if row["state"] != State.OPEN.value}
        with self._lock:
            counted.used, counted.looked_at = used, looked
            for each in asked:  # those that are open still are asked about after the others
                counted.put(each, 0 if each in ended else counted.here.get(each, 0))
            self._keep(tool, counted)

    def _keep(self, tool: ToolOfDay, counted: _Counted) -> None:
        """Remember a tool; what is of another day, or too much, is forgotten first."""
        if tool.day > self._day:
            self._day = tool.day
            self._tools = {each: one for each, one in self._tools.items() if each.day >= tool.day}
        elif len(self._tools) >= _MOST_TOOLS:
            self._tools = {each: one for each, one in self._tools.items() if one.total}
        self._tools[tool] = counted
