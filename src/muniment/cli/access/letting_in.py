"""`muniment access first-link | reset | sessions | end-sessions`: letting in and putting out."""

from __future__ import annotations

from typing import Annotated

import typer

from muniment import access
from muniment.access import MadeLink, Person, PersonId
from muniment.cli.access.words import ACTOR, changing, looking, opened
from muniment.cli.state import (
    ConfigOption,
    DataOption,
    JsonOption,
    print_json,
    print_table,
)
from muniment.core.clock import stamp
from muniment.core.errors import NotFoundError
from muniment.db import Work
from muniment.server import House

WhoArgument = Annotated[str, typer.Argument(metavar="PERSON", help="E-mail address or id.")]
BaseOption = Annotated[
    str, typer.Option("--base", help="Address of the console, if server.public_url is not set.")
]


def add_to(group: typer.Typer) -> None:
    """Join the commands of access."""
    group.command("first-link")(first_link)
    group.command("reset")(reset)
    group.command("sessions")(sessions)
    group.command("end-sessions")(end_sessions)


def first_link(
    context: typer.Context,
    base: BaseOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Print a new one-time link by which the first admin sets this installation up."""
    with opened(context, config, data) as house:
        with house.database.work(ACTOR) as work:
            made = access.first_link(work, house.settings)
        _print_link(house, base, "console/set-up", made)


def reset(
    context: typer.Context,
    who: WhoArgument,
    base: BaseOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Print a one-time link by which a person gets in again, whatever they lost."""
    with opened(context, config, data) as house:
        with house.database.work(ACTOR) as work:
            made = access.reset_link(work, _person(work, who).id, house.settings)
        _print_link(house, base, "console/sign-in/link", made)


def sessions(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List who is signed in now."""
    with looking(context, config, data) as work:
        found = access.sessions(work)
        names = access.names(work, [each.sign_in.person_id for each in found])
    rows = [
        {
            "person": each.sign_in.person_id,
            "name": names.get(each.sign_in.person_id, ""),
            "methods": [method.value for method in each.sign_in.methods],
            "began": stamp(each.began_at),
            "seen": stamp(each.seen_at),
            "ends": stamp(each.ends_at),
            "address": each.address,
        }
        for each in found
    ]
    if as_json:
        print_json(rows)
        return
    columns = ("person", "name", "methods", "began", "seen", "address")
    lines = [
        [" + ".join(row[name]) if name == "methods" else row[name] for name in columns]
        for row in rows
    ]
    print_table("Signed in now", columns, lines)


def end_sessions(
    context: typer.Context,
    who: WhoArgument,
    reason: Annotated[str, typer.Option(help="Why; it is recorded.")],
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """End every session of a person, in every process, at once."""
    with changing(context, config, data) as work:
        count = access.end_sessions_of(work, _person(work, who).id, reason)
    typer.echo(f"{count} session{'' if count == 1 else 's'} ended.")


def _print_link(house: House, base: str, path: str, made: MadeLink) -> None:
    typer.echo(f"{base_of(house, base)}/{path}/{made.secret}")
    typer.echo(f"It works once, until {stamp(made.expires_at)}.", err=True)


def base_of(house: House, base: str = "", port: int = 0) -> str:
    """Give the address of the console as people write it, as far as the settings tell."""
    server = house.settings.server
    if base or server.public_url:
        return (base or server.public_url).rstrip("/")
    scheme = "https" if server.tls_cert else "http"
    host = "localhost" if server.host in ("127.0.0.1", "::1") else server.host
    return f"{scheme}://{host}:{port or server.port}"


def _person(work: Work, who: str) -> Person:
    if who.startswith("per_"):
        return access.person(work, PersonId(who))
    found = access.person_by_address(work, who)
    if found is None:
        raise NotFoundError(
            f"nobody has the address {who[:100]}", remedy="See `muniment access people`."
        )
    return found
