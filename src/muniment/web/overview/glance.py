"""What a part of the first page can say: a sentence, a figure, something that waits, a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muniment.web.cells import Cell


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the lede; `weight` puts what is wrong first, and `href` is its proof."""

    text: str
    href: str = ""
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it is made of, its run over the last days, and where its records are."""

    name: str
    value: str
    note: str
    href: str
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something the reader can do now."""

    title: str
    note: str
    href: str
    verb: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that changed, by whom and why."""

    at: datetime
    title: str
    note: str
    href: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is to be done by a day, whoever does it."""

    at: datetime
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Glance:
    """What one room has to say on the first page."""

    said: tuple[Said, ...] = ()
    figures: tuple[Figure, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    happened: tuple[Happened, ...] = ()
    systems: tuple[tuple[Cell, ...], ...] = ()
    more_systems: bool = False
    foot: tuple[Said, ...] = ()
    due: tuple[Due, ...] = ()
    found: tuple[tuple[Cell, ...], ...] = ()
    found_of: str = ""
