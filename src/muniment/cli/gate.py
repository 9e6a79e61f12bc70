"""`muniment gateway`, and what a file declares, applied before the server starts."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from muniment import access
from muniment.access import HolderKind
from muniment.approvals import Request
from muniment.cli.registry.words import (
    AsOption,
    EnvironmentOption,
    ReasonOption,
    SystemArgument,
    act,
    look,
    system_id_of,
)
from muniment.cli.state import (
    ConfigOption,
    DataOption,
    JsonOption,
    house_of,
    print_json,
    print_table,
)
from muniment.core.digest import digest_bytes
from muniment.db import Work
from muniment.server import House
from muniment.settings import declared_in, file_read

_KEY_BITS: Final = 192


def add_to(app: typer.Typer) -> None:
    """Join the command line."""
    gateway = typer.Typer(no_args_is_help=True, help="Calls of models.")
    gateway.command("new-key")(new_key)
    gateway.command("except")(except_system)
    gateway.command("exceptions")(list_exceptions)
    gateway.command("end-exception")(end_exception)
    app.add_typer(gateway, name="gateway")
    app.command("try")(try_out)


def new_key() -> None:
    """Print a key that a declared file may give to its first application (MUNIMENT_GATEWAY_KEY)."""
    typer.echo(access.write_key(HolderKind.SERVICE, secrets.randbits(_KEY_BITS)))


def except_system(
    context: typer.Context,
    system: SystemArgument,
    hours: Annotated[int, typer.Option(min=1, help="How long it shall hold.")],
    reason: ReasonOption,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_person: AsOption = "",
    environment: EnvironmentOption = "production",
) -> None:
    """Ask for leave to let calls go on uninspected when the detector fails."""
    from muniment import gateway  # noqa: PLC0415 it loads every room

    def ask(work: Work) -> Request:
        named, lasts = system_id_of(work, system), timedelta(hours=hours)
        return gateway.ask_exception(work, named, environment, lasts=lasts, reason=reason)

    asked = act(context, config, data, as_person, ask)
    typer.echo(f"Asked for in {asked.id}; it holds once security and the owner said yes.")


def list_exceptions(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List the exceptions by which calls go on uninspected, the newest first."""
    from muniment import gateway  # noqa: PLC0415 it loads every room

    found = look(context, config, data, gateway.exceptions)
    told = [{"id": each.id, "state": each.state.value, **each.version.document} for each in found]
    if as_json:
        print_json({"exceptions": told})
        return
    if not told:
        typer.echo("No exception was asked for.")
        return
    names = ("id", "state", "system", "environment", "until", "reason")
    print_table("Exceptions", names, [[str(each[name]) for name in names] for each in told])


def end_exception(
    context: typer.Context,
    exception: Annotated[str, typer.Argument(help="The id of the request.")],
    reason: ReasonOption,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_person: AsOption = "",
) -> None:
    """End an exception before its time."""
    from muniment import gateway  # noqa: PLC0415 it loads every room

    act(
        context,
        config,
        data,
        as_person,
        lambda work: gateway.end_exception(work, exception, reason=reason),
    )
    typer.echo(f"{exception} has ended; a call that cannot be inspected stops again.")


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
    for taken in done.released:
        typer.echo(f"  released, as it was approved: {taken}", err=True)
    for change in done.changes:
        typer.echo(f"  waits for approval: /console/registry/changes/{change}", err=True)
    if done.policy:
        typer.echo(f"  waits for approval: /console/policy/versions/{done.policy}", err=True)
    for each in done.left:
        typer.echo(f"  not done: {each}", err=True)
    for name, secret in done.keys.items():
        if secret != house.settings.gateway.key.reveal():
            typer.echo(f"  key of {name}, shown this once: {secret}", err=True)


_SAYS: Final = {
    "bootstrap": "bootstrapped; nobody could approve it yet, and that is on record.",
    "unchanged": "what it declares serves already.",
    "proposed": "it differs from what serves, which goes on until the changes are approved.",
}
