"""What the commands of detection share: the scanner that options describe, a text, a file."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from muniment import detect
from muniment.core.errors import InvalidError
from muniment.detect import Configuration, Policy, Scanner

STDIN: Final = "-"
_MOST_BYTES: Final = 64 * 1024 * 1024

LayersOption = Annotated[
    str, typer.Option("--layers", help="patterns, or patterns,names; default: as configured.")
]
DetectorOption = Annotated[
    Path | None, typer.Option("--detector", help="Configuration of the detector, TOML or JSON.")
]


def scanner_from(layers: str, detector: Path | None) -> Scanner:
    """Make the scanner that the options describe."""
    configuration = configuration_in(detector) if detector else Configuration()
    if layers:
        wanted = tuple(part.strip() for part in layers.split(",") if part.strip())
        configuration = replace(configuration, layers=wanted)
    return Scanner(configuration)


def configuration_in(path: Path) -> Configuration:
    """Read a configuration of the detector from a file."""
    return detect.read_configuration(read_text(str(path)))


def policy_in(path: Path | None) -> Policy:
    """Read a policy from a file; without one the standard policy holds."""
    if path is None:
        return detect.STANDARD
    known = {sheet.type for sheet in detect.sheets()}
    policy = detect.read_policy(read_text(str(path)))
    for at, rule in enumerate(policy.rules):
        for unknown in sorted(set(rule.types) - known):
            typer.echo(f"rules[{at}]: nothing built in finds {unknown}.", err=True)
    return policy


def read_text(source: str) -> str:
    """Read a text from a file, or from standard input."""
    try:
        if source == STDIN:
            data = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise InvalidError(
            f"{source} cannot be read: {error.strerror}", field="file", remedy="Check the path."
        ) from error
    if len(data) > _MOST_BYTES:
        raise InvalidError(
            f"{source} is larger than {_MOST_BYTES // 1024 // 1024} MB",
            field="file",
            remedy="Give it in parts.",
        )
    return data.decode("utf-8", errors="replace")
