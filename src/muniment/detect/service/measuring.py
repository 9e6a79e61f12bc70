"""Measures a configuration: on the cases of an installation, and on the sets of the product."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from muniment.detect.detectors import product_sets as sets
from muniment.detect.models import (
    Case,
    Configuration,
    Family,
    Figures,
    Measured,
    OpenTexts,
    SetFigures,
)
from muniment.detect.rules.calibrating import figures_of, is_right
from muniment.detect.service.scanner import Scanner

_MOST_SCANNERS: Final = 32
_MOST_KEPT: Final = 256
_OF_SET: Final = {
    sets.NAMES: frozenset({Family.NAMES, Family.OWN}),
    sets.SIGNALS: frozenset({Family.SAFETY, Family.OWN}),
    sets.VALUES: frozenset(Family) - {Family.NAMES, Family.SAFETY},
}


class Scanners:
    """Scanners that were made already, for making one takes longer than using it."""

    def __init__(self) -> None:
        self._made: dict[str, Scanner] = {}
        self._lock = threading.Lock()

    def get(self, configuration: Configuration) -> Scanner:
        """Give the scanner of a configuration; the oldest goes when there are many."""
        with self._lock:
            found = self._made.pop(configuration.digest, None)
            if found is None:
                found = Scanner(configuration)
            self._made[configuration.digest] = found
            while len(self._made) > _MOST_SCANNERS:
                del self._made[next(iter(self._made))]
            return found


SCANNERS: Final = Scanners()
_MEASURED: Final[dict[str, tuple[SetFigures, ...]]] = {}


def measure(cases: Sequence[Case], texts: OpenTexts, configuration: Configuration) -> Figures:
    """Say how a configuration does on cases; one whose text is not open could not be told."""
    if not cases:
        return Figures()
    return figures_of(_answers(cases, texts, SCANNERS.get(configuration)))


def measure_sets(configuration: Configuration) -> tuple[SetFigures, ...]:
    """Say how a configuration does on the sets of the product; once for each build.

    It takes about a second. A door that is about to change something asks for it first, so that
    nobody waits for a lock meanwhile.
    """
    scanner = SCANNERS.get(configuration)
    known = _MEASURED.get(scanner.build)
    if known is None:
        known = tuple(_measure_set(name, scanner) for name in _OF_SET)
        if len(_MEASURED) >= _MOST_KEPT:
            _MEASURED.clear()
        _MEASURED[scanner.build] = known
    return known


def measure_all(cases: Sequence[Case], texts: OpenTexts, configuration: Configuration) -> Measured:
    """Measure a configuration on everything there is."""
    return Measured(measure(cases, texts, configuration), measure_sets(configuration))


def _measure_set(name: str, scanner: Scanner) -> SetFigures:
    texts = wanted = found = false = 0
    for text, spans in sets.read(name):
        texts += 1
        told = [
            (each.start, each.end, each.type if name != sets.SIGNALS else "")
            for each in scanner.scan(text)
            if each.family in _OF_SET[name]
        ]
        sure = [(start, end, kind if name != sets.SIGNALS else "") for start, end, kind in spans]
        sure = [span for span in sure if span[2] != sets.UNSURE]
        unsure = [span for span in spans if span[2] == sets.UNSURE]
        wanted += len(sure)
        found += sum(any(_same(span, each) for each in told) for span in sure)
        false += sum(
            not any(_same(span, each) for span in sure)
            and not any(_touch(span, each) for span in unsure)
            for each in told
        )
    return SetFigures(name, texts, wanted, found, false)


def _same(one: sets.Span, other: sets.Span) -> bool:
    return one[2] == other[2] and _touch(one, other)


def _touch(one: sets.Span, other: sets.Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _answers(
    cases: Iterable[Case], texts: OpenTexts, scanner: Scanner
) -> Iterator[tuple[Case, bool | None]]:
    for case in cases:
        text = texts.of(case)
        yield case, None if text is None else is_right(case, scanner.scan(text))
