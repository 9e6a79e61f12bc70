"""Commands about MLflow: which registered models are followed, and a look at one."""

from __future__ import annotations

from typing import Annotated

import typer

from muniment import registry
from muniment.cli.registry.systems import PartArgument
from muniment.cli.registry.words import (
    ACTOR,
    AsOption,
    SystemArgument,
    act,
    look,
    opened,
    read_pairs,
    stamp_of,
)
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json, print_table
from muniment.db import Work
from muniment.net import Fetcher
from muniment.registry import Mlflow, MlflowLink

ModelArgument = Annotated[str, typer.Argument(metavar="MODEL", help="Registered model of MLflow.")]


def add_to(group: typer.Typer) -> None:
    """Add the commands about MLflow, under a word of their own."""
    own = typer.Typer(help="Registered models of MLflow.", no_args_is_help=True)
    for name, command in (("follow", follow), ("sync", sync), ("list", list_links)):
        own.command(name)(command)
    group.add_typer(own, name="mlflow")


def follow(
    context: typer.Context,
    system: SystemArgument,
    part: PartArgument,
    model: ModelArgument,
    gate: Annotated[
        list[str] | None, typer.Option(help="Alias and environment: champion=production.")
    ] = None,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Follow a registered model as a part of a system; gated aliases move only with a yes."""
    gates = read_pairs(gate or [], "gate")

    def linked(work: Work) -> MlflowLink:
        return registry.link_mlflow(work, system, part, model, gates)

    made = act(context, config, data, who, linked)
    typer.echo(f"{made.model} is followed as {made.part}: {made.id}")


def sync(
    context: typer.Context,
    model: ModelArgument,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Look at a registered model and bring in what is new, as asserted."""
    with opened(context, config, data) as house:
        server = Mlflow(house.settings.registry, Fetcher(house.settings, house.clock))
        found = registry.sync_mlflow(house.database, server, ACTOR, model)
    typer.echo(f"{len(found.added)} versions are new, {found.known} were known.")
    for alias, number in sorted(found.link.aliases.items()):
        typer.echo(f"{alias} stands at version {number}")
    for problem in found.problems:
        typer.echo(f"not brought in: {problem}", err=True)
    if found.problems:
        raise typer.Exit(1)


def list_links(
    context: typer.Context,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List the registered models that are followed."""
    rows = [
        {
            "model": each.model,
            "system": each.system_id,
            "part": each.part,
            "gates": dict(each.gates),
            "aliases": dict(each.aliases),
            "synced_at": stamp_of(each.synced_at),
        }
        for each in look(context, config, data, registry.mlflow_links)
    ]
    if as_json:
        print_json(rows)
        return
    columns = ("Model", "System", "Part", "Gates", "Aliases", "Looked at")
    print_table("Registered models of MLflow", columns, [tuple(each.values()) for each in rows])
