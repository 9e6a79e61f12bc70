"""What the builder of a demonstration records: that nothing in its log really happened."""

from __future__ import annotations

from msgspec import Struct

from muniment.ledger.kinds.base import kind


@kind("demo.began")
class DemoBegan(Struct, frozen=True):
    """A demonstration began: all that follows was made up, and its times before `until` too.

    The story covers so many days of simulated time; its volume is so many times the usual one.
    """

    company: str
    days: int
    times: int
    until: str


@kind("demo.built")
class DemoBuilt(Struct, frozen=True):
    """The story of a demonstration was told to its end; from now on the clock is the machine's."""

    scenes: tuple[str, ...]
    events: int
