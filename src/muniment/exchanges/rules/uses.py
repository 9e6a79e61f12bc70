"""Which tools an ended call gave to its caller, and under which name and day each is counted."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from muniment.exchanges.models import Reached, ToolOfDay, Window
from muniment.exchanges.rules.windows import window_of

_LONGEST_NAME: Final = 200


def tool_of_day(at: datetime, system: str, environment: str, tool: str) -> ToolOfDay:
    """Say as what a tool is counted; a name that no table holds is counted by its digest."""
    if len(tool) > _LONGEST_NAME or not tool.isprintable():
        told = tool.encode("utf-8", "surrogatepass")
        tool = "sha256:" + hashlib.sha256(told).hexdigest()
    return ToolOfDay(window_of(Window.DAY, at), system, environment, tool)


def tools_given(body: Mapping[str, Any], environment: str, at: datetime) -> Counter[ToolOfDay]:
    """Count the tools that reached the caller of a call; what was kept back did not."""
    if not body["tools"] or body["reached"] == Reached.NONE.value:
        return Counter()
    given = Counter(body["tools"]) - Counter(body.get("kept_back", ()))
    found = Counter[ToolOfDay]()
    for tool, uses in given.items():
        found[tool_of_day(at, body["system"], environment, tool)] += uses
    return found
