"""`muniment detect configure` and `history`: which configuration holds, since when and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from muniment import detect
from muniment.cli.detect.asking import configuration_in
from muniment.cli.state import (
    ConfigOption,
    DataOption,
    JsonOption,
    house_of,
    print_json,
    print_table,
)
from muniment.core.actor import system_actor
from muniment.core.clock import parse_stamp, stamp
from muniment.detect import Calibration

_ACTOR = system_actor("cli")


def configure(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The new configuration, TOML or JSON.")],
    owner: Annotated[str, typer.Option(help="Who answers for the change.")],
    reason: Annotated[str, typer.Option(help="Why it is made.")],
    until: Annotated[str, typer.Option(help="When it ends, as 2027-03-31T00:00:00Z.")] = "",
    system: Annotated[str, typer.Option(help="Id of a system; empty: all.")] = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Change the detector's configuration, measured on the cases before and after."""
    wanted = configuration_in(file)
    with (
        house_of(context, config, {"data.dir": data}) as house,
        house.database.work(_ACTOR) as work,
    ):
        made = detect.configure(
            work,
            wanted,
            owner=owner,
            reason=reason,
            system=system,
            expires_at=parse_stamp(until) if until else None,
        )
    typer.echo(f"Version {made.version} holds for {made.system or 'all systems'} now.")
    for way in made.loosens:
        typer.echo(f"It finds less: {way}.")
    typer.echo(f"Cases before: {made.before.as_value()}")
    typer.echo(f"Cases after:  {made.after.as_value()}")


def history(
    context: typer.Context,
    system: Annotated[str, typer.Option(help="Id of a system; empty: all.")] = "",
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List the versions of the detector's configuration, the newest first."""
    with (
        house_of(context, config, {"data.dir": data}) as house,
        house.database.look(_ACTOR) as work,
    ):
        versions = detect.history(work, system)
    if as_json:
        print_json([_told(each) for each in versions])
        return
    rows = [
        (
            each.version,
            each.configuration.digest[:19],
            each.owner,
            each.reason,
            stamp(each.changed_at)[:16],
            stamp(each.expires_at)[:16] if each.expires_at else "no end",
            f"{each.before.right}/{each.before.total} to {each.after.right}/{each.after.total}",
        )
        for each in versions
    ]
    columns = ("version", "configuration", "owner", "reason", "since", "until", "cases right")
    print_table("Configurations", columns, rows)


def _told(made: Calibration) -> dict[str, Any]:
    return {
        "system": made.system,
        "version": made.version,
        "configuration": made.configuration.digest,
        "owner": made.owner,
        "reason": made.reason,
        "changed_by": made.changed_by,
        "changed_at": stamp(made.changed_at),
        "expires_at": stamp(made.expires_at) if made.expires_at else None,
        "before": made.before.as_value(),
        "after": made.after.as_value(),
        "loosens": list(made.loosens),
    }
