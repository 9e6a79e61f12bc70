"""What a list is made of besides its columns: filters, what an empty one teaches, buttons."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filter:
    """One field of the form above a list, or its tabs; without options it is a text."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...] = ()
    placeholder: str = ""
    tabs: bool = False  # of tabs one is always open, the first of them if none is named

    @property
    def default(self) -> str:
        """Give what is meant where nothing is typed."""
        return self.options[0][0] if self.tabs else ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list teaches."""

    title: str
    sentence: str
    line: str = ""
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A button that leads to something that can be done, for who may do it."""

    label: str
    href: str
    permission: str = ""
    tone: str = ""
