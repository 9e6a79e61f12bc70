"""Plain text with a few marks, as people write policies: headings, paragraphs, lists, bold words.

It is read into values and drawn by a template, which escapes every word, so no text can become
anything but text. What is no mark stands as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

_HEADING: Final = re.compile(r"#{1,6}[ ]+(?P<text>.*\S)\s*\Z")
_NUMBERED: Final = re.compile(r"\d{1,4}[.)][ ]+(?P<text>.*)\Z")
_BULLET: Final = re.compile(r"[-*][ ]+(?P<text>.*)\Z")
_BOLD: Final = re.compile(r"\*\*([^*\n]+)\*\*")

BlockKind = Literal["heading", "paragraph", "numbered", "bullets"]


@dataclass(frozen=True, slots=True)
class Span:
    """Some words, and whether they are said with weight."""

    text: str
    strong: bool = False


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph of one line, or a list of several."""

    kind: BlockKind
    lines: tuple[Line, ...]


def read_prose(text: str) -> tuple[Block, ...]:
    """Read a text into its blocks."""
    return tuple(_blocks(text))


def _blocks(text: str) -> Iterator[Block]:
    kind: BlockKind = "paragraph"
    held: list[str] = []
    for line in [*text.splitlines(), ""]:
        found, words = _sort(line)
        if found == "paragraph" and words and held:  # a line below goes on with what stands above
            held[-1] = f"{held[-1]} {words}"
            continue
        if held and (found != kind or not words or kind == "paragraph"):
            yield _block(kind, held)
            held = []
        if found == "heading":
            yield _block(found, [words])
        elif words:
            kind = found
            held.append(words)


def _sort(line: str) -> tuple[BlockKind, str]:
    stripped = line.strip()
    if found := _HEADING.match(stripped):
        return "heading", found["text"]
    if found := _NUMBERED.match(stripped):
        return "numbered", found["text"]
    if found := _BULLET.match(stripped):
        return "bullets", found["text"]
    return "paragraph", stripped


def _block(kind: BlockKind, lines: list[str]) -> Block:
    return Block(kind, tuple(tuple(_spans(line)) for line in lines))


def _spans(line: str) -> Iterator[Span]:
    for place, words in enumerate(_BOLD.split(line)):
        if words:
            yield Span(words, strong=place % 2 == 1)
