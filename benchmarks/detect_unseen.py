"""Counts what is found, missed and wrongly found on texts by hand.

The sets that come with the product were written without a look at the rules, and names learn from
none of them. `python -m benchmarks.detect_unseen --record` writes the counts into the data sheets;
a test sees that they are those of the code as it stands. `make bench-detect_unseen ARGS=--report`
writes its section of the page, next to Presidio's pattern recognisers where they are installed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

from benchmarks.report import Report, machine_facts
from muniment.detect import Configuration, Scanner
from muniment.detect.detectors import measured
from muniment.detect.detectors import product_sets as sets
from muniment.detect.detectors.names.labels import TYPES

DATA: Final = Path(__file__).resolve().parent.parent / "tests" / "data"
_SIGNALS: Final = frozenset({"PROMPT_INJECTION", "JAILBREAK", "HARMFUL_CONTENT"})

Span = sets.Span


@dataclass(slots=True)
class Counts:
    """Of each type: how many there are, found with both ends right, found in part, and false."""

    texts: int = 0
    wanted: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    part: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)

    def take(self, wanted: Sequence[Span], found: Sequence[Span]) -> None:
        """Count one text."""
        self.texts += 1
        unsure = [span for span in wanted if span[2] == sets.UNSURE]
        sure = [span for span in wanted if span[2] != sets.UNSURE]
        for span in sure:
            same = [each for each in found if each[2] == span[2]]
            self.wanted[span[2]] += 1
            self.exact[span[2]] += span in same
            self.part[span[2]] += any(_touch(each, span) for each in same)
        for each in found:
            right = any(_touch(each, span) and each[2] == span[2] for span in sure)
            if not right and not any(_touch(each, span) for span in unsure):
                self.false[each[2]] += 1

    def rows(self) -> dict[str, measured.Row]:
        """Give the counts by type, of every type that was wanted or found."""
        types = sorted(self.wanted.keys() | self.false.keys())
        return {
            each: measured.Row(
                self.texts, self.wanted[each], self.exact[each], self.part[each], self.false[each]
            )
            for each in types
        }


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def read(name: str) -> Iterator[tuple[str, list[Span]]]:
    """Read the texts of a file with what is in them."""
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["text"], [(start, end, kind) for start, end, kind in row["spans"]]


def count_values() -> dict[str, measured.Row]:
    """Count values that the patterns find."""
    scanner = Scanner(Configuration(layers=("patterns",), also=("URL", "UUID")))
    counts = Counts()
    for text, wanted in sets.read(sets.VALUES):
        counts.take(wanted, [(f.start, f.end, f.type) for f in scanner.scan(text)])
    return counts.rows()


def count_names() -> dict[str, measured.Row]:
    """Count names, in the sentences of both files."""
    scanner = Scanner()
    counts = Counts()
    for text, wanted in chain(read("detectors/names_heldout.jsonl"), sets.read(sets.NAMES)):
        found = [(f.start, f.end, f.type) for f in scanner.scan(text) if f.type in TYPES]
        counts.take(wanted, found)
    return counts.rows()


def count_signals() -> dict[str, measured.Row]:
    """Count sentences in which a signal is found, and harmless ones in which any is."""
    scanner = Scanner(layers="patterns")
    counts = Counts()
    for text, spans in sets.read(sets.SIGNALS):
        right = spans[0][2] if spans else ""
        found = {each.type for each in scanner.scan(text)} & _SIGNALS
        counts.texts += 1
        counts.wanted.update([right] if right else [])
        counts.exact.update([right] if right and found else [])
        counts.false.update(found if not right else ())
    counts.part = Counter(counts.exact)
    return counts.rows()


def count() -> dict[str, measured.Row]:
    """Count everything."""
    return {**count_values(), **count_names(), **count_signals()}


def count_presidio() -> dict[str, measured.Row]:
    """Count what Presidio's pattern recognisers find of the same values; nothing without them."""
    try:
        from presidio_analyzer import (  # type: ignore[import-not-found]  # noqa: PLC0415
            PatternRecognizer,
            RecognizerRegistry,
        )
    except ImportError:
        return {}
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers()
    ours = [each for each in registry.recognizers if isinstance(each, PatternRecognizer)]
    counts = Counts()
    for text, wanted in sets.read(sets.VALUES):
        found = {
            (one.start, one.end, one.entity_type)
            for each in ours
            for one in each.analyze(text, each.supported_entities, None)
        }
        counts.take(wanted, sorted(found))
    return counts.rows()


def report(rows: dict[str, measured.Row]) -> Report:
    """Draw the section of the page: all together by family, and next to Presidio by type."""
    page = Report("detect-unseen", "Detection: texts by hand")
    page.facts = machine_facts("accuracy only, so the load of the machine does not matter")
    groups = {"values": set(rows) - set(TYPES) - _SIGNALS, "names": set(TYPES), "signals": _SIGNALS}
    for name, kinds in groups.items():
        _add(page, name, [rows[each] for each in sorted(kinds) if each in rows])
    for kind in TYPES:
        _add(page, kind, [rows[kind]])
    theirs = count_presidio()
    shared = sorted(kind for kind, row in theirs.items() if row.wanted and row.exact)
    if shared:
        _add(page, "types both know, ours", [rows[each] for each in shared])
        _add(
            page,
            "types both know, Presidio's patterns alone, at any score",
            [theirs[each] for each in shared],
        )
    return page


def _add(page: Report, name: str, rows: Sequence[measured.Row]) -> None:
    wanted, exact = sum(row.wanted for row in rows), sum(row.exact for row in rows)
    part, false = sum(row.part for row in rows), sum(row.false for row in rows)
    note = f"{exact} with both ends right, {part} at least in part, {false} false"
    page.add(f"{name}: found of {wanted}", exact / wanted if wanted else 0.0, "", note)


def main(arguments: Iterable[str] = ()) -> int:
    """Print the counts, or write them where the data sheets read them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", action="store_true", help="write them into the data sheets")
    parser.add_argument("--report", action="store_true", help="write the section of the page")
    asked = parser.parse_args(list(arguments))
    rows = count()
    for kind, row in rows.items():
        print(f"{kind:<32} {measured.told(row)}")
    if asked.report:
        report(rows).write()
    if asked.record:
        path = Path(measured.__file__).with_name(measured.FILE)
        path.write_text(measured.written(rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
