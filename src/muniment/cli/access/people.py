"""`muniment access people|services|teams …`: who there is."""

from __future__ import annotations

from typing import Annotated

import typer

from muniment import access
from muniment.access import ServiceId, ServiceKind, TeamId
from muniment.cli.access.words import (
    WhoArgument,
    changing,
    day,
    every_page,
    looking,
    person,
    say,
    tell,
    who,
)
from muniment.cli.state import ConfigOption, DataOption, JsonOption

TeamArgument = Annotated[str, typer.Argument(help="Id of the team.")]
ServiceArgument = Annotated[str, typer.Argument(help="Id of the service.")]


def people_commands() -> typer.Typer:
    """Give the commands about people."""
    group = typer.Typer(help="People: list, invite, suspend, part.", no_args_is_help=True)
    for name, command in (
        ("list", list_people),
        ("invite", invite),
        ("change", change_person),
        ("suspend", suspend),
        ("reactivate", reactivate),
        ("leave", leave),
    ):
        group.command(name)(command)
    return group


def service_commands() -> typer.Typer:
    """Give the commands about services."""
    group = typer.Typer(help="Services, and who answers for them.", no_args_is_help=True)
    for name, command in (
        ("list", list_services),
        ("add", add_service),
        ("suspend", suspend_service),
        ("reactivate", reactivate_service),
        ("transfer", transfer_service),
    ):
        group.command(name)(command)
    return group


def team_commands() -> typer.Typer:
    """Give the commands about teams."""
    group = typer.Typer(help="Teams, and who is in them.", no_args_is_help=True)
    for name, command in (
        ("list", list_teams),
        ("add", add_team),
        ("members", list_members),
        ("join", join),
        ("part", part),
        ("end", end_team),
    ):
        group.command(name)(command)
    return group


def list_people(
    context: typer.Context,
    text: Annotated[str, typer.Option(help="Part of a name or address.")] = "",
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List people and where each stands."""
    with looking(context, config, data) as work:
        rows = every_page(lambda cursor: access.people(work, text=text, cursor=cursor, limit=500))
    columns = ("id", "name", "e-mail", "state", "from", "since")
    tell(
        "People",
        columns,
        rows,
        lambda one: (one.id, one.name, one.email, one.state, one.source, day(one.created_at)),
        as_json=as_json,
    )


def invite(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the person.")],
    email: Annotated[str, typer.Argument(help="E-mail address.")],
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Invite a person; they are active once they come."""
    with changing(context, config, data) as work:
        found = access.invite(work, name, email)
    say(found, f"{found.id} is invited.", as_json=as_json)


def change_person(
    context: typer.Context,
    whom: WhoArgument,
    name: Annotated[str | None, typer.Option(help="New name.")] = None,
    email: Annotated[str | None, typer.Option(help="New e-mail address.")] = None,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Change a person's name or address."""
    with changing(context, config, data) as work:
        found = access.change_person(work, person(work, whom), name=name, email=email)
    say(found, f"{found.id} is {found.name}, {found.email}.", as_json=as_json)


def suspend(
    context: typer.Context,
    whom: WhoArgument,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Close an account at once; all it holds stays, and opens nothing."""
    with changing(context, config, data) as work:
        found = access.suspend(work, person(work, whom))
    say(found, f"{found.id} is suspended.", as_json=as_json)


def reactivate(
    context: typer.Context,
    whom: WhoArgument,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Let a suspended person in again."""
    with changing(context, config, data) as work:
        found = access.reactivate(work, person(work, whom))
    say(found, f"{found.id} is active.", as_json=as_json)


def leave(
    context: typer.Context,
    whom: WhoArgument,
    services_to: Annotated[
        str, typer.Option(help="Who answers for their services now; else these stop.")
    ] = "",
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Part with a person: grants, keys and memberships end."""
    with changing(context, config, data) as work:
        heir = person(work, services_to) if services_to else None
        found = access.leave(work, person(work, whom), services_to=heir)
    ended = f"{len(found.grants)} grants and {len(found.keys)} keys ended"
    moved = f"{len(found.services)} services {'moved' if services_to else 'stopped'}"
    say(found, f"{found.person.id} has left; {ended}, {moved}.", as_json=as_json)


def list_services(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List services and who answers for each."""
    with looking(context, config, data) as work:
        rows = every_page(lambda cursor: access.services(work, cursor=cursor, limit=500))
    tell(
        "Services",
        ("id", "kind", "name", "answers for it", "active"),
        rows,
        lambda one: (one.id, one.kind, one.name, one.owner_id, "yes" if one.active else "no"),
        as_json=as_json,
    )


def add_service(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the service.")],
    owner: Annotated[str, typer.Option(help="Who answers for it.")],
    kind: Annotated[ServiceKind, typer.Option(help="What it is.")] = ServiceKind.APPLICATION,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Make a service for which a person answers."""
    with changing(context, config, data) as work:
        found = access.add_service(work, kind, name, person(work, owner))
    say(found, f"{found.id} is made.", as_json=as_json)


def suspend_service(
    context: typer.Context,
    service: ServiceArgument,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Stop a service at once."""
    with changing(context, config, data) as work:
        found = access.suspend_service(work, ServiceId(service))
    say(found, f"{found.id} is suspended.", as_json=as_json)


def reactivate_service(
    context: typer.Context,
    service: ServiceArgument,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Let a suspended service run again."""
    with changing(context, config, data) as work:
        found = access.reactivate_service(work, ServiceId(service))
    say(found, f"{found.id} is active.", as_json=as_json)


def transfer_service(
    context: typer.Context,
    service: ServiceArgument,
    owner: WhoArgument,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Let another person answer for a service."""
    with changing(context, config, data) as work:
        found = access.transfer_service(work, ServiceId(service), person(work, owner))
    say(found, f"{found.owner_id} answers for {found.id} now.", as_json=as_json)


def list_teams(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List teams."""
    with looking(context, config, data) as work:
        rows = every_page(lambda cursor: access.teams(work, cursor=cursor, limit=500))
    tell(
        "Teams",
        ("id", "name", "since"),
        rows,
        lambda one: (one.id, one.name, day(one.created_at)),
        as_json=as_json,
    )


def add_team(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the team.")],
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Make a team."""
    with changing(context, config, data) as work:
        found = access.add_team(work, name)
    say(found, f"{found.id} is made.", as_json=as_json)


def list_members(
    context: typer.Context,
    team: TeamArgument,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List who is in a team."""
    with looking(context, config, data) as work:
        rows = access.members(work, team)
    tell(
        "Members",
        ("member", "since"),
        rows,
        lambda one: (one.member.id, day(one.joined_at)),
        as_json=as_json,
    )


def join(
    context: typer.Context,
    team: TeamArgument,
    whom: WhoArgument,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Put somebody into a team; they hold what it holds."""
    with changing(context, config, data) as work:
        found = access.join(work, TeamId(team), who(work, whom))
    say(found, f"{found.member.id} is in {team}.", as_json=as_json)


def part(
    context: typer.Context,
    team: TeamArgument,
    whom: WhoArgument,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Take somebody out of a team."""
    with changing(context, config, data) as work:
        found = access.part(work, TeamId(team), who(work, whom))
    say(found, f"{found.member.id} is no longer in {team}.", as_json=as_json)


def end_team(
    context: typer.Context,
    team: TeamArgument,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """End a team, with its memberships and grants."""
    with changing(context, config, data) as work:
        found = access.end_team(work, TeamId(team))
    say(found, f"{found.id} has ended.", as_json=as_json)
