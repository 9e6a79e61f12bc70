"""The command line: `muniment <room> <verb>`, the same words as the API.

Each room has one file here. Errors are one line on standard error and an exit code from the table
below; nobody is shown a traceback. Floor: the door that may start the others.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Final

import typer

from muniment.cli import jobs, migrate, serve, settings, version
from muniment.cli.state import OpenHouse, State
from muniment.core.errors import (
    BlockedError,
    ConflictError,
    CorruptError,
    ForbiddenError,
    InvalidError,
    MunimentError,
    NotFoundError,
    UnavailableError,
)

__all__ = ["EXIT_CODES", "make_cli", "run"]

EXIT_CODES: Final[Mapping[type[MunimentError], int]] = {
    InvalidError: 2,
    NotFoundError: 4,
    ForbiddenError: 5,
    ConflictError: 6,
    BlockedError: 7,
    UnavailableError: 8,
    CorruptError: 9,
}
_UNFORESEEN: Final = 70


def make_cli() -> typer.Typer:
    """Put the commands together."""
    app = typer.Typer(
        name="muniment",
        help="Prove that your AI is under control.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for part in (serve, migrate, settings, version):
        part.add_to(app)
    app.add_typer(jobs.commands(), name="jobs")
    return app


def run(*, open_house: OpenHouse, arguments: list[str] | None = None) -> None:
    """Carry out one command and leave with its exit code."""
    sys.excepthook = _tell_unforeseen
    try:
        make_cli()(args=arguments, obj=State(open_house))
    except MunimentError as error:
        code = next((EXIT_CODES[each] for each in type(error).__mro__ if each in EXIT_CODES), 1)
        typer.echo(f"muniment: {_line(error)}", err=True)
        sys.exit(code)
    except BrokenPipeError:  # the reader of our output has left; so do we
        sys.stderr.close()
        sys.exit(0)


def _line(error: MunimentError) -> str:
    return " ".join(str(error).split())


def _tell_unforeseen(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.exit(130)
    logging.getLogger("muniment.cli").error("unforeseen", exc_info=(kind, error, trace))
    typer.echo(
        f"muniment: something broke that we did not foresee ({kind.__name__}); "
        "run it again with MUNIMENT_LOG_LEVEL=debug and report what it says.",
        err=True,
    )
    sys.exit(_UNFORESEEN)
