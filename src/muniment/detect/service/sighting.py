"""Lets the engine read a text that is written plainly, as nearly all are, in one go of C.

What it gives is what the passes give step by step, and of that what is left where a word is asked
for that does not stand near. Where there is no compiled code, and of other texts, it gives nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, Literal

from muniment.detect.rules import context, excerpts
from muniment.detect.rules.quick import compiled
from muniment.detect.service.collecting import Span
from muniment.detect.service.passes import Passes

# All spans, where long runs begin, and the spans that are left; None where nothing is seen, and
# False where the text is to be read step by step.
Seen = tuple[list[Span], list[int], list[Span]] | Literal[False] | None
# More matches than one in so many characters, and none is left out.
DENSE: Final = 32


class Sighting(threading.local):
    """What reads plain texts: each thread has its own, because an engine's room is for one."""

    def __init__(self, passes: Passes, needed: Sequence[frozenset[str] | None]) -> None:
        """Make it ready; `needed` are by shape the phrases one of which must stand near a match."""
        self._made_of = passes, needed
        self.seen: Callable[[str], Seen] = self._first

    def _first(self, text: str) -> Seen:
        """Read the first text of a thread; what reads is made for it."""
        self.seen = _seen_by(*self._made_of)
        return self.seen(text)


def _seen_by(passes: Passes, needed: Sequence[frozenset[str] | None]) -> Callable[[str], Seen]:
    scans = passes.scans()
    if compiled is None or scans is None:
        return _step_by_step
    sieves = tuple(None if each is None else _sieve(each) for each in needed)
    reaches = (excerpts.REACH, *context.REACHES, DENSE)
    seen: Callable[[str], Seen] = compiled.Sight(
        scans, sieves, (compiled.Marks(), compiled.Marks()), reaches
    ).seen
    return seen


@lru_cache(maxsize=1_024)
def _sieve(phrases: frozenset[str]) -> object:
    return None if compiled is None else compiled.sieve(phrases)


def _step_by_step(_text: str) -> Seen:
    return False
