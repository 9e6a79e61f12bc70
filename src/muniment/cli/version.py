"""`muniment version`: which product, which build."""

from __future__ import annotations

import platform
import sqlite3
from typing import Final

import typer

from muniment import __version__
from muniment.cli.state import JsonOption, print_json
from muniment.core.errors import InvalidError
from muniment.server.start import build_digest

_PLATFORMS: Final = {"linux": "supported", "darwin": "supported (fullfsync)"}


def require_platform(name: str) -> None:
    """Refuse to run the product where nobody tests that what it acknowledges is durable."""
    if name.lower() not in _PLATFORMS:
        raise InvalidError(
            f"{name or 'this platform'} is not supported",
            remedy="Run it on Linux or macOS; on Windows use WSL.",
        )


def add_to(app: typer.Typer) -> None:
    """Join the command line."""
    app.command("version")(version)


def version(*, as_json: JsonOption = False) -> None:
    """Say which version this is and what it runs on."""
    system = platform.system().lower()
    told = {
        "version": __version__,
        "build": build_digest(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "platform": f"{system}, {_PLATFORMS.get(system, 'not supported; use WSL')}",
    }
    if as_json:
        print_json(told)
        return
    for name, value in told.items():
        typer.echo(f"{name:<9} {value}")
