"""Measures the detector: `make bench-detect`, with ARGS="--quick" only to see that it runs.

Accuracy is measured on texts of held-out templates, false alarms on Python's own library, speed
beside `re` with the same shapes and, where it is installed, Presidio's pattern recognisers.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import sysconfig
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks import detect_code, detect_log_formats, detect_logs, detect_stream
from benchmarks.detect_code import SOURCES, others
from benchmarks.detect_speed import FULL, measure_hard, measure_speed, measure_threads, timed
from benchmarks.detect_texts import KINDS, plain, texts
from benchmarks.report import Goal, Report, machine_facts, quantile
from muniment.detect import Family, Scanner
from muniment.detect.service import catalogue

OURS: Final = "patterns only, text full of values, 1 KB"
RE: Final = "`re`, every shape one after the other, 1 KB"
START: Final = "from import to first scan, all layers"
PRESIDIO: Final = "Presidio's pattern recognisers, 1 KB"
CHECKED: Final = "F1 of types with check digits, the least of them"
OTHER: Final = "F1 of other types, the least of them"
_UNCHECKED: Final = frozenset(
    {
        *("US_SSN", "EMAIL_ADDRESS", "PHONE_NUMBER", "DATE_OF_BIRTH", "IP_ADDRESS"),
        *("MAC_ADDRESS", "MEDICAL_RECORD_NUMBER", "US_PASSPORT"),
    }
)
_ORDINARY: Final = "all layers, ordinary text, 1 KB"
_PAGES: Final = "all layers, pages, 1 KB"
_FULL: Final = "all layers, text full of values, 1 KB"
GOALS: Final = (
    Goal(CHECKED, CHECKED, at_least=1),
    Goal(OTHER, OTHER, at_least=0.97),
    Goal("Patterns, ordinary text, 1 KB", "patterns only, ordinary text, 1 KB", at_most=20),
    Goal("All layers, ordinary text, 1 KB, p50", _ORDINARY, at_most=200),
    Goal("All layers, ordinary text, 1 KB, p99", f"{_ORDINARY}, p99", at_most=600),
    Goal("All layers, pages of documentation, 1 KB, p50", _PAGES, at_most=200),
    Goal("All layers, pages of documentation, 1 KB, p99", f"{_PAGES}, p99", at_most=600),
    Goal("All layers, nine values in 1 KB, p50", _FULL, at_most=200),
    Goal("All layers, nine values in 1 KB, p99", f"{_FULL}, p99", at_most=600),
    Goal(
        "All layers, nine values a KB, 100 KB",
        "all layers, text full of values, 100 KB",
        at_most=60_000,
    ),
    Goal("Stream of prose, 4 at once, p99", "stream of prose, 4 at once, a piece", at_most=0.5),
    Goal("Stream of prose, 40 at once, p99", "stream of prose, 40 at once, a piece", at_most=0.5),
    Goal("Stream of every type, p99", "stream of every type, a piece", at_most=0.5),
    Goal("Secrets found in source code", "findings on source code, secrets", at_most=0.05),
    *(
        Goal(f"Names in {each.what}, named authors apart", others(each.what), at_most=0.1)
        for each in SOURCES
    ),
    Goal("Names in logs", detect_logs.LOGS, at_most=0.1),
    *(
        Goal(f"Names in logs, formats {part}", detect_log_formats.falsely(part), at_most=0.1)
        for part in ("held out", "written blind", detect_log_formats.ALL_LATER)
    ),
    Goal("From import to first scan, all layers", START, at_most=300),
)
_SEED: Final = 20_250_214


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much is measured."""

    texts: int = 400
    files: int = 100_000
    logs: int = 200
    repeats: int = 300
    sizes: tuple[int, ...] = (1, 100, 1_000)
    hard: tuple[int, ...] = (10, 100, 1_000)


QUICK: Final = Amounts(texts=3, files=3, logs=1, repeats=3, sizes=(1, 10), hard=(1,))


