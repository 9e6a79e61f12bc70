"""Reads the word lists: names, places, organisations, titles and ordinary words, by language."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

LISTS = Path(__file__).parent / "lists"
TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")
_HELD_OUT = 8
"""One of so many entries and templates is kept out of a training that measures itself."""


def sections(name: str) -> dict[str, list[str]]:
    """Read a list file: `[section]` lines, and below each its entries."""
    text = (LISTS / f"{name}.txt").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for part in re.split(r"(?m)^(?=\[)", text):
        if part:
            head, _, body = part.partition("\n")
            found[head.strip("[] ")] = _entries(name, body)
    return found


def _entries(name: str, body: str) -> list[str]:
    if name.startswith(("given", "family")):
        parts = [word.replace("_", " ") for word in body.split()]
    elif name == "words":
        parts = body.split()
    elif name == "countries":
        parts = body.split("\n")
    elif "|" in body:
        parts = body.replace("\n", "|").split("|")
    else:
        parts = body.replace("\n", ", ").split(", ")
    return list(dict.fromkeys(part.strip(" ,") for part in parts if part.strip(" ,")))


def templates(name: str) -> list[str]:
    """Read the templates of one file; `\\n` in a line is a line end, and `\\+` is nothing."""
    text = (TEMPLATES / f"{name}.txt").read_text(encoding="utf-8")
    return [
        line.replace("\\n", "\n").replace("\\+", "") for line in text.splitlines() if line.strip()
    ]


def is_held_out(entry: str) -> bool:
    """Tell, by its checksum, whether an entry is kept for measuring."""
    return zlib.crc32(entry.encode()) % _HELD_OUT == 0


def part(entries: Iterable[str], which: str) -> list[str]:
    """Take `all` entries, those for `learning`, or those kept for `measuring`."""
    chosen = list(entries)
    if which == "learning":
        return [entry for entry in chosen if not is_held_out(entry)]
    if which == "measuring":
        return [entry for entry in chosen if is_held_out(entry)] or chosen
    return chosen


def parts(lists: Mapping[str, Iterable[str]], which: str) -> dict[str, list[str]]:
    """Take the same part of every section."""
    return {name: part(entries, which) for name, entries in lists.items()}


def harmless(words: Iterable[str]) -> list[str]:
    """Take the ordinary words that are not also a name, a title or a group."""
    names: set[str] = set()
    for name in ("given", "family", "cities", "regions", "countries", "jobs", "nrp"):
        for entries in sections(name).values():
            names.update(
                part.lower() for entry in entries for part in re.findall(r"[^\W_]+", entry)
            )
    return [word for word in words if word not in names]
