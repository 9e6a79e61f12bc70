"""Policies and their tests as files in a folder: `*.cedar`, and beside them `*.yaml` with cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from muniment.core.errors import InvalidError, NotFoundError
from muniment.policy.models import CaseFile, Source

_MOST_FILES: Final = 1_000
_MOST_BYTES: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Folder:
    """What lies in a folder of policies."""

    sources: tuple[Source, ...]
    cases: tuple[CaseFile, ...]


def read_folder(folder: Path) -> Folder:
    """Read the policies of a folder, and the cases beside them; a single file is a folder too."""
    if not folder.exists():
        raise NotFoundError(
            f"there is no {folder}", subject=str(folder), remedy="Name a folder of .cedar files."
        )
    sources, cases = [], []
    for name, path in _files(folder):
        text = _text(path)
        if path.suffix == ".cedar":
            sources.append(Source(name, text))
        elif text.lstrip().startswith("cases:") or "\ncases:" in text:
            cases.append(CaseFile(name, text))
    if not sources:
        raise NotFoundError(
            f"there are no policies in {folder}",
            subject=str(folder),
            remedy="Policies stand in files called something.cedar.",
        )
    return Folder(tuple(sources), tuple(cases))


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    if folder.is_file():
        yield folder.name, folder
        return
    found = sorted(
        path for pattern in ("*.cedar", "*.yaml", "*.yml") for path in folder.rglob(pattern)
    )
    if len(found) > _MOST_FILES:
        raise InvalidError(
            f"{folder} holds {len(found):,} files",
            field="folder",
            remedy=f"Name a folder with {_MOST_FILES:,} at most.",
        )
    for path in found:
        yield path.relative_to(folder).as_posix(), path


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InvalidError(
                f"{path} is larger than {_MOST_BYTES:,} bytes", field="folder", remedy="Split it."
            )
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidError(
            f"{path} cannot be read: {error}", field="folder", remedy="Save it as UTF-8."
        ) from error
