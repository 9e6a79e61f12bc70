"""`muniment detect canary …`: make a text to plant, and look whether a planted one came out."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer

from muniment import detect
from muniment.cli.detect.asking import STDIN, read_text
from muniment.cli.state import JsonOption, print_json, print_table
from muniment.detect import Configuration, FileScan, Scanner

_TYPE = "CANARY"


def commands() -> typer.Typer:
    """Give the commands of canaries."""
    group = typer.Typer(help="Canaries: make one, look for planted ones.", no_args_is_help=True)
    group.command("new")(new)
    group.command("check")(check)
    return group


def new(
    count: Annotated[int, typer.Option(min=1, max=1_000, help="How many.")] = 1,
) -> None:
    """Make canaries to plant where nobody should read; note where each was planted."""
    for _ in range(count):
        typer.echo(detect.new_canary(secrets.token_bytes(16)))


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILES|-", help="Files, folders, or -.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Look for canaries: exit 0 if none came out, 1 if one did, 3 if not all could be read."""
    scanner = Scanner(Configuration(types=(_TYPE,)), layers="patterns")
    scans: list[FileScan] = []
    for name in files:
        if name == STDIN:
            scans.append(detect.scan_text(scanner, "<stdin>", read_text(STDIN)))
        else:
            scans.extend(detect.scan_files(scanner, [Path(name)]))
    if as_json:
        print_json(detect.as_json(scans))
    else:
        rows = [(scan.path, each.line, each.where) for scan in scans for each in scan.places]
        print_table("Canaries that came out", ("file", "line", "where"), rows)
        unread = sum(bool(scan.gaps) for scan in scans)
        typer.echo(f"{len(rows)} canaries in {len(scans)} files; {unread} files not read whole.")
    raise typer.Exit(detect.exit_code(scans))
