"""`muniment notices …`: what was told, by which routes, over which channels, and a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from muniment import notices
from muniment.cli.access.words import person as person_of
from muniment.cli.state import (
    ConfigOption,
    DataOption,
    JsonOption,
    house_of,
    print_json,
    print_table,
)
from muniment.core.actor import system_actor
from muniment.core.clock import stamp
from muniment.db.migrate import require_current
from muniment.notices import MessageState, Severity
from muniment.plugins.sockets import Delivery
from muniment.server import House

_ACTOR = system_actor("cli")
_NOT_DELIVERED: Final = 1

LeastOption = Annotated[Severity, typer.Option("--from", help="From this severity on.")]
ChannelArgument = Annotated[str, typer.Argument(metavar="CHANNEL", help="Id of the channel.")]


def commands() -> typer.Typer:
    """Give the commands of notices."""
    group = typer.Typer(help="Who is told of what, and did it arrive.", no_args_is_help=True)
    group.command("list")(list_notices)
    group.command("routes")(list_routes)
    group.command("messages")(list_messages)
    group.command("test")(try_channel)
    group.command("erase-addresses")(erase_addresses)
    channels = typer.Typer(help="The ways notices leave.", no_args_is_help=True)
    channels.command("list")(list_channels)
    channels.command("add")(add_channel)
    channels.command("role")(add_role)
    channels.command("secret")(new_secret)
    channels.command("off")(switch_off)
    group.add_typer(channels, name="channels")
    return group


def list_notices(
    context: typer.Context,
    severity: Annotated[Severity | None, typer.Option(help="Only of this severity.")] = None,
    unseen: Annotated[bool, typer.Option("--unseen", help="Only what nobody saw.")] = False,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=500)] = 50,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List what people were told, newest first."""
    with _house(context, config, data) as house, house.database.look(_ACTOR) as work:
        found = notices.all_notices(work, severity=severity, unseen_only=unseen, limit=limit)
    rows = [
        {
            "notice": each.id,
            "severity": each.severity.value,
            "title": each.title,
            "about": " ".join(part for part in each.subject if part),
            "times": each.count,
            "opened_at": stamp(each.opened_at),
            "seen": stamp(each.seen_at) if each.seen_at else "",
        }
        for each in found.rows
    ]
    if as_json:
        print_json(rows)
        return
    print_table(
        f"Notices: {len(rows)}",
        ("Notice", "Severity", "What", "About", "Times", "First", "Seen"),
        [tuple(each.values()) for each in rows],
    )


