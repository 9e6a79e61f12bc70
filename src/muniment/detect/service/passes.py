"""The passes over a text: each shape is looked for only in a text that could hold it.

Shapes of numbers and codes are looked for around digits and capitals alone, and keys that are long
runs only where there is such a run; so what most texts pay is one pass.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from typing import Final

from muniment.core.digest import digest_value
from muniment.detect.rules import excerpts
from muniment.detect.rules.needs import needs_of, width_of
from muniment.detect.service.cache import Cache
from muniment.detect.service.collecting import Span, fastest
from muniment.detect.service.engine import Shape, make_engine

# A word that stands in every match is found quickly anywhere.
_WORD: Final = 2
# A value that was not told yet begins at most so many bytes before what was.
_STRADDLES: Final = 64
# It changes when shapes are put into passes in another way.
_PARTS_VERSION: Final = "passes 4"


class Passes:
    """Finds every shape in some bytes, and where long runs begin, in as few passes as it needs."""

    def __init__(
        self, shapes: Sequence[Shape], cache: Cache | None = None, *, engine: str = ""
    ) -> None:
        parts: dict[str, dict[int, Shape]] = {"base": {}, "long": {}, "codes": {}}
        for (number, shape), part in zip(enumerate(shapes), _parts_of(shapes, cache), strict=True):
            parts[part][number] = shape
        self._base = make_engine(parts.pop("base"), cache, name=engine)
        self._long, self._of_codes = (
            make_engine(each, cache, name=engine) if each else None for each in parts.values()
        )
        self._collector, self._cut, self._runs = fastest()

    @property
    def engine(self) -> str:
        """Which engine looks for the shapes."""
        return self._base.name

    def scans(self) -> tuple[tuple[object, ...], ...] | None:
        """Give what scans in this thread: everything, long runs, and numbers and codes."""
        base = self._base.scans()
        if base is None:
            return None
        return (base, *((each and each.scans()) or () for each in (self._long, self._of_codes)))

    def spans(self, data: bytes, after: int = 0) -> tuple[list[Span], list[int]]:
        """Give (number of the shape, start, end) for each match, and where long runs begin.

        Of what ends at `after` or before it nothing need be told: digits well before it are none.
        """
        runs, found = self._runs(data), self._collector()
        self._base.mark(data, found)
        if runs and self._long is not None:
            self._long.mark(data, found)
        spans = found.outermost([], []) if found else []
        if self._of_codes is None:
            return spans, runs
        # Numbers and codes stand around digits and capitals, or anywhere where most is that.
        parts = self._cut(data, after - _STRADDLES if after > _STRADDLES else 0)
        if parts is not None:
            excerpt, ends, moved = parts
            found = self._collector()
            self._of_codes.mark(excerpt, found)
            if found:
                spans += found.outermost(ends, moved)
        return spans, runs


def _parts_of(shapes: Sequence[Shape], cache: Cache | None) -> list[str]:
    """Say for each shape in which pass it is looked for; reading them all takes a while."""
    facts = [[each.regex, each.ignore_case] for each in shapes]
    key = digest_value([_PARTS_VERSION, platform.python_version(), facts])
    kept = cache.read(key) if cache else None
    known = kept.decode().split() if kept is not None else []
    if len(known) == len(shapes):
        return known
    parts = [_part_of(each) for each in shapes]
    if cache:
        cache.write(key, " ".join(parts).encode())
    return parts


def _part_of(shape: Shape) -> str:
    needs, width = needs_of(shape.regex), width_of(shape.regex)
    if needs.long_run:
        return "long"
    if width is None or width > excerpts.REACH:
        return "base"
    is_code = needs.pair and needs.letters < _WORD and not shape.ignore_case
    is_code = is_code or (shape.ignore_case and excerpts.LETTER_CODE in shape.regex)
    return "codes" if needs.digits or is_code else "base"
