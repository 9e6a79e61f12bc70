"""The command line: `muniment <room> <verb>`, the same words as the API.

Each room has one file here. Errors are one line on standard error and an exit code from the table
below; nobody is shown a traceback. Floor: the door that may start the others.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from itertools import chain
from types import TracebackType
from typing import Any, Final, cast

import typer
from typer.core import TyperGroup

from muniment.cli.plainly import read_by_hand
from muniment.cli.state import OpenHouse, State, leave
from muniment.core.errors import (
    BlockedError,
    ConflictError,
    CorruptError,
    ForbiddenError,
    InvalidError,
    MunimentError,
    NotFoundError,
    UnauthenticatedError,
    UnavailableError,
)
from muniment.server.logs import trace_of

__all__ = ["EXIT_CODES", "make_cli", "run"]

EXIT_CODES: Final[Mapping[type[MunimentError], int]] = {
    InvalidError: 2,
    NotFoundError: 4,
    ForbiddenError: 5,
    ConflictError: 6,
    BlockedError: 7,
    UnavailableError: 8,
    CorruptError: 9,
    UnauthenticatedError: 10,
}
_UNFORESEEN: Final = 70
_ALONE: Final[Mapping[str, tuple[str, ...]]] = {
    "gate": ("gateway", "try"),
    "serve": ("up", "serve", "worker"),
    "demo": ("demo",),
    "migrate": ("migrate",),
    "settings": ("settings",),
    "version": ("version",),
    "doctor": ("doctor",),
    "evaluate": ("evaluate",),
    "exchanges": ("explain", "tail"),
    "ledger": ("verify",),
    "policy": ("check",),
}
"""The words that stand alone, by the file here that knows them."""

_ROOMS: Final[Mapping[str, str]] = {
    "access": "access",
    "approvals": "approvals",
    "detect": "detect",
    "exchange": "exchanges",
    "jobs": "jobs",
    "ledger": "ledger",
    "registry": "registry",
    "notices": "notices",
    "policy": "policy",
    "vault": "vault",
}
"""The rooms whose verbs stand behind their name, by the file here that knows them."""

_SETTINGS: Final[dict[str, Any]] = {"help_option_names": ["--help", "-h"]}
_WORDS: Final = frozenset(chain(_ROOMS, *_ALONE.values()))


def make_cli(only: str = "") -> typer.Typer:
    """Put the commands together, or what one word needs alone: a file is loaded when it is used."""
    app = typer.Typer(
        name="muniment",
        cls=_Group,
        help="Prove that your AI is under control.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings=_SETTINGS,
    )
    app.callback()(_stand_together)
    asked = {only} & _WORDS or _WORDS
    for file, words in _ALONE.items():
        if asked.intersection(words):
            _load(file).add_to(app)
    for name, file in _ROOMS.items():
        if name in asked:
            app.add_typer(_load(file).commands(), name=name)
    return app


def _load(file: str) -> Any:  # noqa: ANN401 a module with `add_to`, `commands`, or both
    return import_module(f"muniment.cli.{file}")


def _stand_together() -> None:
    """Let one command alone still be called by its name."""


def run(*, open_house: OpenHouse, arguments: list[str] | None = None) -> None:
    """Carry out one command and leave with its exit code."""
    sys.excepthook = _tell_unforeseen
    words = sys.argv[1:] if arguments is None else arguments
    command = _command(words[0] if words else "")
    try:
        command.main(args=words, prog_name="muniment", obj=State(open_house))
    except MunimentError as error:
        code = next((EXIT_CODES[each] for each in type(error).__mro__ if each in EXIT_CODES), 1)
        typer.echo(f"muniment: {_line(error)}", err=True)
        sys.exit(code)


@cache
def _command(only: str) -> TyperGroup:
    # Calling the Typer itself would put its own hook, with a traceback, in place of ours.
    command = cast("TyperGroup", typer.main.get_command(make_cli(only)))
    read_by_hand(command, typer.Context(command, **_SETTINGS))
    return command


class _Group(TyperGroup):
    """The commands; when the reader of their output has left, so do they."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]  # Typer's own context
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            leave(0)


def _line(error: MunimentError) -> str:
    return " ".join(str(error).split())


def _tell_unforeseen(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.exit(130)
    where = trace_of(error.with_traceback(trace))
    typer.echo(
        f"muniment: something broke that we did not foresee: {where}. Please report this line.",
        err=True,
    )
    sys.exit(_UNFORESEEN)
