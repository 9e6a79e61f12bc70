"""`muniment detect scan`: files, trees and standard input, for people, programs and CI.

Exit codes: 0 all inspected and nothing found; 1 something found; 3 nothing found, but something
could not be inspected; 2 and above 3 as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)

from muniment import __version__, detect
from muniment.cli.detect.asking import (
    STDIN,
    DetectorOption,
    LayersOption,
    policy_in,
    read_text,
    scanner_from,
)
from muniment.cli.detect.protecting import write_safe
from muniment.cli.state import leave, print_json, print_table
from muniment.core.errors import InvalidError
from muniment.detect import FileScan, Scanner


class Format(StrEnum):
    """In which form findings are printed."""

    TABLE = "table"
    JSON = "json"
    SARIF = "sarif"


def scan(  # noqa: PLR0913 each option is its own
    files: Annotated[list[str], typer.Argument(metavar="FILES|-", help="Files, folders, or -.")],
    form: Annotated[Format, typer.Option("--format", help="Form of the output.")] = Format.TABLE,
    layers: LayersOption = "",
    detector: DetectorOption = None,
    field: Annotated[
        list[str] | None, typer.Option(help="Only this field of JSON, or column of a table.")
    ] = None,
    sample: Annotated[int, typer.Option(min=0, help="Rows of each table at most; 0: all.")] = 0,
    policy: Annotated[Path | None, typer.Option(help="Policy for --protect, TOML or JSON.")] = None,
    hash_key: Annotated[
        Path | None, typer.Option(help="File with the secret key of a policy that hashes.")
    ] = None,
    *,
    protect: Annotated[
        bool, typer.Option("--protect", help="Print the one given text made safe.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say why, for each finding.")] = False,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Exit 0 also if something was not inspected.")
    ] = False,
) -> None:
    """Look for sensitive data in files, folders or standard input."""
    scanner = scanner_from(layers, detector)
    if protect:
        if len(files) != 1:
            raise InvalidError(
                "one text at a time is made safe", field="files", remedy="Give one file, or -."
            )
        write_safe(scanner, files[0], policy_in(policy), hash_key)
        return
    asked = detect.Asked(fields=tuple(field or ()), sample=sample)
    scans = list(_shown(_scans(scanner, files, asked), files))
    code = detect.exit_code(scans, lenient=lenient)
    try:
        _tell(scans, form, explain=explain)
    except BrokenPipeError:
        leave(code)  # who reads the first lines only is told the same as who reads all
    raise typer.Exit(code)


def _tell(scans: Sequence[FileScan], form: Format, *, explain: bool) -> None:
    if form is Format.JSON:
        print_json(detect.as_json(scans, explain=explain))
    elif form is Format.SARIF:
        print_json(detect.as_sarif(scans, detect.sheets(), __version__))
    else:
        _print(scans, explain=explain)


def _scans(scanner: Scanner, files: Sequence[str], asked: detect.Asked) -> Iterator[FileScan]:
    for name in files:
        if name == STDIN:
            yield detect.scan_text(scanner, "<stdin>", read_text(STDIN))
        else:
            yield from detect.scan_files(scanner, [Path(name)], asked)


def _shown(
    scans: Iterator[FileScan], files: Sequence[str], console: Console | None = None
) -> Iterator[FileScan]:
    """Draw a bar of how far it is on standard error, if somebody looks there."""
    console = console or Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(
        *columns, TimeElapsedColumn(), console=console, transient=True,
        disable=not console.is_terminal,
    ) as bar:  # fmt: skip
        total = sum(map(_count, files)) if console.is_terminal else None
        task = bar.add_task("files", total=total)
        found = 0
        for each in scans:
            found += len(each.places)
            bar.update(task, advance=1, description=f"files, {found:,} found: {each.path[-60:]}")
            yield each


def _count(name: str) -> int:
    return 1 if name == STDIN else sum(1 for _ in detect.files_under(Path(name)))


def _print(scans: Sequence[FileScan], *, explain: bool) -> None:
    rows = [
        (
            f"{scan.path}:{place.line}:{place.column}",
            place.where,
            place.finding.type,
            f"{place.finding.score:.2f}",
            *((str(place.finding.why),) if explain else ()),
        )
        for scan in scans
        for place in scan.places
    ]
    if rows:
        columns = ("place", "where", "type", "score", *(("why",) if explain else ()))
        print_table("Found", columns, rows)
    gaps = [(scan.path, gap.where, gap.reason) for scan in scans for gap in scan.gaps]
    if gaps:
        print_table("Not inspected", ("file", "where", "reason"), gaps)
    typer.echo(_sentence(scans, len(rows), len(gaps)))


def _sentence(scans: Sequence[FileScan], found: int, gaps: int) -> str:
    characters = sum(each.characters for each in scans)
    read = f"{characters:,} characters in {len(scans):,} files"
    said = f"{found:,} found" if found else "nothing found"
    return f"{read}: {said}" + (f", {gaps:,} not inspected." if gaps else ", all inspected.")
