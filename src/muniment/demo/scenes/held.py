"""What waited for a person: whole calls, and single tools that an agent wanted to use.

Of each some were let go, some refused, and one waits; one call was answered by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from muniment.approvals import Answer
from muniment.demo.scenes.calls import ask
from muniment.demo.stage import Stage
from muniment.demo.story import Event, Scale, event

_ASKS: Final = (
    (31.4, "Prepare to deploy to production: the fix of the invoice date."),
    (44.6, "Prepare to deploy to production: the new search, without its tests."),
    (55.5, "Prepare to deploy to production: the colours of the calendar."),
)
_LAST: Final = "Prepare to deploy to production: the limit of uploads."
_SEARCH: Final = "It is tested. Roll out search 4.2."
_TABLE: Final = "Clean up: drop the table of sessions."
_CALENDAR: Final = "It is tested. Roll out the calendar 2.0."


def scene(scale: Scale) -> Iterator[Event]:
    """Hold calls of the agent that would change production, and tools that it wants to use."""
    for place, (day, text) in enumerate(_ASKS):
        yield event(day, _hold, name=f"held {place}", text=text)
    yield Event(31.45, lambda stage: _let_go(stage, "held 0"))
    yield Event(31.47, lambda stage: _ask(stage, _ASKS[0][1]))
    yield Event(44.65, lambda stage: _refuse(stage, "held 1"))
    yield Event(scale.days - 0.2, lambda stage: _hold(stage, "held open", _LAST))
    yield Event(52.30, lambda stage: _hold(stage, "search", _SEARCH))
    yield Event(52.35, lambda stage: _agree(stage, "search"))
    yield Event(52.37, lambda stage: _ask(stage, _SEARCH, stage.kept["search"]))
    yield Event(70.40, lambda stage: _hold(stage, "table", _TABLE))
    yield Event(70.45, lambda stage: _keep(stage, "table"))
    yield Event(scale.days - 0.15, lambda stage: _hold(stage, "calendar", _CALENDAR))


def _ask(stage: Stage, text: str, approval: str = "") -> None:
    ask(stage, "code-agent", "coder", text, tools=True, approval=approval)


def _hold(stage: Stage, name: str, text: str) -> None:
    _ask(stage, text)
    stage.kept[name] = str(stage.kept["told"].body["error"]["approval"])


def _let_go(stage: Stage, name: str) -> None:
    stage.answer("sven", stage.kept[name], reason="The fix is small and its tests are green.")


def _refuse(stage: Stage, name: str) -> None:
    stage.answer("sven", stage.kept[name], Answer.DENY, reason="Not without its tests.")


def _agree(stage: Stage, name: str) -> None:
    stage.answer("sven", stage.kept[name], reason="I saw it run; it can be taken back.")


def _keep(stage: Stage, name: str) -> None:
    stage.answer("tom", stage.kept[name], Answer.DENY, reason="People are signed in by it.")