def main(arguments: Sequence[str] = ()) -> int:
    """Measure everything and write the section of the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only see that it runs")
    quick = parser.parse_args(arguments).quick
    amounts = QUICK if quick else Amounts()
    report = Report("detect", "Detection: the patterns")
    scanner = Scanner(layers="patterns")
    measure_accuracy(report, scanner, amounts)
    measure_alarms(report, scanner, amounts)
    detect_code.measure(report, amounts.files)
    detect_logs.measure(report, amounts.logs)
    detect_log_formats.measure(report)
    measure_speed(report, amounts.sizes, amounts.repeats)
    measure_hard(report, amounts.hard)
    measure_threads(report, amounts.sizes[-1])
    measure_streams(report, quick=quick)
    measure_others(report, amounts)
    measure_start(report)
    report.facts = machine_facts(f"engine {scanner.engine}")
    if not quick:
        report.judge(GOALS)
        report.write()
    return 0


def measure_accuracy(report: Report, scanner: Scanner, amounts: Amounts) -> None:
    """Count what was found, missed and wrongly found on held-out templates, by type."""
    right, wanted, given = Counter[str](), Counter[str](), Counter[str]()
    for each in texts(amounts.texts, _SEED):
        wanted[each.type] += 1
        for found in scanner.scan(each.text):
            given[found.type] += 1
            if (found.type, found.start, found.end) == (each.type, each.start, each.end):
                right[each.type] += 1
    for kind, _, _ in KINDS:
        precision = right[kind] / given[kind] if given[kind] else 0.0
        recall = right[kind] / wanted[kind]
        both = precision + recall
        report.add(
            f"F1 of {kind}",
            2 * precision * recall / both if both else 0.0,
            "",
            f"precision {precision:.3f}, recall {recall:.3f}, {wanted[kind]} texts",
        )
    _add_least(report)
    alarms = sum(len(scanner.scan(text)) for text in plain(amounts.texts, _SEED))
    report.add("false findings in texts of harmless numbers", alarms, "", f"{amounts.texts} texts")


def _add_least(report: Report) -> None:
    """Give the worst F1 of types whose form can be checked, and of the others."""
    found = {row.what: row.value for row in report.rows}
    for what, is_checked in ((CHECKED, True), (OTHER, False)):
        kinds = [kind for kind, _, _ in KINDS if (kind not in _UNCHECKED) is is_checked]
        report.add(what, min(found[f"F1 of {kind}"] for kind in kinds), "")


def measure_alarms(report: Report, scanner: Scanner, amounts: Amounts) -> None:
    """Count findings for each KB of Python's own library, where nearly none is true."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    files = sorted(path for path in folder.rglob("*.py") if "site-packages" not in path.parts)
    families, size = Counter[Family](), 0
    for path in files[: amounts.files]:
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
        size += len(text)
        families.update(each.family for each in scanner.scan(text))
    for family in Family:
        if family not in {Family.NAMES, Family.OWN}:
            note = f"{families[family]} in {size // 1024:,} KB"
            report.add(
                f"findings on source code, {family}", families[family] / size * 1024, "/KB", note
            )


def measure_streams(report: Report, *, quick: bool) -> None:
    """Let texts pass in small pieces: how long each takes, what is held, and what leaks."""
    for what, found in detect_stream.run(quick=quick).items():
        held = found["held_mean_characters"]
        report.add(
            f"stream of {what}, a piece",
            found["chunk_p99_ms"],
            "ms",
            f"p99; p50 {found['chunk_p50_ms']:.3g} ms, {held:.1f} characters held on average,"
            f" {found['leaked_characters']:.0f} leaked",
        )


def measure_others(report: Report, amounts: Amounts) -> None:
    """Time others on the same text in the same run."""
    text = (FULL * 4)[:1024]
    shapes = [
        re.compile(each.regex, re.ASCII | (re.IGNORECASE if each.ignore_case else 0))
        for each in catalogue.patterns()
    ]
    times = [
        timed(lambda: [list(shape.finditer(text)) for shape in shapes])
        for _ in range(max(3, amounts.repeats // 20))
    ]
    report.add(RE, quantile(times, 0.5) * 1e6, "µs", f"{len(shapes)} shapes")
    analyse = _presidio()
    if analyse is not None:
        analyse(text)
        times = [timed(lambda: analyse(text)) for _ in range(max(3, amounts.repeats // 10))]
        report.add(PRESIDIO, quantile(times, 0.5) * 1e6, "µs")
    report.compare(OURS, RE)
    report.compare(OURS, PRESIDIO)


def measure_start(report: Report) -> None:
    """Time a new process from the import to the first finding, with compiled patterns kept."""
    for what, layers in (("from import to first scan", "'patterns'"), (START, "None")):
        code = (
            "import time; start = time.perf_counter();"
            "from muniment.detect import Scanner;"
            f"Scanner(layers={layers}).scan('Maria Lopez is at a@example.com');"
            "print(time.perf_counter() - start)"
        )
        times = []
        for _ in range(5):
            done = subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, check=True
            )
            times.append(float(done.stdout))
        report.add(what, min(times) * 1e3, "ms", "best of five processes")


def _presidio() -> Callable[[str], Any] | None:
    """Give Presidio's recognisers by pattern alone, if they are installed."""
    try:
        from presidio_analyzer import (  # type: ignore[import-not-found]  # noqa: PLC0415
            PatternRecognizer,
            RecognizerRegistry,
        )
    except ImportError:
        return None
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers()
    ours = [each for each in registry.recognizers if isinstance(each, PatternRecognizer)]
    return lambda text: [each.analyze(text, each.supported_entities, None) for each in ours]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
