"""What a story is made of: scenes that say what happens on which day, put into one order.

A scene knows nothing of the others but the names of people, systems and things that it leaves on
the stage. Whoever adds one writes a file in `scenes` and a line in its list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from muniment.demo.stage import Stage

COMPANY: Final = "Brightwater"
DAYS: Final = 90
CALLS_A_DAY: Final = 4
COPIES: Final = 4
NIGHT: Final = 0.99


@dataclass(frozen=True, slots=True)
class Scale:
    """How long a story is, how much is called in it, and how many times the usual volume it has."""

    days: int = DAYS
    calls_a_day: int = CALLS_A_DAY
    copies: int = COPIES
    times: int = 1
    every_days: int = 1
    """On which days models are called: each, or every so many."""
    rest_days: int = 3
    """After how many days the chores of a night are done."""

    @property
    def more(self) -> int:
        """Say how many calls like each one are recorded besides."""
        return (1 + self.copies) * self.times - 1


SMALL: Final = Scale(calls_a_day=2, copies=0, every_days=6, rest_days=10)
"""A story for tests: everything happens in it, with few calls."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens, on a day of the story and at a part of that day."""

    day: float
    does: Callable[[Stage], object]


def event(day: float, does: Callable[..., object], /, **given: object) -> Event:
    """Make an event of a function that is given more than the stage."""
    return Event(day, partial(does, **given))


Scene = Callable[[Scale], Iterable[Event]]


def in_order(scenes: Iterable[Scene], scale: Scale) -> Sequence[Event]:
    """Put what happens in all scenes into one order; at one moment the earlier scene goes first."""
    events = [each for scene in scenes for each in scene(scale)]
    return sorted(events, key=lambda each: each.day)
