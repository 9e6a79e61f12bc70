"""The files that a version names: are they kept, safe to load, and signed?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from muniment import registry
from muniment.db import Work
from muniment.registry import Kept, PartVersion
from muniment.web.cells import Cell, tag_cell, time_cell
from muniment.web.lists import Empty
from muniment.web.parts import Column
from muniment.web.registry.cells import SYSTEMS, VERDICTS, short
from muniment.web.shows import Section


def file_sections(work: Work, version: PartVersion) -> tuple[Section, ...]:
    """Show the files of a version, if it names any, and everything that scans of them found."""
    files = registry.artefacts_in(work, version)
    if not files:
        return ()
    return (_files(version, files), found_section(files))


def files_of(work: Work, system_id: str, here: str) -> tuple[Section, ...]:
    """List the files that are kept for a system, if there are any."""
    files = registry.artefacts_of(work, system_id)
    return (_listed("Files of its models", files, here),) if files else ()


def _files(version: PartVersion, files: Sequence[Kept]) -> Section:
    return _listed(f"Files of version {version.number}", files, f"{SYSTEMS}/{version.system_id}")


def _listed(title: str, files: Sequence[Kept], here: str) -> Section:
    rows = tuple(
        (
            Cell(each.name, _href(each, here), note=_size(each)),
            Cell(short(each.digest), kind="code"),
            answer_cell(each.scan_answer),
            answer_cell(each.signed),
            time_cell(each.scan.at if each.scan is not None else None, "not scanned"),
        )
        for each in files
    )
    return Section(
        title,
        (
            Column("File"),
            Column("Digest", hide_narrow=True),
            Column("Safe to load"),
            Column("Signed"),
            Column("Scanned", hide_narrow=True),
        ),
        rows,
        Empty("No files", ""),
        note="looked through without loading them",
        width="c12",
    )


def found_section(files: Sequence[Kept]) -> Section:
    """List everything that the newest scans of files found, and what they could not read."""
    rows = []
    for kept in files:
        if kept.scan is None:
            continue
        rows += [
            (
                Cell(each.severity.value),
                Cell(each.rule, kind="code"),
                Cell(each.file, note=each.place),
                Cell(each.why),
            )
            for each in kept.scan.scanned.dangers
        ]
        rows += [
            (Cell("could not tell"), Cell("unread", kind="code"), Cell(each.file), Cell(each.why))
            for each in kept.scan.scanned.unread
        ]
    return Section(
        "What the scans found",
        (Column("How bad"), Column("Rule"), Column("Where"), Column("Why")),
        tuple(rows),
        Empty("Nothing", "Scans that were made found nothing unsafe."),
        width="c12",
    )


def answer_cell(answer: tuple[str, str]) -> Cell:
    """Write one of three answers, and why."""
    return replace(tag_cell(answer[0], VERDICTS), note=answer[1])


def _href(kept: Kept, here: str) -> str:
    return f"{here}/files/{kept.digest}" if kept.artefact is not None else ""


def _size(kept: Kept) -> str:
    if kept.artefact is None:
        return "not kept here"
    return f"{kept.artefact.size:,} bytes, {kept.scan.scanned.format if kept.scan else 'unknown'}"
