"""What nobody registered: seen in the calls, and settled or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from muniment import registry
from muniment.demo.stage import Stage
from muniment.demo.story import Event, Scale, event
from muniment.registry import SightingQuery, SightingState

_TOOLS: Final = ((24.5, "search_web"), (77.5, "send_mail"))


def scene(scale: Scale) -> Iterator[Event]:
    """Offer tools that nobody permitted, with words nobody registered; settle one of them."""
    for day, tool in _TOOLS:
        yield event(day, _offer, tool=tool)
    yield Event(29.4, _settle)
    for number in range(2 * (scale.times - 1)):
        yield event(78 + number / 1_000, _offer, tool=f"tool_{number + 1}")


def _offer(stage: Stage, tool: str) -> None:
    told: dict[str, Any] = {
        "model": "coder",
        "messages": [
            {"role": "system", "content": f"You may use {tool}."},
            {"role": "user", "content": "Read this function and say what it does."},
        ],
        "tools": [{"type": "function", "function": {"name": tool, "parameters": {}}}],
    }
    stage.desk.call(stage.kept["code-agent key"], told)


def _settle(stage: Stage) -> None:
    stage.follow()  # what was seen is known once the log is followed
    with stage.house.database.look(stage.actor("tom")) as work:
        query = SightingQuery(state=SightingState.OPEN)
        found = [
            each for each in registry.find_sightings(work, query).rows if each.name == _TOOLS[0][1]
        ]
    with stage.by("tom") as work:
        registry.not_ours(work, found[0].id, reason="A trial of one afternoon; it was taken out.")
