"""`muniment detect propose`, `apply`, `changes` and `history`: how the detector is changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from muniment import detect
from muniment.cli.detect.asking import configuration_in
from muniment.cli.signing_in import signed_in
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
from muniment.detect import Calibration, Proposal, ProposalState

_ACTOR = system_actor("cli")
_MOST_LINES = 50

AsOption = Annotated[
    str, typer.Option("--as", help="Your e-mail address; you are asked to sign in.")
]
SystemOption = Annotated[str, typer.Option(help="Id of a system; empty: all.")]


def propose(  # noqa: PLR0913, PLR0917 each option is its own
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The new configuration, TOML or JSON.")],
    owner: Annotated[str, typer.Option(help="Who answers for the change.")],
    reason: Annotated[str, typer.Option(help="Why it is made.")],
    who: AsOption,
    until: Annotated[str, typer.Option(help="When it ends, as 2027-03-31T00:00:00Z.")] = "",
    system: SystemOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Measure a change of the detector and ask a peer for a yes; nothing changes before it."""
    wanted = configuration_in(file)
    expires_at = parse_stamp(until) if until else None
    with (
        house_of(context, config, {"data.dir": data}) as house,
        signed_in(house, who) as actor,
    ):
        texts = detect.open_texts(house.safe, actor, system=system)
        with house.database.work(actor) as work:
            made = detect.propose(
                work,
                wanted,
                texts,
                owner=owner,
                reason=reason,
                system=system,
                expires_at=expires_at,
            )
    _tell(made)
    typer.echo(f"Request {made.request_id} waits for a yes; then: muniment detect apply {made.id}")


def apply(
    context: typer.Context,
    change: Annotated[str, typer.Argument(metavar="CHANGE", help="Id of the change.")],
    who: AsOption,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Put a change in force that a peer said yes to."""
    with (
        house_of(context, config, {"data.dir": data}) as house,
        signed_in(house, who) as actor,
    ):
        texts = detect.open_texts_of(house.safe, actor, change)
        with house.database.work(actor) as work:
            made = detect.apply(work, change, texts)
    typer.echo(f"Version {made.version} holds for {made.system or 'all systems'} now.")
    for way in made.loosens:
        typer.echo(f"It finds less: {way}.")


def changes(
    context: typer.Context,
    system: SystemOption = "",
    limit: Annotated[int, typer.Option(help="Rows at most.", min=1, max=500)] = 50,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List the changes that were asked for, the newest first, and how each stands."""
    with (
        house_of(context, config, {"data.dir": data}) as house,
        house.database.look(_ACTOR) as work,
    ):
        found = detect.proposals(work, system=system, limit=limit).rows
        states = [detect.state_of(work, each) for each in found]
    pairs = list(zip(found, states, strict=True))
    if as_json:
        print_json([_asked(each, state) for each, state in pairs])
        return
    rows = [
        (
            each.id,
            state.value.replace("_", " "),
            each.system or "all",
            each.owner,
            each.reason,
            stamp(each.expires_at)[:10] if each.expires_at else "no end",
        )
        for each, state in pairs
    ]
    print_table("Changes", ("change", "stands", "for", "owner", "reason", "until"), rows)


def history(
    context: typer.Context,
    system: SystemOption = "",
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


def _tell(made: Proposal) -> None:
    typer.echo(f"Change {made.id} of the detector of {made.system or 'all systems'} is asked for.")
    lines = detect.differences(made.previous, made.configuration)
    for what, before, after in lines[:_MOST_LINES]:
        typer.echo(f"  {what}: {before or 'not there'} -> {after or 'not there'}")
    if len(lines) > _MOST_LINES:
        typer.echo(f"  and {len(lines) - _MOST_LINES:,} more")
    for way in made.loosens:
        typer.echo(f"It finds less: {way}.")
    for name, verdict, says in detect.judged(made.before, made.after):
        typer.echo(f"  {name}: {verdict.replace('_', ' ')}: {says}")


def _asked(made: Proposal, state: ProposalState) -> dict[str, Any]:
    return {
        "id": made.id,
        "state": state.value,
        "system": made.system,
        "configuration": made.configuration.digest,
        "previous": made.previous.digest,
        "owner": made.owner,
        "reason": made.reason,
        "author": made.author,
        "proposed_at": stamp(made.proposed_at),
        "expires_at": stamp(made.expires_at) if made.expires_at else None,
        "before": made.before.as_value(),
        "after": made.after.as_value(),
        "loosens": list(made.loosens),
        "request_id": made.request_id,
        "version": made.version,
    }


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
