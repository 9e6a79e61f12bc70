"""`muniment access sso …`: who vouches for people and programs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from muniment import access
from muniment.access import Issuer, ServiceId
from muniment.cli.access.words import ACTOR, changing, looking, opened
from muniment.cli.state import (
    ConfigOption,
    DataOption,
    JsonOption,
    print_json,
    print_table,
)
from muniment.core.errors import InvalidError

IssuerArgument = Annotated[str, typer.Argument(metavar="ISSUER", help="Its id, iss_…")]
FileArgument = Annotated[Path, typer.Argument(help="TOML file that describes the issuer.")]
SecretOption = Annotated[
    Path | None, typer.Option("--secret-file", help="File that holds the client secret.")
]
VoucherArgument = Annotated[
    str, typer.Argument(metavar="ISSUER", help="Its id, or client-certificate.")
]
SubjectArgument = Annotated[str, typer.Argument(help="The program's name there.")]


def commands() -> typer.Typer:
    """Give the commands of single sign-on."""
    group = typer.Typer(help="Who vouches for people and programs.", no_args_is_help=True)
    group.command("add")(add)
    group.command("change")(change)
    group.command("list")(list_issuers)
    group.command("check")(check)
    group.command("stop")(stop)
    group.command("link")(link)
    group.command("unlink")(unlink)
    return group


def add(
    context: typer.Context,
    file: FileArgument,
    secret_file: SecretOption = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Trust an issuer that a file describes."""
    told = access.read_description(_text(file))
    secret = _text(secret_file).strip() if secret_file else ""
    with opened(context, config, data) as house:
        house.reception.keyring()  # opened before the transaction, for it may begin the log
        with house.database.work(ACTOR) as work:
            made = access.add_issuer(
                house.reception,
                work,
                name=told.name,
                url=told.url,
                use=told.use,
                client_id=told.client_id,
                client_secret=secret,
                trust=told.trust,
            )
    typer.echo(f"{made.id}\nCheck it: muniment access sso check {made.id}")


def change(
    context: typer.Context,
    issuer: IssuerArgument,
    file: FileArgument,
    secret_file: SecretOption = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Believe of an issuer what a file says now; its address and our name there stay."""
    told = access.read_description(_text(file))
    secret = _text(secret_file).strip() if secret_file else ""
    with opened(context, config, data) as house:
        house.reception.keyring()  # opened before the transaction, for it may begin the log
        with house.database.work(ACTOR) as work:
            found = access.find_issuer(work, issuer)
            access.change_issuer(
                house.reception, work, found, trust=told.trust, active=True, client_secret=secret
            )
    typer.echo("It counts from the next sign-in on.")


def list_issuers(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List who is trusted to vouch for others."""
    with looking(context, config, data) as work:
        found = access.issuers(work)
    if as_json:
        print_json([_told(each) for each in found])
        return
    rows = [
        (each.id, each.name, each.use.value, each.url, "yes" if each.active else "stopped")
        for each in found
    ]
    print_table("Issuers", ("id", "name", "for", "issuer", "active"), rows)


def check(
    context: typer.Context,
    issuer: IssuerArgument,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Look at everything a sign-in through an issuer needs, and say what does not hold."""
    with opened(context, config, data) as house:
        with house.database.look(ACTOR) as work:
            found = access.find_issuer(work, issuer)
        told = access.check_issuer(house.reception, found)
    for each in told:
        typer.echo(f"{'met      ' if each.ok else 'not met  '}{each.says}")
    raise typer.Exit(0 if all(each.ok for each in told) else 1)


def stop(
    context: typer.Context,
    issuer: IssuerArgument,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Believe an issuer nothing any more."""
    with opened(context, config, data) as house, house.database.work(ACTOR) as work:
        found = access.find_issuer(work, issuer)
        access.change_issuer(house.reception, work, found, active=False)
    typer.echo("Nobody signs in through it any more; sessions that began there go on.")


def link(
    context: typer.Context,
    issuer: VoucherArgument,
    subject: SubjectArgument,
    service: Annotated[str, typer.Argument(help="Our service, svc_…")],
    claim: Annotated[list[str] | None, typer.Option(help="NAME=VALUE that must stand.")] = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Let a program's name at an issuer, or its certificate's name, stand for a service."""
    claims = dict(_pair(each) for each in claim or ())
    with changing(context, config, data) as work:
        access.link_workload(work, issuer, subject, ServiceId(service), claims)
    typer.echo("It stands for the service from now on.")


def unlink(
    context: typer.Context,
    issuer: VoucherArgument,
    subject: SubjectArgument,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Let a program's name stand for nothing any more."""
    with changing(context, config, data) as work:
        access.unlink_workload(work, issuer, subject)
    typer.echo("It stands for nothing from now on.")


def _told(issuer: Issuer) -> dict[str, object]:
    shown = replace(issuer, sealed_secret="", key_id="")
    return {
        "id": shown.id,
        "name": shown.name,
        "for": shown.use.value,
        "issuer": shown.url,
        "client_id": shown.client_id,
        "active": shown.active,
        "trust": shown.trust.as_json(),
    }


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidError(f"{file} cannot be read: {error}", remedy="Mend the path.") from error


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise InvalidError(f"{text[:60]!r} is not NAME=VALUE", remedy="Write it so.")
    return name, value
