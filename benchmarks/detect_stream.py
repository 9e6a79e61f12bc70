"""How fast a text is protected while it arrives, how much is held back, and whether it leaks.

Use: python -m benchmarks.detect_stream [--quick]
Prints JSON. Times are of the thread's own work, so that a busy machine does not count; leaked
characters are counted against what a scan of the whole text finds.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator

from muniment import detect
from muniment.detect import STANDARD, Action, Scanner

PROSE = (
    "The committee met on Tuesday to hear from the harbour office, which said that the new quay "
    "would be ready before winter. Questions go to maria.lopez@example.com or to the desk. Several "
    "members asked about the noise at night, to which the answer was that the cranes had been "
    "moved. A letter was read aloud and put aside until the next meeting, and the card "
    "4111 1111 1111 1111 was charged for the room as before. "
)


def measure(scanner: Scanner, text: str, chunk_chars: int) -> dict[str, float]:
    """Let a text pass in chunks, and compare it with the whole."""
    whole = scanner.protect(text, STANDARD)
    stream = scanner.stream(STANDARD)
    took, held, out = [], [], []
    for chunk in _chunks(text, chunk_chars):
        begin = time.thread_time()
        out.append(stream.feed(chunk))
        took.append(time.thread_time() - begin)
        held.append(stream.held)
    out.append(stream.finish())
    took.sort()
    return {
        "characters": len(text),
        "chunk_characters": chunk_chars,
        "equals_whole": float("".join(out) == whole.text),
        "leaked_characters": leaked(scanner, text),
        "held_mean_characters": round(sum(held) / len(held), 2),
        "held_most_characters": max(held),
        "chunk_p50_ms": round(took[len(took) // 2] * 1_000, 4),
        "chunk_p99_ms": round(took[int(len(took) * 0.99)] * 1_000, 4),
    }


def leaked(scanner: Scanner, text: str) -> int:
    """Count characters that should be hidden by a scan of the whole text and that pass."""
    changed: set[int] = set()
    for change in scanner.protect(text, STANDARD).changes:
        changed.update(range(change.finding.start, change.finding.end))
    found: set[int] = set()
    for finding in scanner.scan(text):
        if STANDARD.rule_for(finding).action in {Action.ALLOW, Action.TAG}:
            continue  # it passes anyway, and is noted
        found.update(range(finding.start, finding.end))
    return len(found - changed)


def sheets_text() -> str:
    """Put every example of every data sheet into a sentence."""
    return "".join(
        f"the value is {example} as was said before, and it goes on from there.\n"
        for sheet in detect.sheets()
        for example in sheet.examples
    )


def run(*, quick: bool = False) -> dict[str, dict[str, float]]:
    """Measure ordinary text and text full of values."""
    scanner = Scanner()
    scanner.scan(PROSE)
    times = 2 if quick else 60
    sizes = (4,) if quick else (4, 40)
    found = {f"prose, {size} at once": measure(scanner, PROSE * times, size) for size in sizes}
    if not quick:
        found |= {"every type": measure(scanner, sheets_text(), 4)}
    return found


def _chunks(text: str, size: int) -> Iterator[str]:
    for at in range(0, len(text), size):
        yield text[at : at + size]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only look whether it runs")
    print(json.dumps(run(quick=parser.parse_args().quick), indent=2))


if __name__ == "__main__":
    main()
