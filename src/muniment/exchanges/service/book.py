"""What a process knows of limits, stops and prices, a tenth of a second old at most; uses of tools.

Prices are those that people set; the examples that came with the product price nothing.

It asks for one number; when that has grown, it reads them again. If the database
cannot be asked for longer than a stop may take to work, nothing is let through.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from muniment.core.actor import system_actor
from muniment.core.errors import UnavailableError
from muniment.db import Database, kept_fresh, require_may_wait
from muniment.exchanges import rules, store
from muniment.exchanges.models import Limit, Price, ScopeKind, Stop, StopKind
from muniment.exchanges.service.using import ToolUses

_READER: Final = system_actor("exchanges")
LOOK_EVERY_SECONDS: Final = 0.05
LONGEST_OLD_SECONDS: Final = 0.8
# So old may be what a call goes on with while it is read again.
_YOUNG_SECONDS: Final = 0.1


@dataclass(slots=True)
class Book:
    """Limits, stops and prices in memory; safe to share between threads."""

    database: Database = field(repr=False)
    tools: ToolUses = field(init=False)
    _limits: tuple[Limit, ...] = ()
    _stops: tuple[Stop, ...] = ()
    _prices: Mapping[tuple[str, str], tuple[Price, ...]] = field(default_factory=dict)
    _pulse: int = -1
    _looked_at: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        """Begin to count."""
        self.tools = ToolUses(self.database)

    def limits_for(self, scopes: Mapping[ScopeKind, frozenset[str]]) -> tuple[Limit, ...]:
        """Give the limits a call of these scopes counts towards."""
        if self.database.clock.monotonic() - self._looked_at >= LOOK_EVERY_SECONDS:
            self._be_fresh()
        return rules.meets(self._limits, scopes) if self._limits else ()

    def stop_for(self, names: Mapping[StopKind, frozenset[str]]) -> Stop | None:
        """Give the stop that a call with any of these names runs into."""
        if self.database.clock.monotonic() - self._looked_at >= LOOK_EVERY_SECONDS:
            self._be_fresh()
        return rules.stop_met(self._stops, names) if self._stops else None

    def price_for(self, provider: str, model: str) -> Price | None:
        """Give what a model costs now, or nothing where nobody knows: that is never nought."""
        if self.database.clock.monotonic() - self._looked_at >= LOOK_EVERY_SECONDS:
            self._be_fresh()
        known = self._prices.get((provider, model))
        return rules.price_at(known, provider, model, self.database.clock.now()) if known else None

    def is_priced(self, provider: str, model: str) -> bool:
        """Tell whether anybody ever set a price for a model; with the pulse that may change."""
        return (provider, model) in self._prices

    def pulse(self) -> int:
        """Give the number of the last change, which also says that somebody was erased."""
        if self.database.clock.monotonic() - self._looked_at >= LOOK_EVERY_SECONDS:
            self._be_fresh()
        return self._pulse

    def _be_fresh(self) -> None:
        age = self._age()
        if age < LOOK_EVERY_SECONDS:
            return
        waits = age >= LONGEST_OLD_SECONDS
        if waits:
            require_may_wait()
        elif age < _YOUNG_SECONDS and kept_fresh(id(self), self._be_fresh):
            return
        if not self._lock.acquire(blocking=waits):
            return  # another thread looks just now, and what we hold is young enough
        try:
            if self._age() >= LOOK_EVERY_SECONDS:
                self._look()
        except UnavailableError:
            if self._age() >= LONGEST_OLD_SECONDS:
                raise
        finally:
            self._lock.release()

    def _age(self) -> float:
        return self.database.clock.monotonic() - self._looked_at

    def _look(self) -> None:
        looked = self.database.clock.monotonic()
        if self.database.glance(store.setting.PULSE) != self._pulse:
            with self.database.snapshot(_READER) as work:
                pulse = store.setting.pulse(work)
                self._limits = store.setting.limits(work)
                self._stops = store.setting.stops(work)
                self._prices = _by_model(store.pricing.prices(work))
                self._pulse = pulse
        self._looked_at = looked


def _by_model(prices: Sequence[Price]) -> Mapping[tuple[str, str], tuple[Price, ...]]:
    found: dict[tuple[str, str], tuple[Price, ...]] = {}
    for each in prices:  # what came with the product is an example, and no price
        name = (each.provider, each.model)
        found[name] = (*found.get(name, ()), each)
    return found
