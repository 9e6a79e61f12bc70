"""Who is told: a channel that goes nowhere, quiet hours, and notices that were looked at."""

from __future__ import annotations

from collections.abc import Iterator

from muniment import notices
from muniment.demo.scenes.people import ADMIN
from muniment.demo.stage import Stage
from muniment.demo.story import Event, Scale
from muniment.notices import Severity

_NOWHERE = "https://hooks.brightwater-demo.invalid/muniment"


def scene(scale: Scale) -> Iterator[Event]:
    """Make a channel, set quiet hours, and look at what came."""
    yield Event(0.85, _add)
    yield Event(0.9, _be_quiet)
    for week in range(1, scale.days // 7):
        yield Event(week * 7 + 0.4, _look)


def _add(stage: Stage) -> None:
    """Add a channel that is switched off: a demonstration sends nothing to anybody."""
    with stage.by(ADMIN) as work:
        made, _ = notices.add_channel(
            work,
            stage.house.courier,
            name="Security desk",
            via="webhook",
            target=_NOWHERE,
            least=Severity.LOOK,
        )
        notices.change_channel(work, stage.house.courier, made.id, active=False)


def _be_quiet(stage: Stage) -> None:
    with stage.by("omar") as work:
        notices.set_hours(work, zone="Europe/Lisbon", starts="19:00", ends="08:00")


def _look(stage: Stage) -> None:
    for name in ("sven", "cora", "rita", "otto"):
        with stage.by(name) as work:
            notices.see_all(work)
