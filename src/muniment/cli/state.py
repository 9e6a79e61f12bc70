"""What a command is given: how to open the house, and how to print."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from muniment.server.house import House

OpenHouse = Callable[..., House]

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Settings file; default ./muniment.toml.")
]
DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder (data.dir).")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@dataclass(frozen=True, slots=True)
class State:
    """How this process opens the house."""

    open_house: OpenHouse


@contextmanager
def house_of(
    context: typer.Context,
    config: Path | None,
    overrides: Mapping[str, object],
    *,
    role: str = "cli",
    create: bool = False,
) -> Iterator[House]:
    """Open the house for one command and close it after."""
    state: State = context.obj
    house = state.open_house(config, overrides, role=role, create=create)
    try:
        yield house
    finally:
        house.close()


def print_json(value: object) -> None:
    """Print for programs."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print for people; every cell is text, never markup."""
    from muniment.cli.drawing import draw  # noqa: PLC0415 what draws loads slowly, and few need it

    draw(title, columns, rows)


def leave(code: int) -> NoReturn:
    """End with this code where the reader of the output has left."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())  # or the interpreter complains while it ends
    raise typer.Exit(code) from None
