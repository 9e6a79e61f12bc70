"""Knows which decisions are kept already, so that calls that are alike name the same one.

They are judged on the same facts, so only the first has to keep its decision. It counts as kept
once it is durable, never before.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Final

import msgspec

from muniment import policy
from muniment.core.ids import IdMaker
from muniment.db import Work
from muniment.ledger import Handed
from muniment.policy import Judged, Remedy

_MOST: Final = 10_000
_MOST_KNOWN: Final = 4_096
_packed: Final = msgspec.msgpack.Encoder().encode
Key = tuple[bytes, int, int]


@dataclass(frozen=True, slots=True)
class Named:
    """A decision and the id under which it is or will be kept."""

    judged: Judged
    id: str
    key: Key = field(repr=False)
    is_kept: bool = False


def remedies_of(decided: Iterable[Named]) -> tuple[Remedy, ...]:
    """Give all that decisions ask for, each once, in their order."""
    asked = (each for named in decided for each in named.judged.decision.remedies)
    return tuple(dict.fromkeys(asked))


@dataclass(slots=True)
class Decisions:
    """The decisions that one process knows to be kept."""

    ids: IdMaker
    _kept: OrderedDict[Key, str] = field(default_factory=OrderedDict, repr=False)
    _known: dict[int, Named] = field(default_factory=dict, repr=False)

    def named(self, judged: Judged) -> Named:
        """Give the id of a decision: the one it is kept under, or a fresh one."""
        named = self._known.get(id(judged))
        if named is not None and named.judged is judged:
            return named
        facts = sha256(_packed(judged.facts.as_value())).digest()
        key = (facts, judged.version, judged.shadow_version)
        known = self._kept.get(key)
        named = Named(judged, known or self.ids.new("dec"), key, is_kept=known is not None)
        if named.is_kept:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[id(judged)] = named  # it holds what was judged, so the number stays its own
        return named

    @staticmethod
    def fresh(decided: Sequence[Named]) -> tuple[Named, ...]:
        """Give those that are not kept yet."""
        for each in decided:
            if not each.is_kept:
                return tuple([each for each in decided if not each.is_kept])
        return ()

    @staticmethod
    def keep(work: Work, fresh: Sequence[Named]) -> None:
        """Keep decisions with everything they were made on."""
        for each in fresh:
            policy.keep_decision(work, each.judged, decision_id=each.id)

    def once_durable(self, future: Handed, fresh: Sequence[Named]) -> None:
        """Count decisions as kept when what keeps them is durable."""
        if fresh:
            future.add_done_callback(partial(self._note, fresh))

    def _note(self, fresh: Sequence[Named], future: Handed) -> None:
        if future.exception() is not None:
            return
        for each in fresh:
            self._kept.setdefault(each.key, each.id)
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
