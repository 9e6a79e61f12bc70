"""What the builder of a demonstration records: that nothing in its log really happened."""

from __future__ import annotations

from dataclasses import dataclass

from muniment.ledger.kinds.base import kind


@kind("demo.began")
@dataclass(frozen=True, slots=True)
class DemoBegan:
    """A demonstration began: all that follows was made up, and its times before `until` too.

    The story covers so many days of simulated time; its volume is so many times the usual one.
    """

    company: str
    days: int
    times: int
    until: str


@kind("demo.built")
@dataclass(frozen=True, slots=True)
class DemoBuilt:
    """The story of a demonstration was told to its end; from now on the clock is the machine's."""

    scenes: tuple[str, ...]
    events: int
