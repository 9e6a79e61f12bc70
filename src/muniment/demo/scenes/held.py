"""Calls that waited for a person: one was let go, one refused, one nobody answered, one waits."""

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


def scene(scale: Scale) -> Iterator[Event]:
    """Hold calls of the agent that would change production."""
    for place, (day, text) in enumerate(_ASKS):
        yield event(day, _hold, name=f"held {place}", text=text)
    yield Event(31.45, lambda stage: _let_go(stage, "held 0"))
    yield Event(31.47, lambda stage: ask(stage, "code-agent", "coder", _ASKS[0][1], tools=True))
    yield Event(44.65, lambda stage: _refuse(stage, "held 1"))
    yield Event(scale.days - 0.2, lambda stage: _hold(stage, "held open", _LAST))


def _hold(stage: Stage, name: str, text: str) -> None:
    ask(stage, "code-agent", "coder", text, tools=True)
    reasons = stage.kept["told"].body["error"]["reasons"]
    stage.kept[name] = str(reasons[0]).rsplit("/", 1)[-1]


def _let_go(stage: Stage, name: str) -> None:
    stage.answer("sven", stage.kept[name], reason="The fix is small and its tests are green.")


def _refuse(stage: Stage, name: str) -> None:
    stage.answer("sven", stage.kept[name], Answer.DENY, reason="Not without its tests.")
