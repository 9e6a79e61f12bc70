"""The command line: `muniment <room> <verb>`, the same words as the API.

Each room has one file here. Errors are one line on standard error and an exit code from the table
below; nobody is shown a traceback. Floor: the door that may start the others.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache
from types import TracebackType
from typing import Final, cast

import typer
from typer.core import TyperGroup

from muniment.cli import (
    access,
    approvals,
    demo,
    detect,
    doctor,
    evaluate,
    exchanges,
    gate,
    jobs,
    ledger,
    migrate,
    notices,
    policy,
    registry,
    serve,
    settings,
    vault,
    version,
)
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
_ALONE: Final = (
    *(gate, serve, demo, migrate, settings, version, doctor, evaluate, exchanges, ledger, policy),
)
_ROOMS: Final[Mapping[str, Callable[[], typer.Typer]]] = {
    "access": access.commands,
    "approvals": approvals.commands,
    "detect": detect.commands,
    "exchange": exchanges.commands,
    "jobs": jobs.commands,
    "ledger": ledger.commands,
    "registry": registry.commands,
    "notices": notices.commands,
    "policy": policy.commands,
    "vault": vault.commands,
}


def make_cli(only: str = "") -> typer.Typer:
    """Put the commands together, or those of one room alone, which takes a fraction of the time."""
    app = typer.Typer(
        name="muniment",
        cls=_Group,
        help="Prove that your AI is under control.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    if only not in _ROOMS:
        for part in _ALONE:
            part.add_to(app)
    for name in [only] if only in _ROOMS else _ROOMS:
        app.add_typer(_ROOMS[name](), name=name)
    return app


def run(*, open_house: OpenHouse, arguments: list[str] | None = None) -> None:
    """Carry out one command and leave with its exit code."""
    sys.excepthook = _tell_unforeseen
    words = sys.argv[1:] if arguments is None else arguments
    command = _command(words[0] if words and words[0] in _ROOMS else "")
    try:
        command.main(args=words, prog_name="muniment", obj=State(open_house))
    except MunimentError as error:
        code = next((EXIT_CODES[each] for each in type(error).__mro__ if each in EXIT_CODES), 1)
        typer.echo(f"muniment: {_line(error)}", err=True)
        sys.exit(code)


@cache
def _command(only: str) -> TyperGroup:
    # Calling the Typer itself would put its own hook, with a traceback, in place of ours.
    return cast("TyperGroup", typer.main.get_command(make_cli(only)))


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
