"""Scans many texts and whole files: text, JSON, JSON lines, tables, documents, trees of sources.

What cannot be read becomes a gap with its reason; a file with a gap is never clean. Files are read
in parts, so that memory stays bounded.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from muniment.core.errors import InvalidError
from muniment.detect.models import FileScan, Finding, Gap, Piece, Place, Scan
from muniment.detect.service.readers import Asked, pieces_of

_SKIPPED_FOLDERS: Final = frozenset(
    {".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".tox", ".mypy_cache"}
)


class Inspector(Protocol):
    """What finds: the scanner, or anything that scans as it does."""

    def inspect(self, text: str, *, context: Sequence[str] = ()) -> Scan:
        """Scan a text."""
        ...


def scan_many(scanner: Inspector, texts: Iterable[str]) -> Iterator[Scan]:
    """Scan texts one after another, as they come."""
    for text in texts:
        yield scanner.inspect(text)


def scan_file(scanner: Inspector, path: Path, asked: Asked | None = None) -> FileScan:
    """Scan one file by its kind."""
    told = _Telling(scanner)
    for piece in pieces_of(path, asked or Asked()):
        told.take(piece)
    return told.told(str(path))


def scan_files(
    scanner: Inspector, paths: Iterable[Path], asked: Asked | None = None
) -> Iterator[FileScan]:
    """Scan files and trees of files, each as its turn comes."""
    for path in paths:
        for file in files_under(path):
            yield scan_file(scanner, file, asked)


def scan_text(scanner: Inspector, name: str, text: str) -> FileScan:
    """Scan a text that came without a file, such as from standard input."""
    told = _Telling(scanner)
    told.take(Piece(text))
    return told.told(name)


def files_under(path: Path) -> Iterator[Path]:
    """List the files of a tree in order; links are not followed, tools' own folders left out."""
    if not path.is_dir():
        if not path.exists():
            raise InvalidError(f"there is no {path}", field="files", remedy="Check the path.")
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(each for each in folders if each not in _SKIPPED_FOLDERS)
        for name in sorted(names):
            file = Path(folder) / name
            if file.is_file() and not file.is_symlink():
                yield file


@dataclass(slots=True)
class _Telling:
    """What was found in the pieces of one file so far."""

    scanner: Inspector
    places: list[Place] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    characters: int = 0
    build: str = ""

    def take(self, piece: Piece | Gap) -> None:
        """Scan a piece, or note a gap."""
        if isinstance(piece, Gap):
            self.gaps.append(piece)
            return
        scan = self.scanner.inspect(piece.text, context=piece.context)
        self.build = scan.build
        self.characters += len(piece.text)
        self.gaps += [Gap(each, piece.where) for each in scan.coverage.gaps]
        if not scan.coverage.whole and not scan.coverage.gaps:
            self.gaps.append(Gap("not all of it was inspected", piece.where))
        self.places += _places(piece, scan.findings)

    def told(self, path: str) -> FileScan:
        """Tell what was found."""
        return FileScan(path, tuple(self.places), tuple(self.gaps), self.characters, self.build)


def _places(piece: Piece, findings: Sequence[Finding]) -> Iterator[Place]:
    """Count lines and columns once, going through the text with the findings in order."""
    at, line, begin = 0, piece.line, 0
    for finding in sorted(findings, key=lambda each: each.start):
        line += piece.text.count("\n", at, finding.start)
        begin = piece.text.rfind("\n", 0, finding.start) + 1
        at = finding.start
        inside = piece.text.count("\n", finding.start, finding.end)
        end_begin = piece.text.rfind("\n", 0, finding.end) + 1
        yield Place(
            finding,
            piece.where,
            line,
            finding.start - begin + 1,
            line + inside,
            finding.end - end_begin + 1,
        )
