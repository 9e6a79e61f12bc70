"""Counts names in source code: those on lines that say they name an author, and all others.

Authors and those who hold the copyright are true names, and code is full of them; what is false is
among the others. So the others are held against the goal, and the authors are printed beside them.
"""

from __future__ import annotations

import re
import sysconfig
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.report import Report
from muniment.detect.detectors.names import Names
from muniment.detect.models import Finding

_DEEDS: Final = (
    r"(?:re)?written|contributed|implemented|ported|adapted|created|developed|maintained|designed"
    r"|modified|reported|suggested|submitted|invented|discovered|converted|translated|extended"
)
_CUE: Final = re.compile(
    rf"\b(?:{_DEEDS}|patch|patches|fix|code|original|port|module|version)"
    r"(?: [12]\d{3}(?:-[12]\d{3})?,?)? by:? "
    r"|(?:^|[\s#@*;/_])(?:author|maintainer|contributor|copyright)(?:s|\(s\))?"
    r"(?:__ {1,2}= [\"']|[:=,]?[ \t])"
    r"|\bcopyright ?\(c\),? |\bcopyright holders?:? |SPDX-FileCopyrightText: "
    r"|\N{COPYRIGHT SIGN} |(?:^|\W)\(c\)[ ,]{1,2}(?=[12]\d{3})"
    r"|\bsigned-off-by: |\b(?:thanks|credits?|kudos) (?:go )?(?:to|for) ",
    re.IGNORECASE,
)
"""What says that the names behind it are of those who made something."""

_BETWEEN: Final = re.compile(
    r"(?:\(c\)|[\s\d,&+:<>()/\"'-]|\N{COPYRIGHT SIGN}|\b(?:and|by|the|of|from|present|later"
    r"|copyright|original|with|me|[A-Z][\w.'-]*+|[^\s@]++@\S++)(?![\w@]))*+\.?\s*"
)
"""What may stand between that and a name: years, and names of others."""

_MAIL_BEHIND: Final = re.compile(r"[\"']?,?[ \t]{0,20}[(<][^\s<>()@]+(?:@| at )[^\s<>()]+")
_MAIL_BEFORE: Final = re.compile(r"[^\s<>()@]+@[^\s<>()@]+>? ?\(\"?\Z")


def names_an_author(line: str, start: int, end: int) -> bool:
    """Tell whether a line says itself that what stands there is an author, or whose it is."""
    if _MAIL_BEHIND.match(line, end) or _MAIL_BEFORE.search(line[:start]):
        return True
    return any(_BETWEEN.fullmatch(line, cue.end(), start) for cue in _CUE.finditer(line, 0, start))


@dataclass(frozen=True, slots=True)
class Sources:
    """Files of one language, where a system keeps those of its own."""

    what: str
    folders: tuple[str, ...]
    ending: str


SOURCES: Final = (
    Sources("Python's library", (sysconfig.get_paths()["stdlib"],), ".py"),
    Sources("headers of C", ("/usr/include",), ".h"),
    Sources(
        "Go's library", ("/usr/local/go/src", "/usr/lib/go-*/src", "/usr/share/go-*/src"), ".go"
    ),
    Sources("npm", ("/usr/lib/node_modules", "/usr/local/lib/node_modules"), ".js"),
)


def authors(what: str) -> str:
    """Name the row of names that a line says to be of authors."""
    return f"names of authors in source code, {what}"


def others(what: str) -> str:
    """Name the row of all other names, which is held against the goal."""
    return f"other names in source code, {what}"


def files_of(sources: Sources, most: int) -> list[Path]:
    """Give so many files at most, spread over all of them; what links lead to counts once."""
    found: set[Path] = set()
    for pattern in sources.folders:
        for folder in Path("/").glob(pattern.lstrip("/")):
            found.update(each.resolve() for each in folder.rglob(f"*{sources.ending}"))
    ours = sorted(each for each in found if each.is_file() and "site-packages" not in each.parts)
    return ours[:: max(1, -(-len(ours) // most))] if most else []


def count(files: Iterable[Path], scan: Callable[[str], Sequence[Finding]]) -> tuple[int, int, int]:
    """Count names on lines that say they name an author, all other names, and characters.

    What two files have alike counts once.
    """
    named = other = size = 0
    texts = {path.read_text(encoding="utf-8", errors="surrogateescape"): None for path in files}
    for text in texts:
        size += len(text)
        for each in scan(text):
            first = text.rfind("\n", 0, each.start) + 1
            last = text.find("\n", each.end)
            line = text[first : last if last >= 0 else len(text)]
            if names_an_author(line, each.start - first, each.end - first):
                named += 1
            else:
                other += 1
    return named, other, size


def measure(report: Report, most: int) -> None:
    """Add both rows of each language that this system has files of."""
    for sources in SOURCES:
        named, other, size = count(files_of(sources, most), Names().scan)
        if size:
            of = f"in {size // 1024:,} KB"
            report.add(authors(sources.what), named / size * 1024, "/KB", f"{named} {of}")
            note = f"{other} {of}, true names among them"
            report.add(others(sources.what), other / size * 1024, "/KB", note)
