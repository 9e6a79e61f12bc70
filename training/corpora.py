"""Reads corpora with name labels, and says for each word which answers count as right.

A corpus does not know all our types. Where it says "no name", the types it never labels count as
right too, so that its silence teaches nothing about them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KINDS = {
    "person": "PERSON", "per": "PERSON", "location": "LOCATION", "loc": "LOCATION",
    "corporation": "ORGANIZATION", "group": "ORGANIZATION", "org": "ORGANIZATION",
}  # fmt: skip
UNSURE = "?"
"""The kind of a span that teaches nothing: products, works, handles, and odd labels."""

_CLOSING = set(".,;:!?)]}%'\u2019\"")
_OPENING = set("([{$#@\"'")
_STREET = re.compile(
    r"\b(street|st|avenue|ave|road|rd|drive|blvd|boulevard|suite|floor|lane|way)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with its spans; `silent` are the types that its source never labels."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    silent: tuple[str, ...] = ()


SILENT = ("STREET_ADDRESS", "JOB_TITLE", "NRP")


def read(path: Path) -> Iterator[Labelled]:
    """Read one file, sentence by sentence."""
    words: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        parts = line.replace("\t", " ").split(" ")
        if not line.strip() or line.startswith("-DOCSTART-"):
            if words:
                yield _sentence(words)
            words = []
        elif len(parts) >= 2:
            words.append((parts[0], parts[-1]))
    if words:
        yield _sentence(words)


def _sentence(words: list[tuple[str, str]]) -> Labelled:
    text, last = "", "O"
    spans: list[tuple[int, int, str]] = []
    glue = True
    for word, label in words:
        if text and not glue and word[0] not in _CLOSING:
            text += " "
        start = len(text)
        text += word
        glue = word in _OPENING
        kind = label[2:].lower()
        if label == "O":
            last = "O"
            continue
        if spans and label.startswith("I-") and last == kind:
            spans[-1] = (spans[-1][0], len(text), spans[-1][2])
        else:
            spans.append((start, len(text), KINDS.get(kind, UNSURE)))
        last = kind
    return Labelled(text, tuple(_judged(text, span) for span in spans), SILENT)


def _judged(text: str, span: tuple[int, int, str]) -> tuple[int, int, str]:
    start, end, kind = span
    words = text[start:end]
    while start < end and text[end - 1] in ".,;:!?\"')(":
        end -= 1
    if (start and text[start - 1] in "@#") or words[:1] in "@#" or not re.search(r"\w", words):
        return start, max(end, start + 1), UNSURE
    if kind == "LOCATION" and (re.search(r"\d", words) or _STREET.search(words)):
        return start, end, UNSURE
    if words.islower() and kind == "ORGANIZATION":
        return start, end, UNSURE
    return start, end, kind
