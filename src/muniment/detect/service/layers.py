"""Detectors that run beside the patterns: the names, and plug-ins; what they say becomes ours.

A detector is asked through here alone: its findings are checked before anybody believes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol, runtime_checkable

from muniment.core.errors import MunimentError, UnavailableError
from muniment.detect.models import Family, Finding, Why

# What a detector's code may raise; the gap is told. Anything else goes up, and is no clean text.
FAULTS: Final = (
    MunimentError,
    ArithmeticError,
    AttributeError,
    ImportError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


class Found(Protocol):
    """What a detector of any origin says about a place; see `muniment.plugins.sockets`."""

    @property
    def type(self) -> str:
        """The type of the value."""
        ...

    @property
    def family(self) -> str:
        """The family of the type."""
        ...

    @property
    def start(self) -> int:
        """The first character of it."""
        ...

    @property
    def end(self) -> int:
        """The character after its last."""
        ...

    @property
    def score(self) -> float:
        """How sure the detector is."""
        ...

    @property
    def why(self) -> object:
        """The reason."""
        ...


_Behind = Callable[[str, int], Sequence[Found]]


class Layer(Protocol):
    """A detector that runs beside the patterns: the names, or a plug-in."""

    @property
    def build(self) -> str:
        """Its version and the digest of what it knows."""
        ...

    def scan(self, text: str) -> Sequence[Found]:
        """Find everything it knows, with places in the given text."""
        ...


@runtime_checkable
class Quiet(Protocol):
    """A detector that also finds in plain words, and tells in which it does not."""

    def quiet_words(self) -> frozenset[str]:
        """Give the plain words that alone are no reason to look."""
        ...


@runtime_checkable
class Doubtful(Protocol):
    """A detector that can tell at once in which parts of a text it finds nothing."""

    def doubtful(self, text: str) -> Sequence[tuple[int, int]]:
        """Give every place where it might find something, in a scan of any part of the text."""
        ...


@runtime_checkable
class Silent(Protocol):
    """A detector that can tell of a text whether it finds nothing in any of its parts."""

    def is_silent(self, text: str) -> bool:
        """Tell whether nothing is found, however a stream cuts the text."""
        ...


def is_silent(detector: Doubtful, text: str) -> bool:
    """Tell whether a detector finds nothing in any part of a text."""
    return detector.is_silent(text) if isinstance(detector, Silent) else not detector.doubtful(text)


def told_by(detector: Layer, after: int, text: str) -> list[Finding]:
    """Ask a detector; who need not read again what was told already, does not."""
    behind: _Behind | None = getattr(detector, "scan_behind", None) if after else None
    found = behind(text, after) if behind is not None else detector.scan(text)
    return _adopted(found, len(text), detector.build) if found else []


def _adopted(found: Iterable[Found], length: int, build: str) -> list[Finding]:
    """Take a detector's findings for our own, refusing places that are not in the text."""
    taken = []
    for each in found:
        if not 0 <= each.start < each.end <= length:
            raise UnavailableError(
                "a detector points outside of the text",
                subject=build[:80],
                remedy="Its findings cannot be trusted; name another, or have it corrected.",
            )
        if isinstance(each, Finding):
            taken.append(each)
            continue
        taken.append(
            Finding(
                each.type,
                _family(each.family),
                each.start,
                each.end,
                each.score,
                Why(str(each.why)),
                detector=build,
            )
        )
    return taken


def _family(name: str) -> Family:
    try:
        return Family(name)
    except ValueError:
        return Family.OWN
