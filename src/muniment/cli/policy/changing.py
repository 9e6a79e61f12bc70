"""Writing, publishing and taking back; what only a person may do asks them to sign in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from muniment import policy
from muniment.cli.policy.looking import VersionArgument, opened
from muniment.cli.signing_in import signed_in
from muniment.cli.state import ConfigOption, DataOption
from muniment.core.actor import Actor
from muniment.db import Work
from muniment.policy import Change, Folder
from muniment.server import House

AsOption = Annotated[
    str, typer.Option("--as", help="Your e-mail address; you are asked to sign in.")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it stands in the record.")]


@contextmanager
def acting(
    context: typer.Context, config: Path | None, data: Path | None, who: str
) -> Iterator[Work]:
    """Do something as one unit of work, in the name of a person who signs in."""
    with (
        opened(context, config, data) as house,
        signed_in(house, who) as actor,
        house.database.work(actor) as work,
    ):
        yield work


def draft(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of policies.")],
    reason: ReasonOption,
    who: AsOption,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Keep the policies of a folder as a version; it is not in force."""
    given = policy.read_folder(folder)
    with acting(context, config, data, who) as work:
        made = policy.draft(work, given.sources, reason=reason)
    typer.echo(f"Version {made.number} is kept; {made.rules} rules.")
    typer.echo(made.bundle)


def publish(
    context: typer.Context,
    version: VersionArgument,
    who: AsOption,
    reason: ReasonOption = "",
    ask: Annotated[bool, typer.Option("--ask", help="Ask a peer for a yes first.")] = False,
    tests: Annotated[
        Path | None, typer.Option(help="Folder whose tests are shown to the peer.")
    ] = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Ask a peer for a yes to a version, or put one in force that has it."""
    folder = policy.read_folder(tests) if tests else None
    with opened(context, config, data) as house, signed_in(house, who) as actor:
        if ask:
            _ask(house, actor, version, folder)
        else:
            _tell(_publish(house, actor, version, reason))


def shadow(
    context: typer.Context,
    version: VersionArgument,
    who: AsOption,
    reason: ReasonOption,
    end: Annotated[bool, typer.Option("--end", help="End the shadow instead.")] = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Judge a version beside the one in force; it decides nothing."""
    with acting(context, config, data, who) as work:
        if end:
            policy.end_shadow(work, reason=reason)
        else:
            policy.shadow(work, version, reason=reason)
    typer.echo(f"Version {version} is {'no longer ' if end else ''}in shadow.")


def rollback(
    context: typer.Context,
    who: AsOption,
    reason: ReasonOption,
    version: Annotated[
        int | None, typer.Option("--to", help="Version to go back to; else the one before.")
    ] = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Go back at once to a version that was in force before."""
    with acting(context, config, data, who) as work:
        change = policy.roll_back(work, version, reason=reason)
    _tell(change)


def _publish(house: House, actor: Actor, version: int, reason: str) -> Change:
    with house.database.work(actor) as work:
        return policy.publish(work, version, reason=reason)


def _ask(house: House, actor: Actor, version: int, folder: Folder | None) -> None:
    with house.database.work(actor) as work:
        checks = policy.checks_of(work, version, folder)
        request = policy.ask_for_review(work, version, checks=checks)
    for each in checks:
        typer.echo(f"{each.name}: {each.verdict.replace('_', ' ')}: {each.says}")
    typer.echo(f"Asked: {request.id}. A peer answers in the console, or with")
    typer.echo(f"muniment approvals answer {request.id} approve --reason … --as …")


def _tell(change: Change) -> None:
    before = f"in place of version {change.before}" if change.before else "where none was"
    typer.echo(f"Version {change.version} is in force {before}; revision {change.revision}.")
    typer.echo("Every process follows within a second.")
