"""Builds a demonstration: a house on a clock of its own, and the story played in it to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from muniment import ledger
from muniment.core.clock import Clock, SystemClock, stamp
from muniment.db import migrate
from muniment.demo.clock import StoryClock
from muniment.demo.desk import Desk
from muniment.demo.folder import DATA, KEYS, SETTINGS, OpenHouse, overrides_of
from muniment.demo.scenes import SCENES
from muniment.demo.stage import MACHINE, Stage
from muniment.demo.story import COMPANY, NIGHT, Event, Scale, in_order
from muniment.ledger.kinds.demo import DemoBegan, DemoBuilt
from muniment.server.corridor import make_gateway

Progress = Callable[[int, int, float], None]
_SAFETY = timedelta(seconds=5)


def build(
    folder: Path,
    open_house: OpenHouse,
    *,
    scale: Scale,
    progress: Progress = lambda _done, _whole, _day: None,
    real: Clock | None = None,
) -> None:
    """Play the whole story in an empty folder; it ends at the time of the machine."""
    real = real or SystemClock()
    ends = real.now() - _SAFETY
    clock = StoryClock(real, ends - timedelta(days=scale.days))
    for name in (DATA, KEYS):
        (folder / name).mkdir(mode=0o700)
    settings = folder / SETTINGS
    settings.touch(mode=0o600)  # empty, so that no other file is read
    given = overrides_of(folder, begins=True)
    house = open_house(settings, given, role="build", create=True, environment={}, clock=clock)
    try:
        migrate(house.database)
        house.log.begin()
        house.safe.begin()
        stage = Stage(house, clock, Desk(make_gateway(house)), scale, clock.now())
        with stage.machine() as work:
            until = stamp(ends)
            ledger.record(work, DemoBegan(COMPANY, scale.days, scale.times, until))
        try:
            told = _play(stage, progress)
        finally:
            stage.desk.close()
        _end(stage, told)
    finally:
        house.close()


def _play(stage: Stage, progress: Progress) -> int:
    nights = [
        Event(day + NIGHT, lambda stage: stage.night())
        for day in range(0, stage.scale.days, stage.scale.rest_days)
    ]
    events = in_order((*SCENES, lambda _scale: nights), stage.scale)
    for number, each in enumerate(events):
        stage.clock.go_to(stage.at(each.day))
        each.does(stage)
        progress(number + 1, len(events), each.day)
    return len(events)


def _end(stage: Stage, told: int) -> None:
    """Say that the story is told, and leave everything sealed, followed and compared."""
    house = stage.house
    stage.clock.go_to(stage.at(stage.scale.days))
    stage.night()
    with house.database.work(MACHINE) as work:
        names = tuple(each.__module__.rsplit(".", 1)[-1] for each in SCENES)
        ledger.record(work, DemoBuilt(names, told))
    stage.follow()
