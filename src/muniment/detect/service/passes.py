"""The passes over a text: each shape is looked for only in a text that could hold it.

A text without digits is not searched for numbers, one without a long run not for keys that are
long runs; so what most texts pay is one pass. Apart, the shapes also compile many times faster.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from typing import Final

from muniment.core.digest import digest_value
from muniment.detect.rules.needs import LONG, RUN_CLASS, needs_of
from muniment.detect.service.cache import Cache
from muniment.detect.service.engine import Engine, Shape, Span, make_engine

# Where a long run begins: what is no letter of it, or the text's start, and twenty that are.
_RUN: Final = Shape(rf"(?:^|[^{RUN_CLASS}])[{RUN_CLASS}]{{{LONG}}}")
_MANY: Final = 4
# A value that was not told yet begins at most so many bytes before what was.
_STRADDLES: Final = 64
# It changes when shapes are put into passes in another way.
_PARTS_VERSION: Final = "passes 1"
_DIGITS: Final = b"0123456789"


class _Pass:
    """Some of the shapes, compiled together; they keep the numbers they have among all."""

    def __init__(
        self, shapes: Sequence[Shape], numbers: Sequence[int], cache: Cache | None, engine: str
    ) -> None:
        self._numbers = numbers
        self.engine: Engine = make_engine([shapes[each] for each in numbers], cache, name=engine)

    def spans(self, data: bytes) -> list[Span]:
        """Give the shapes in some bytes."""
        numbers = self._numbers
        return [(numbers[each], start, end) for each, start, end in self.engine.spans(data)]


class Passes:
    """Finds every shape in some bytes, and where long runs begin, in as few passes as it needs."""

    def __init__(
        self, shapes: Sequence[Shape], cache: Cache | None = None, *, engine: str = ""
    ) -> None:
        self.run = len(shapes)
        parts: dict[str, list[int]] = {"base": [self.run], "long": [], "few": [], "many": []}
        for number, part in enumerate(_parts_of(shapes, cache)):
            parts[part].append(number)
        every = (*shapes, _RUN)
        self._base = _Pass(every, parts.pop("base"), cache, engine)
        self._long, self._few, self._many = (
            _Pass(every, numbers, cache, engine) if numbers else None for numbers in parts.values()
        )

    @property
    def engine(self) -> str:
        """Which engine looks for the shapes."""
        return self._base.engine.name

    def spans(self, data: bytes, after: int = 0) -> tuple[list[Span], list[int]]:
        """Give (number of the shape, start, end) for each match, and where long runs begin.

        Of what ends at `after` or before it nothing need be told: digits well before it are none.
        """
        found = self._base.spans(data)
        runs = [start for shape, start, _ in found if shape == self.run]
        if runs:
            found = [each for each in found if each[0] != self.run]
            if self._long is not None:
                found += self._long.spans(data)
        last = data[max(0, after - _STRADDLES) :] if after else data
        digits = len(last) - len(last.translate(None, _DIGITS))
        if digits and self._few is not None:
            found += self._few.spans(data)
        if digits >= _MANY and self._many is not None:
            found += self._many.spans(data)
        return found, runs


def _parts_of(shapes: Sequence[Shape], cache: Cache | None) -> list[str]:
    """Say for each shape in which pass it is looked for; reading them all takes a while."""
    regexes = [each.regex for each in shapes]
    key = digest_value([_PARTS_VERSION, platform.python_version(), regexes])
    kept = cache.read(key) if cache else None
    known = kept.decode().split() if kept is not None else []
    if len(known) == len(regexes):
        return known
    parts = [_part_of(each) for each in regexes]
    if cache:
        cache.write(key, " ".join(parts).encode())
    return parts


def _part_of(regex: str) -> str:
    needs = needs_of(regex)
    if needs.digits >= _MANY:
        return "many"
    if needs.digits:
        return "few"
    return "long" if needs.long_run else "base"
