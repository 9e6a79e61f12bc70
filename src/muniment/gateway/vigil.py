"""Keeps what is known of calls young between them, so that the next one need not wait for it.

Who may call, what serves, limits, rules and keys are read again for calls that come in time. After
a second without any, all of it would be too old. So it is asked for as a call would, while calls
are under way and for a few seconds after the last: the keeper reads it, and nobody waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from muniment.core.actor import Actor
from muniment.core.errors import MunimentError
from muniment.db import MustWaitError, at_once, kept_fresh

if TYPE_CHECKING:
    from muniment.gateway.exchange import Call
    from muniment.gateway.means import Means
    from muniment.registry import Serving

# Stops and limits are to work soonest and are read most often; the rest every fourth time.
_EVERY_SECONDS: Final = 0.04
_TURNS: Final = 4
_STANDS_SECONDS: Final = 10.0
_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class _Place:
    """Who called what: all that is looked up for another call like it."""

    actor: Actor
    environment: str
    serving: Serving
    set_digest: str


class Vigil:
    """Asks again for what the last few sorts of calls needed; it ends by itself."""

    def __init__(self, means: Means, *, stands_seconds: float = _STANDS_SECONDS) -> None:
        self._means = means
        self._stands = stands_seconds
        self._until: dict[tuple[str, str, str], tuple[float, _Place]] = {}
        self._next: asyncio.TimerHandle | None = None
        self._turns = 0

    def note(self, call: Call) -> None:
        """Remember that somebody calls."""
        origin, actor, serving = call.origin, call.actor, call.serving
        if origin is None or actor is None or serving is None:
            return
        key = (actor.credential, origin.environment, call.set_digest)
        known = self._until.get(key)
        until = self._means.database.clock.monotonic() + self._stands
        if known is not None and known[1].serving is serving:
            self._until[key] = until, known[1]
        elif known is not None or len(self._until) < _MOST:
            place = _Place(actor, origin.environment, serving, call.set_digest)
            self._until[key] = until, place
        if self._next is None:
            loop = asyncio.get_running_loop()
            self._next = loop.call_later(_EVERY_SECONDS, self._look, loop)

    @property
    def is_awake(self) -> bool:
        """Tell whether it will look again."""
        return self._next is not None

    @property
    def turns(self) -> int:
        """How often it has looked."""
        return self._turns

    def stop(self) -> None:
        """Look no more."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._next = None
        now = self._means.database.clock.monotonic()
        if not self._means.running:
            self._until = {key: kept for key, kept in self._until.items() if now < kept[0]}
        if not self._until:
            return
        self._ask(self._means.book.pulse, "pulse")
        self._turns += 1
        if self._turns % _TURNS == 1:
            for key, (_, place) in self._until.items():
                for number, ask in enumerate(_asked(place, self._means)):
                    self._ask(ask, (key, number))
        self._next = loop.call_later(_EVERY_SECONDS, self._look, loop)

    def _ask(self, ask: Callable[[], object], named: Hashable) -> None:
        with suppress(MunimentError):  # who calls is told
            at_once(_kept_young, ask, (id(self), named))


def _kept_young(ask: Callable[[], object], named: Hashable) -> None:
    """Ask as a call does; have what is too old already read by the keeper, for the next call."""
    try:
        ask()
    except MustWaitError:
        kept_fresh(named, ask)


def _asked(place: _Place, means: Means) -> Iterator[Callable[[], object]]:
    """Give what a call of this sort looks up, but for what would be recorded."""
    actor, serving = place.actor, place.serving
    system, environment = serving.system_id, place.environment
    yield means.keybook.keep_fresh
    yield partial(means.standings.scope_of, actor)
    yield partial(means.resolver.resolve, system, environment)
    yield partial(means.standings.of, actor, system, environment)
    yield partial(means.resolver.contents, serving, place.set_digest)
    yield means.judge.look
    yield partial(means.scanners.of, system)
    yield partial(means.digester.digest, actor, system, b"")