def list_routes(
    context: typer.Context,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List which records are told to whom."""
    with _house(context, config, data) as house, house.database.look(_ACTOR) as work:
        found = notices.routes(work)
    rows = [
        {
            "route": each.name,
            "kinds": ", ".join(each.kinds),
            "severity": each.severity.value,
            "to": ", ".join(each.to),
            "active": each.active,
        }
        for each in found
    ]
    if as_json:
        print_json(rows)
        return
    print_table(
        f"Routes: {len(rows)}",
        ("Route", "Records", "Severity", "To", "On"),
        [(*list(each.values())[:4], "yes" if each["active"] else "no") for each in rows],
    )


def list_messages(
    context: typer.Context,
    state: Annotated[MessageState | None, typer.Option(help="Only in this state.")] = None,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=500)] = 50,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List what left and how it fared: delivered, try later, never; and why."""
    with _house(context, config, data) as house, house.database.look(_ACTOR) as work:
        found = notices.messages(work, state=state, limit=limit)
    rows = [
        {
            "message": each.id,
            "channel": each.channel_id,
            "state": each.state.value,
            "attempts": each.attempts,
            "why": each.why,
            "at": stamp(each.ended_at or each.next_at),
        }
        for each in found.rows
    ]
    if as_json:
        print_json(rows)
        return
    print_table(
        f"Messages: {len(rows)}",
        ("Message", "Channel", "State", "Attempts", "Why", "When"),
        [tuple(each.values()) for each in rows],
    )


def list_channels(
    context: typer.Context,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List the channels; where they lead stays sealed."""
    with _house(context, config, data) as house, house.database.look(_ACTOR) as work:
        found = notices.channels(work)
    rows = [
        {
            "channel": each.id,
            "name": each.name,
            "via": each.via,
            "personal": each.personal,
            "from": each.least.value,
            "active": each.active,
        }
        for each in found
    ]
    if as_json:
        print_json(rows)
        return
    print_table(
        f"Channels: {len(rows)}",
        ("Channel", "Name", "Through", "For", "From", "On"),
        [
            (
                each.id,
                each.name,
                each.via,
                "each person" if each.personal else "one place",
                each.least.value,
                "yes" if each.active else "no",
            )
            for each in found
        ],
    )


def add_channel(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="How people call it.")],
    via: Annotated[str, typer.Option(help="Plug-in: webhook or apprise.")],
    personal: Annotated[
        bool, typer.Option("--personal", help="Each person's address stands for {to}.")
    ] = False,
    least: LeastOption = Severity.INFO,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Make a channel; its address is asked for, so that it stands in no list of commands."""
    target = typer.prompt("Address", err=True)
    with _house(context, config, data) as house, house.database.work(_ACTOR) as work:
        made, secret = notices.add_channel(
            work,
            house.courier,
            name=name,
            via=via,
            target=target,
            personal=personal,
            least=least,
        )
    typer.echo(made.id)
    if secret:
        typer.echo(f"{secret}  (shown once; the receiver checks signatures with it)")


def add_role(
    context: typer.Context,
    channel: ChannelArgument,
    role: Annotated[str, typer.Argument(help="The role.")],
    least: LeastOption = Severity.INFO,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Let what holders of a role are told also go to a shared channel."""
    with _house(context, config, data) as house, house.database.work(_ACTOR) as work:
        notices.subscribe_role(work, channel, role, least=least)
    typer.echo(f"What {role} is told also goes there.")


def new_secret(
    context: typer.Context,
    channel: ChannelArgument,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Give a webhook a new secret; the old one signs too until the overlap ends."""
    with _house(context, config, data) as house, house.database.work(_ACTOR) as work:
        changed, secret = notices.rotate_secret(work, house.courier, channel)
    typer.echo(secret)
    if changed.old_until is not None:
        typer.echo(f"Until {stamp(changed.old_until)} the old one signs too.")


def switch_off(
    context: typer.Context,
    channel: ChannelArgument,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Let nothing leave by a channel any more."""
    with _house(context, config, data) as house, house.database.work(_ACTOR) as work:
        notices.change_channel(work, house.courier, channel, active=False)
    typer.echo("Nothing leaves by it any more.")


def try_channel(
    context: typer.Context,
    channel: ChannelArgument,
    to: Annotated[str, typer.Option("--to", help="Address to try a personal channel.")] = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Send a test over a channel now, and say how it fared."""
    with _house(context, config, data) as house:
        outcome, why = notices.try_channel(
            house.database, _ACTOR, house.courier, channel, address=to
        )
    typer.echo(f"{outcome.value.replace('_', ' ')}: {why}")
    if outcome is not Delivery.DELIVERED:
        raise typer.Exit(_NOT_DELIVERED)


def erase_addresses(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="Id or e-mail address of the person.")],
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Erase every address and the quiet hours of a person."""
    with _house(context, config, data) as house, house.database.work(_ACTOR) as work:
        gone = notices.erase_addresses(work, person_of(work, person))
    typer.echo(f"Addresses erased: {len(gone)}.")


@contextmanager
def _house(context: typer.Context, config: Path | None, data: Path | None) -> Iterator[House]:
    with house_of(context, config, {"data.dir": data}) as house:
        require_current(house.database)
        yield house
