"""Commands about changes: drafted, checked, asked about, promoted, rolled back."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import typer

from muniment import registry
from muniment.cli.registry.words import (
    AsOption,
    ChangeArgument,
    EnvironmentOption,
    LimitOption,
    OfSystemOption,
    ReasonOption,
    SystemArgument,
    act,
    change_told,
    deployment_told,
    look,
    read_pairs,
    system_id_of,
)
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json, print_table
from muniment.core.clock import stamp
from muniment.db import Work
from muniment.registry import Change, ChangeQuery, ChangeSort, ChangeState, Origin


def add_to(group: typer.Typer) -> None:
    """Add the commands about changes."""
    for name, command in (
        ("changes", list_changes),
        ("change", show),
        ("draft", draft),
        ("check", check),
        ("ask", ask),
        ("withdraw", withdraw),
        ("promote", promote),
        ("rollback", rollback),
        ("freeze", freeze),
        ("freezes", freezes),
        ("lift", lift),
    ):
        group.command(name)(command)


def list_changes(
    context: typer.Context,
    system: OfSystemOption = "",
    state: Annotated[ChangeState | None, typer.Option(help="Only in this state.")] = None,
    limit: LimitOption = 50,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List changes, the newest first."""

    def read(work: Work) -> tuple[Change, ...]:
        query = ChangeQuery(system_id=system_id_of(work, system), state=state)
        return registry.find_changes(work, query, limit=limit).rows

    rows = look(context, config, data, read)
    if as_json:
        print_json([change_told(each) for each in rows])
        return
    print_table(
        "Changes",
        ("Id", "What", "State", "Reached"),
        [
            (each.id, each.title, each.state.value, ", ".join(map(str, each.reached)))
            for each in rows
        ],
    )


def show(
    context: typer.Context,
    change_id: ChangeArgument,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show a change: its versions, its checks, and its next step."""

    def read(work: Work) -> dict[str, Any]:
        found = registry.get_change(work, change_id)
        step = registry.next_step(work, found)
        versions = registry.set_of(work, found.set_digest).versions
        return {**change_told(found), "versions": dict(versions), "next": str(step or "")}

    told = look(context, config, data, read)
    if as_json:
        print_json(told)
        return
    typer.echo(f"{told['title']}: {told['state'].replace('_', ' ')}")
    print_table("Exactly these versions", ("Part", "Digest"), list(told["versions"].items()))
    _print_checks(told)
    if told["next"]:
        typer.echo(f"Next step: {told['next']}")


def draft(  # noqa: PLR0913, PLR0917 each option is a part of the change
    context: typer.Context,
    system: SystemArgument,
    title: Annotated[str, typer.Option(help="What changes, in a few words.")],
    reason: ReasonOption,
    versions: Annotated[
        list[str], typer.Option("--version", help="Part and version: prompt/main=2, or =latest.")
    ],
    without: Annotated[
        list[str] | None, typer.Option("--without", help="A part that no longer serves.")
    ] = None,
    emergency: Annotated[
        bool, typer.Option("--emergency", help="Release first, review after.")
    ] = False,
    ticket: Annotated[str, typer.Option(help="Where it was asked for.")] = "",
    commit: Annotated[str, typer.Option(help="The commit it comes from.")] = "",
    pull_request: Annotated[str, typer.Option(help="The pull request it comes from.")] = "",
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Write a change: these versions in place of those that serve now."""
    named = read_pairs(versions, "version")
    made = act(
        context,
        config,
        data,
        who,
        lambda work: registry.draft(
            work,
            system,
            title,
            named,
            reason=reason,
            without=without or (),
            sort=ChangeSort.EMERGENCY if emergency else ChangeSort.NORMAL,
            origin=Origin(ticket, commit, pull_request),
        ),
    )
    typer.echo(f"{made.id}: {made.set_digest}")


def check(
    context: typer.Context,
    change_id: ChangeArgument,
    as_json: JsonOption = False,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Look at everything a change must answer for."""
    told = change_told(
        act(context, config, data, who, lambda work: registry.check(work, change_id))
    )
    if as_json:
        print_json(told["checks"])
    else:
        _print_checks(told)


def ask(
    context: typer.Context,
    change_id: ChangeArgument,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Put a change before those who approve it."""
    made = act(context, config, data, who, lambda work: registry.ask(work, change_id))
    typer.echo(f"{made.id} waits for an answer: muniment approvals show {made.request_id}")


def withdraw(
    context: typer.Context,
    change_id: ChangeArgument,
    reason: ReasonOption,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Take a change of your own back."""
    made = act(
        context, config, data, who, lambda work: registry.withdraw(work, change_id, reason=reason)
    )
    typer.echo(f"{made.id} is {made.state.value}.")


def promote(
    context: typer.Context,
    change_id: ChangeArgument,
    step: Annotated[str, typer.Option(help="The step that is meant: production:10.")] = "",
    digest: Annotated[str, typer.Option(help="The version set that is about to run.")] = "",
    as_json: JsonOption = False,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Take the next step of an approved change."""
    made = act(
        context,
        config,
        data,
        who,
        lambda work: registry.promote(work, change_id, step=step, set_digest=digest),
    )
    _print_serving(deployment_told(made), as_json=as_json)


def rollback(
    context: typer.Context,
    system: SystemArgument,
    reason: ReasonOption,
    environment: EnvironmentOption = "production",
    as_json: JsonOption = False,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Go back to what served before, at once."""
    made = act(
        context,
        config,
        data,
        who,
        lambda work: registry.roll_back(work, system, environment, reason=reason),
    )
    _print_serving(deployment_told(made), as_json=as_json)


def freeze(
    context: typer.Context,
    days: Annotated[int, typer.Option(help="How long from now.", min=1, max=366)],
    reason: ReasonOption,
    system: Annotated[str, typer.Option(help="Only this system.")] = "",
    environment: EnvironmentOption = "",
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Let nothing new be released for a time."""
    made = act(
        context,
        config,
        data,
        who,
        lambda work: registry.freeze(
            work,
            starts_at=work.now,
            ends_at=work.now + timedelta(days=days),
            reason=reason,
            system=system,
            environment=environment,
        ),
    )
    typer.echo(f"{made.id} holds until {stamp(made.ends_at)}.")


def freezes(
    context: typer.Context,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List the freezes that stand or are to come."""
    rows = [
        {
            "id": each.id,
            "system": each.system_id or "all",
            "environment": each.environment or "all",
            "starts_at": stamp(each.starts_at),
            "ends_at": stamp(each.ends_at),
            "reason": each.reason,
        }
        for each in look(context, config, data, registry.freezes_now)
    ]
    if as_json:
        print_json(rows)
        return
    columns = ("Id", "System", "Environment", "From", "Until", "Why")
    print_table("Freezes", columns, [tuple(each.values()) for each in rows])


def lift(
    context: typer.Context,
    freeze_id: Annotated[str, typer.Argument(metavar="FREEZE", help="Id of the freeze.")],
    reason: ReasonOption,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """End a freeze before its time."""
    made = act(
        context, config, data, who, lambda work: registry.lift(work, freeze_id, reason=reason)
    )
    typer.echo(f"{made.id} is lifted.")


def _print_checks(told: dict[str, Any]) -> None:
    rows = [
        (each["name"], each["verdict"].replace("_", " "), each["says"]) for each in told["checks"]
    ]
    print_table("What was checked", ("Check", "Answer", "What it says"), rows)


def _print_serving(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(told)
        return
    shares = ", ".join(f"{percent} % {digest}" for digest, percent in told["shares"].items())
    typer.echo(f"{told['environment']}: {shares}")
