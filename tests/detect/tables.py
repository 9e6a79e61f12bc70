"""Walks the tables of examples: one file for each type, one example a line.

A line holds a text, the values that must be found in it as that type (none for a near miss), and
what it is. Who found a false alarm or a miss adds a line; nobody edits code for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

from muniment.detect import Configuration, Scanner

FOLDER = Path(__file__).resolve().parent.parent / "data" / "detectors"


@dataclass(frozen=True)
class Example:
    """One line of a table."""

    type: str
    text: str
    find: tuple[str, ...]


@cache
def scanner(engine: str = "") -> Scanner:
    """Make the scanner that all tables are walked with, once."""
    asked = Configuration(layers=("patterns",), also=("URL", "UUID"))
    return Scanner(asked, engine=engine)


def examples(kind: str) -> Iterator[Example]:
    """Read the table of a type."""
    path = FOLDER / f"{kind.lower()}.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Example(kind, row["text"], tuple(row["find"]))


def mistakes(kind: str, engine: str = "") -> list[str]:
    """Say which lines of a table are not as they should be."""
    found = []
    for each in examples(kind):
        findings = scanner(engine).scan(each.text)
        given = tuple(each.text[f.start : f.end] for f in findings if f.type == kind)
        if given != each.find:
            found.append(f"{each.text!r}: wanted {each.find}, found {given}")
    return found


def mistakes_of(detector: ModuleType) -> list[str]:
    """Say the same of every type that a detector finds."""
    types = sorted({pattern.type for pattern in detector.PATTERNS})
    assert types, "a detector finds something"
    return [told for kind in types for told in mistakes(kind)]
