"""Looks for many shapes in one pass: Hyperscan, or RE2 where there is no wheel.

Both give the same: for each shape its spans in bytes, none inside another, in order of place. The
shapes use what both read alike: ASCII classes, no look-around, the longest match from each start.
"""

from __future__ import annotations

import contextlib
import platform
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from muniment.core.digest import digest_value
from muniment.core.errors import UnavailableError
from muniment.detect.service.cache import Cache
from muniment.detect.service.collecting import Marks, Span, fastest

_MOST_NESTED: Final = 64
_HEAVY: Final = 160.0
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

    def mark(self, data: bytes, found: Marks) -> None:
        """Note every match, of those that begin together the longest."""
        ...

    def scans(self) -> tuple[object, ...] | None:
        """Give, by turns, what scans and its room for this thread; None for one without such."""
        ...


class HyperscanEngine:
    """A few databases for all shapes; a scratch space for each thread; matching without the lock.

    One database of everything would take seven times as long to compile as a few of them.
    """

    name = "hyperscan"

    def __init__(self, shapes: Mapping[int, Shape], cache: Cache | None = None) -> None:
        import hyperscan  # noqa: PLC0415  (absent where there is no wheel of it)

        self._hyperscan: Any = hyperscan
        self._local = threading.local()
        self._collector = fastest()[0]
        self._databases: list[Any] = [self._load(part, cache) for part in _parts(shapes)]

    def spans(self, data: bytes) -> list[Span]:
        found = self._collector()
        self.mark(data, found)
        return found.outermost([], [])

    def mark(self, data: bytes, found: Marks) -> None:
        for database, scratch in self._ready():
            database.scan(data, match_event_handler=found, scratch=scratch)

    def scans(self) -> tuple[object, ...]:
        return tuple(each for base, room in self._ready() for each in (base.scan, room))

    def _ready(self) -> list[tuple[Any, object]]:
        try:
            ready: list[tuple[Any, object]] = self._local.ready
        except AttributeError:
            scratch = self._hyperscan.Scratch
            ready = self._local.ready = [(each, scratch(each)) for each in self._databases]
        return ready

    def _load(self, shapes: Mapping[int, Shape], cache: Cache | None) -> object:
        hs = self._hyperscan
        facts = [[number, each.regex, each.ignore_case] for number, each in shapes.items()]
        key = digest_value([hs.__version__, platform.machine(), facts])
        kept = cache.read(key) if cache else None
        if kept is not None:
            # Made by another build of the library or for another processor: it is made anew.
            with contextlib.suppress(hs.error):
                return hs.loadb(kept, hs.HS_MODE_BLOCK)
        database = self._compile(shapes)
        if cache:
            cache.write(key, hs.dumpb(database))
        return database

    def _compile(self, shapes: Mapping[int, Shape]) -> Any:  # noqa: ANN401  (untyped)
        hs = self._hyperscan
        plain, either = hs.HS_FLAG_SOM_LEFTMOST, hs.HS_FLAG_SOM_LEFTMOST | hs.HS_FLAG_CASELESS
        database = hs.Database(mode=hs.HS_MODE_BLOCK)
        try:
            database.compile(
                expressions=[each.regex.encode() for each in shapes.values()],
                ids=list(shapes),
                elements=len(shapes),
                flags=[either if each.ignore_case else plain for each in shapes.values()],
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

    def __init__(self, shapes: Mapping[int, Shape]) -> None:
        import re2  # noqa: PLC0415  (loaded only where Hyperscan is missing)

        self._collector = fastest()[0]
        options = {flag: self._options(re2, ignore_case=flag) for flag in (False, True)}
        try:
            self._compiled: list[tuple[int, Any]] = [
                (number, re2.compile(each.regex.encode(), options[each.ignore_case]))
                for number, each in shapes.items()
            ]
        except re2.error as error:
            raise UnavailableError(
                f"the shapes cannot be compiled: {error}",
                remedy="Look at the patterns among your own terms.",
            ) from error

    def spans(self, data: bytes) -> list[Span]:
        found = self._collector()
        self.mark(data, found)
        return found.outermost([], [])

    def scans(self) -> None:
        return None

    def mark(self, data: bytes, found: Marks) -> None:
        for shape, compiled in self._compiled:
            self._each(data, shape, compiled.search, found)

    @staticmethod
    def _each(data: bytes, shape: int, search: Callable[..., Any], found: Marks) -> None:
        """Note the longest match of each start, going on behind long runs of nested ones."""
        at = nested = reach = 0
        while at <= len(data) and (match := search(data, at)) is not None:
            start, end = match.span()
            nested = nested + 1 if end <= reach else 0
            reach = max(reach, end)
            found(shape, start, end, 0, None)
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


def _parts(shapes: Mapping[int, Shape]) -> Iterator[Mapping[int, Shape]]:
    """Cut shapes where a database would grow too heavy."""
    part: dict[int, Shape] = {}
    weight = 0.0
    for number, each in shapes.items():
        more = 1.0 if _REPEATS.search(each.regex) else _LIGHT
        if part and weight + more > _HEAVY:
            yield part
            part, weight = {}, 0.0
        part[number] = each
        weight += more
    if part:
        yield part


def make_engine(
    shapes: Sequence[Shape] | Mapping[int, Shape], cache: Cache | None = None, *, name: str = ""
) -> Engine:
    """Make the fastest engine there is, or the one of this name, for shapes with their numbers."""
    numbered = shapes if isinstance(shapes, Mapping) else dict(enumerate(shapes))
    makers: dict[str, Callable[[], Engine]] = {
        "hyperscan": lambda: HyperscanEngine(numbered, cache),
        "re2": lambda: Re2Engine(numbered),
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
