"""Commands about what is handed on: bills of materials, and model cards in and out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from muniment import __version__, registry
from muniment.cli.registry.artefacts import read_bytes, write_whole
from muniment.cli.registry.systems import PartArgument
from muniment.cli.registry.words import AsOption, EnvironmentOption, SystemArgument, act, look
from muniment.cli.state import ConfigOption, DataOption
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.registry import Origin, PartVersion

OutOption = Annotated[Path | None, typer.Option("--out", help="Write a file, not the screen.")]


def add_to(group: typer.Typer) -> None:
    """Add the commands about bills and cards."""
    group.command("bom")(bom)
    group.command("card")(card)
    group.command("bring-card")(bring_card)


def bom(
    context: typer.Context,
    system: SystemArgument,
    form: Annotated[
        Literal["cyclonedx", "spdx"], typer.Option(help="CycloneDX 1.6 or SPDX 3.0.1.")
    ] = "cyclonedx",
    version_set: Annotated[str, typer.Option("--set", help="Digest; else what serves.")] = "",
    environment: EnvironmentOption = "",
    out: OutOption = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Write the bill of materials of a version set; the same set gives the same bytes."""

    def written(work: Work) -> dict[str, Any]:
        return registry.bill_of(
            work,
            system,
            form,
            version=__version__,
            set_digest=version_set,
            environment=environment,
        )

    value = look(context, config, data, written)
    _give(json.dumps(value, ensure_ascii=False, indent=2) + "\n", out)


def card(
    context: typer.Context,
    system: SystemArgument,
    part: PartArgument,
    number: Annotated[int, typer.Option(help="Which version; else the newest.", min=0)] = 0,
    out: OutOption = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Write the card of a model as Hugging Face reads it."""
    _give(
        look(context, config, data, lambda work: registry.card_of(work, system, part, number)), out
    )


def bring_card(
    context: typer.Context,
    system: SystemArgument,
    part: PartArgument,
    file: Annotated[Path, typer.Argument(help="The card, such as README.md.")],
    commit: Annotated[str, typer.Option(help="The commit it comes from.")] = "",
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Write a version of a model that says what its card says."""
    try:
        text = read_bytes(file, "card").decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidError(
            f"{file} is not UTF-8", field="card", remedy="Save it as UTF-8."
        ) from error

    def brought(work: Work) -> PartVersion:
        return registry.bring_card(work, system, part, text, origin=Origin(commit=commit))

    made = act(context, config, data, who, brought)
    typer.echo(f"{made.label} version {made.number}: {made.digest}")


def _give(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text, nl=False)
        return
    write_whole(out, iter((text.encode(),)))
    typer.echo(str(out))
