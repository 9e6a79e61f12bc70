"""`muniment gateway`, and what a file declares, applied before the server starts."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

import typer

from muniment import access
from muniment.access import HolderKind
from muniment.cli.state import ConfigOption, DataOption, house_of
from muniment.core.digest import digest_bytes
from muniment.server import House
from muniment.settings import declared_in, file_read

_KEY_BITS: Final = 192


def add_to(app: typer.Typer) -> None:
    """Join the command line."""
    gateway = typer.Typer(no_args_is_help=True, help="Calls of models.")
    gateway.command("new-key")(new_key)
    app.add_typer(gateway, name="gateway")
    app.command("try")(try_out)


def new_key() -> None:
    """Print a key that a declared file may give to its first application (MUNIMENT_GATEWAY_KEY)."""
    typer.echo(access.write_key(HolderKind.SERVICE, secrets.randbits(_KEY_BITS)))


def try_out(context: typer.Context, config: ConfigOption = None, data: DataOption = None) -> None:
    """Make a first call: a system that says back what it is told, and a key for a week."""
    from muniment import gateway  # noqa: PLC0415 it loads every room

    with house_of(context, config, {"data.dir": data}) as house:
        trial = gateway.begin_trial(house.database)
        server = house.settings.server
        scheme = "https" if server.tls_cert else "http"
        address = server.public_url.rstrip("/") or f"{scheme}://{server.host}:{server.port}"
    asked = (
        '{"model": "echo", "messages": [{"role": "user", "content": "Hello, anna@example.org"}]}'
    )
    typer.echo(f"A key of the system {trial.system} in {trial.environment}, shown this once:\n")
    typer.echo(f"  export MUNIMENT_KEY={trial.key}\n")
    typer.echo("A first call, while `muniment up` runs:\n")
    typer.echo(
        f"  curl {address}/v1/chat/completions \\\n"
        f'    -H "authorization: Bearer $MUNIMENT_KEY" \\\n'
        f"    -d '{asked}'\n"
    )
    typer.echo("Then look at it: `muniment exchange list`, or Calls in the console.")


def declares(config: Path | None) -> bool:
    """Tell whether the settings file declares systems and models."""
    return bool(declared_in(file_read(config)))


def apply_file(house: House) -> None:
    """Apply what the file declares, and say what became of it."""
    from muniment import gateway  # noqa: PLC0415 it loads every room

    path = house.loaded.file
    declared = gateway.read_declared(declared_in(path)) if path else None
    if declared is None or path is None:
        return
    house.log.begin()
    file = str(digest_bytes(path.read_bytes()))
    done = gateway.apply(
        house.database, declared, file=file, secret=house.settings.gateway.key.reveal()
    )
    typer.echo(f"{path}: {_SAYS[done.outcome]}", err=True)
    for change in done.changes:
        typer.echo(f"  waits for approval: /console/registry/changes/{change}", err=True)
    for name, secret in done.keys.items():
        if secret != house.settings.gateway.key.reveal():
            typer.echo(f"  key of {name}, shown this once: {secret}", err=True)


_SAYS: Final = {
    "bootstrap": "bootstrapped; nobody could approve it yet, and that is on record.",
    "unchanged": "what it declares serves already.",
    "proposed": "it differs from what serves, which goes on until the changes are approved.",
}
