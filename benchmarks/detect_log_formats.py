"""Counts names in many formats of logs, each line once, where the true ones are marked.

The formats are in `log_formats.txt`: some to learn from, others held out, and some that were
written when the rules had been made. People, places, organisations and addresses are counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.report import Report
from muniment.detect.detectors.names import Names

PARTS: Final = (
    *("to learn from", "held out", "written after the rules", "written to tempt", "written blind"),
)
ALL_LATER: Final = "held out, written later and blind, together"
_LATER: Final = frozenset({"held out", "written after the rules", "written blind"})
_LINES: Final = Path(__file__).with_name("log_formats.txt")
_KINDS: Final = frozenset(("PERSON", "LOCATION", "ORGANIZATION", "STREET_ADDRESS"))
_MARKED: Final = re.compile(r"⟦([^⟧]*)⟧|⟨([^⟩]*)⟩")


class Marked(NamedTuple):
    """A text, where persons stand that are to be found, and where other true names stand."""

    text: str
    persons: tuple[tuple[int, int], ...]
    others: tuple[tuple[int, int], ...]


def falsely(part: str) -> str:
    """Name the row of what is falsely found in a part."""
    return f"names in logs, formats {part}"


def persons(part: str) -> str:
    """Name the row of the people that are found in a part."""
    return f"people found in logs, formats {part}"


def measure(report: Report) -> None:
    """Count what is found where no name is, and the people that are found, in each part."""
    names = Names()
    unseen, unseen_size = 0, 0.0
    for part, formats in parts().items():
        counts, size = Counter[str](), 0.0
        for text in formats.values():
            counts += _counted(names, text)
            size += len(text.text) / 1_024
        false, wanted = counts["false"], counts["wanted"]
        note = f"{false} in {size:.0f} KB of {len(formats)} formats, each line once"
        report.add(falsely(part), false / size, "/KB", note)
        note = f"{counts['found']} of {wanted} with both ends right"
        report.add(persons(part), counts["found"] / wanted, "", note)
        if part in _LATER:
            unseen, unseen_size = unseen + counts["false"], unseen_size + size
    note = f"{unseen} in {unseen_size:.0f} KB of all these parts but what tempts"
    report.add(falsely(ALL_LATER), unseen / unseen_size, "/KB", note)


def parts() -> Mapping[str, Mapping[str, Marked]]:
    """Read the formats of each part by their names."""
    told: dict[str, dict[str, list[str]]] = {}
    lines: list[str] = []
    part = ""
    for line in _LINES.read_text(encoding="utf-8").splitlines():
        if line.startswith("=== "):
            part = line[4:]
            told[part] = {}
        elif line.startswith("== ") and not line.endswith("=="):
            lines = told[part].setdefault(line[3:], [])
        elif line and part:
            lines.append(line)
    return {
        part: {name: _marked("\n".join(each)) for name, each in formats.items()}
        for part, formats in told.items()
    }


def _marked(text: str) -> Marked:
    """Take the marks out of a text and say what they were around."""
    plain, behind = "", 0
    found: tuple[list[tuple[int, int]], list[tuple[int, int]]] = [], []
    for mark in _MARKED.finditer(text):
        plain += text[behind : mark.start()]
        behind, start = mark.end(), len(plain)
        plain += mark[1] or mark[2]
        found[mark[1] is None].append((start, len(plain)))
    return Marked(plain + text[behind:], tuple(found[0]), tuple(found[1]))


def _counted(names: Names, marked: Marked) -> Counter[str]:
    scanned = names.scan(marked.text)
    found = [(each.start, each.end, each.type) for each in scanned if each.type in _KINDS]
    true = (*marked.persons, *marked.others)
    return Counter(
        wanted=len(marked.persons),
        found=sum((*place, "PERSON") in found for place in marked.persons),
        false=sum(
            not any(start < last and first < end for first, last in true) for start, end, _ in found
        ),
    )
