"""Looks for many shapes in one pass: Hyperscan, or RE2 where there is no wheel.

Both give the same: for each shape its spans in bytes, none inside another, in order of place. The
shapes use what both read alike: ASCII classes, no look-around, the longest match from each start.
"""

from __future__ import annotations

import contextlib
import platform
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from muniment.core.digest import digest_value
from muniment.core.errors import UnavailableError
from muniment.detect.service.cache import Cache

Span = tuple[int, int, int]
_PLACE: Final = 1 << 44
_MOST_NESTED: Final = 64
_HEAVY: Final = 72.0
_REPEATS: Final = re.compile(r"[^(]\?|[^\[]\*|[^\[]\+|\{")
_LIGHT: Final = 0.02


@dataclass(frozen=True, slots=True)
class Shape:
    """One expression of an engine, and whether capital letters matter."""

    regex: str
    ignore_case: bool = False


class Engine(Protocol):
    """Finds every shape in some bytes."""

    @property
    def name(self) -> str:
        """Which engine it is."""
        ...

    def spans(self, data: bytes) -> list[Span]:
        """Give (number of the shape, start, end) for each match that no other of it holds."""
        ...


class HyperscanEngine:
    """A few databases for all shapes; a scratch space for each thread; matching without the lock.

    One database of everything would take seven times as long to compile as a few of them.
    """

    name = "hyperscan"

    def __init__(self, shapes: Sequence[Shape], cache: Cache | None = None) -> None:
        import hyperscan  # noqa: PLC0415  (absent where there is no wheel of it)

        self._hyperscan: Any = hyperscan
        self._local = threading.local()
        self._databases: list[Any] = [
            self._load(first, part, cache) for first, part in _parts(shapes)
        ]

    def spans(self, data: bytes) -> list[Span]:
        found: dict[int, int] = {}

        def note(shape: int, start: int, end: int, _flags: int, _context: object) -> None:
            found[shape * _PLACE + start] = end

        for database, scratch in zip(self._databases, self._scratches(), strict=True):
            database.scan(data, match_event_handler=note, scratch=scratch)
        return _outermost(found) if found else []

    def _scratches(self) -> list[object]:
        try:
            scratches: list[object] = self._local.scratches
        except AttributeError:
            scratches = [self._hyperscan.Scratch(each) for each in self._databases]
            self._local.scratches = scratches
        return scratches

    def _load(self, first: int, shapes: Sequence[Shape], cache: Cache | None) -> object:
        hs = self._hyperscan
        facts = [[each.regex, each.ignore_case] for each in shapes]
        key = digest_value([hs.__version__, platform.machine(), first, facts])
        kept = cache.read(key) if cache else None
        if kept is not None:
            # Made by another build of the library or for another processor: it is made anew.
            with contextlib.suppress(hs.error):
                return hs.loadb(kept, hs.HS_MODE_BLOCK)
        database = self._compile(first, shapes)
        if cache:
            cache.write(key, hs.dumpb(database))
        return database

    def _compile(self, first: int, shapes: Sequence[Shape]) -> Any:  # noqa: ANN401  (untyped)
        hs = self._hyperscan
        plain = hs.HS_FLAG_SOM_LEFTMOST
        database = hs.Database(mode=hs.HS_MODE_BLOCK)
        try:
            database.compile(
                expressions=[each.regex.encode() for each in shapes],
                ids=list(range(first, first + len(shapes))),
                elements=len(shapes),
                flags=[plain | (hs.HS_FLAG_CASELESS if s.ignore_case else 0) for s in shapes],
            )
        except hs.error as error:
            raise UnavailableError(
                f"the shapes cannot be compiled: {error}",
                remedy="Look at the patterns among your own terms.",
            ) from error
        return database


class Re2Engine:
    """The same with RE2, one shape after the other: slower, and never short of a match."""

    name = "re2"

    def __init__(self, shapes: Sequence[Shape]) -> None:
        import re2  # noqa: PLC0415  (loaded only where Hyperscan is missing)

        options = {flag: self._options(re2, ignore_case=flag) for flag in (False, True)}
        try:
            self._compiled: list[Any] = [
                re2.compile(each.regex.encode(), options[each.ignore_case]) for each in shapes
            ]
        except re2.error as error:
            raise UnavailableError(
                f"the shapes cannot be compiled: {error}",
                remedy="Look at the patterns among your own terms.",
            ) from error

    def spans(self, data: bytes) -> list[Span]:
        found: dict[int, int] = {}
        for shape in range(len(self._compiled)):
            self._each(data, shape, found)
        return _outermost(found)

    def _each(self, data: bytes, shape: int, found: dict[int, int]) -> None:
        """Note the longest match of each start, going on behind long runs of nested ones."""
        search = self._compiled[shape].search
        at = nested = reach = 0
        while at <= len(data) and (match := search(data, at)) is not None:
            start, end = match.span()
            nested = nested + 1 if end <= reach else 0
            reach = max(reach, end)
            found[shape * _PLACE + start] = end
            at = reach if nested > _MOST_NESTED else start + 1

    @staticmethod
    def _options(re2: Any, *, ignore_case: bool) -> object:  # noqa: ANN401  (it has no types)
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.longest_match = True
        options.case_sensitive = not ignore_case
        options.log_errors = False
        options.never_capture = True
        return options


def _parts(shapes: Sequence[Shape]) -> Iterator[tuple[int, Sequence[Shape]]]:
    """Cut a list of shapes where a database would grow too heavy; give each part's first number."""
    first, weight = 0, 0.0
    for place, each in enumerate(shapes):
        weight += 1.0 if _REPEATS.search(each.regex) else _LIGHT
        if weight > _HEAVY:
            yield first, shapes[first:place]
            first, weight = place, 1.0
    if first < len(shapes):
        yield first, shapes[first:]


def _outermost(found: dict[int, int]) -> list[Span]:
    """Keep the spans that no other span of the same shape holds."""
    if len(found) == 1:
        ((key, end),) = found.items()
        return [(*divmod(key, _PLACE), end)]
    kept: list[Span] = []
    last, reach = -1, -1
    for key in sorted(found):
        shape, start = divmod(key, _PLACE)
        end = found[key]
        if shape != last:
            last, reach = shape, -1
        if end > reach:
            kept.append((shape, start, end))
            reach = end
    return kept


def make_engine(shapes: Sequence[Shape], cache: Cache | None = None, *, name: str = "") -> Engine:
    """Make the fastest engine there is, or the one of this name."""
    makers: dict[str, Callable[[], Engine]] = {
        "hyperscan": lambda: HyperscanEngine(shapes, cache),
        "re2": lambda: Re2Engine(shapes),
    }
    tried: list[str] = []
    for each in [name] if name else list(makers):
        try:
            return makers[each]()
        except ImportError as error:
            tried.append(f"{each}: {error}")
    raise UnavailableError(
        "no engine for patterns is installed",
        reasons=tuple(tried),
        remedy="Run: pip install hyperscan (or google-re2)",
    )
