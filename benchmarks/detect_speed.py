"""How fast texts are scanned and protected, and that time grows as the text does.

Ordinary text has few values in it; text full of values shows what each of them costs. The sizes
and the texts that are hard on purpose show that nothing grows faster than the text. Pages are those
of the documentation: each is another text, as prompts are, with words that were not met before.
Texts that are protected are new each time, for one that comes again is not read again. Times are of
the thread's own work, but for the start and for two threads at once.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.report import Report, quantile
from muniment.detect import STANDARD, Scanner

ORDINARY: Final = (
    "The committee met in the old mill on the river and said that nothing more would be needed"
    " before winter. A letter from the harbour office was read aloud and put aside until the next"
    " meeting; several members asked about the noise at night and were told that the cranes had"
    " been moved. The treasurer thanked everybody for their patience and explained why the boats"
    " could not be painted in the rain. The garden behind the house is open again, and whoever"
    " wants to help is welcome to bring gloves. "
)
FULL: Final = (
    "Dear Ms Ruiz, thank you for your call on Monday. The flat in the old mill is still free and"
    " the landlord would like to meet you. Please bring the papers we spoke about, and write to"
    " office@heron-lab.eu or call +49 30 901820 if the time does not suit you. The rent is 1,240"
    " euros with heating, payable by the third; the deposit may be paid in two parts. "
)
HARD: Final = ("a@", "api_key=", "-----BEGIN PRIVATE KEY-----", "1 ", " ", "user@example.com\n")
_KB: Final = 1024
_DOCS: Final = Path(__file__).parents[1] / "docs"


def measure_speed(report: Report, sizes: tuple[int, ...], repeats: int) -> None:
    """Time every size of both kinds of text, by patterns alone and by all layers."""
    for layers, scanner in (
        ("patterns only", Scanner(layers="patterns")),
        ("all layers", Scanner()),
    ):
        for kind, unit in (("ordinary text", ORDINARY), ("text full of values", FULL)):
            for size in sizes:
                _time_scan(report, f"{layers}, {kind}", scanner, _of(unit, size), repeats)
            what = f"{layers}, protecting {kind}"
            for size in sizes[:-1]:
                _time_protect(report, what, scanner, (unit, size), repeats)
        _time_pages(report, f"{layers}, pages", scanner, repeats)


def measure_hard(report: Report, sizes: tuple[int, ...]) -> None:
    """Time texts that are hard on purpose; each next one is ten times as long."""
    scanner = Scanner(layers="patterns")
    for unit in HARD:
        for size in sizes:
            text = _of(unit, size)
            scanned = timed(lambda text=text: scanner.scan(text))  # type: ignore[misc]
            protected = timed(lambda text=text: scanner.protect(text, STANDARD))  # type: ignore[misc]
            report.add(
                f"hard: {unit.strip()!r} again and again, {size:,} KB",
                scanned * 1e6 / size,
                "µs/KB",
                f"protecting it {protected * 1e6 / size:,.0f} µs/KB",
            )


def timed(call: Callable[[], object]) -> float:
    """Give the seconds of work that something took; a busy machine does not count."""
    start = time.thread_time()
    call()
    return time.thread_time() - start


def waited(call: Callable[[], object]) -> float:
    """Give the seconds until something was done, by however many threads."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _time_scan(report: Report, what: str, scanner: Scanner, text: str, repeats: int) -> None:
    size = len(text) // _KB
    times = [timed(lambda: scanner.scan(text)) for _ in range(max(3, repeats // size))]
    found = len(scanner.scan(text)) / size
    report.add(
        f"{what}, {size:,} KB",
        quantile(times, 0.5) * 1e6,
        "µs",
        f"{quantile(times, 0.5) * 1e6 / size:.1f} µs for each KB, p99"
        f" {quantile(times, 0.99) * 1e6:,.0f} µs, {found:.1f} values in each KB",
    )
    if size == 1:
        _add_slowest(report, what, times)


def _add_slowest(report: Report, what: str, times: Sequence[float]) -> None:
    """Note how long 99 of 100 texts of a kilobyte take at most, by all layers."""
    if what.startswith("all layers"):
        report.add(f"{what}, 1 KB, p99", quantile(times, 0.99) * 1e6, "µs")


def _time_protect(
    report: Report, what: str, scanner: Scanner, of: tuple[str, int], repeats: int
) -> None:
    unit, size = of
    text, times = _of(unit, size), []
    words = sorted(word for word in set(ORDINARY.split()) if word.isalpha() and word.islower())
    scanner.protect(f"{text}first.", STANDARD)
    for number in range(max(3, repeats // size)):
        some, other = words[number % len(words)], words[number // len(words)]
        fresh = f"{text} and {some} or {other} it is."
        times.append(timed(partial(scanner.protect, fresh, STANDARD)))
    again = timed(lambda: scanner.protect(fresh, STANDARD)) * 1e6 / size
    each = quantile(times, 0.5) * 1e6
    note = f"{each / size:,.0f} µs for each KB, {again:,.0f} when it comes again"
    report.add(f"{what}, {size:,} KB", each, "µs", note)


def _time_pages(report: Report, what: str, scanner: Scanner, repeats: int) -> None:
    """Scan pages of the documentation, 1 KB of them at a time, and once more; and protect them."""
    texts = pages(repeats)
    found = sum(len(scanner.scan(text)) for text in texts[: len(texts) // 2]) / (len(texts) // 2)
    fresh = [timed(partial(scanner.scan, text)) for text in texts[len(texts) // 2 :]]
    again = [timed(partial(scanner.scan, text)) for text in texts]
    safe = [timed(partial(scanner.protect, text, STANDARD)) for text in texts]
    note = (
        f"p99 {quantile(again, 0.99) * 1e6:,.0f} µs, {found:.1f} values in each;"
        f" read for the first time {quantile(fresh, 0.5) * 1e6:,.0f} µs,"
        f" protecting {quantile(safe, 0.5) * 1e6:,.0f} µs"
    )
    report.add(f"{what}, 1 KB", quantile(again, 0.5) * 1e6, "µs", note)
    _add_slowest(report, what, again)


def pages(count: int) -> Sequence[str]:
    """Give so many pieces of the documentation, 1 KB each, in an order of their own."""
    files = [path for path in sorted(_DOCS.glob("*.md")) if path.name != "benchmarks.md"]
    whole = [path.read_text(encoding="utf-8") for path in files]
    pieces = [text[at : at + _KB] for text in whole for at in range(0, len(text) - _KB, _KB)]
    random.Random(_KB).shuffle(pieces)
    return pieces[:count]


def measure_threads(report: Report, size: int) -> None:
    """Scan by one thread and by two: the engine lets go of the interpreter while it reads."""
    scanner = Scanner(layers="patterns")
    text = _of(ORDINARY, size)
    alone = min(waited(lambda: scanner.scan(text)) for _ in range(3))
    with ThreadPoolExecutor(2) as pool:
        both = min(waited(lambda: list(pool.map(scanner.scan, (text, text)))) for _ in range(3))
    report.add(
        f"patterns only, ordinary text, {size:,} KB by each of two threads at once",
        both * 1e6,
        "µs",
        f"{2 * alone / both:.2f} times what one thread does in that time",
    )


def _of(unit: str, size: int) -> str:
    return (unit * (size * _KB // len(unit) + 1))[: size * _KB]
