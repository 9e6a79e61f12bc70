"""Which tool was given to whom on which day: what is counted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class ToolOfDay:
    """A tool of a system's environment on one day in UTC, under the name by which it is counted."""

    day: str
    system: str
    environment: str
    tool: str


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A tool that an answer wants used; `before` says how often it stood in that answer already."""

    exchange: str
    system: str
    environment: str
    tool: str
    before: int = 0
