"""`muniment approvals …`: what waits, what is asked, and a person's answer from a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from muniment import access, approvals
from muniment.approvals import Answer, Query, Request, State
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
from muniment.core.clock import stamp
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.db.migrate import require_current
from muniment.server import House

_ACTOR = system_actor("cli")

IdArgument = Annotated[str, typer.Argument(metavar="REQUEST", help="Id of the request.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it stands in the record.")]
AsOption = Annotated[
    str, typer.Option("--as", help="Your e-mail address; you are asked to sign in.")
]


def commands() -> typer.Typer:
    """Give the commands of approvals."""
    group = typer.Typer(help="Who said yes to exactly what.", no_args_is_help=True)
    for name, command in (
        ("list", list_requests),
        ("show", show),
        ("answer", answer),
        ("link", link),
        ("overrides", overrides),
    ):
        group.command(name)(command)
    return group


def list_requests(
    context: typer.Context,
    state: Annotated[State | None, typer.Option(help="Only in this state.")] = None,
    matter: Annotated[str, typer.Option(help="Only of this kind, as registry.deploy.")] = "",
    limit: Annotated[int, typer.Option(help="Rows at most.", min=1, max=500)] = 50,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List requests, the newest first."""
    with _house(context, config, data) as house, house.database.look(_ACTOR) as work:
        page = approvals.list_requests(work, Query(state, matter), limit=limit)
        rows = [_told(work, each) for each in page.rows]
    if as_json:
        print_json(rows)
        return
    print_table(
        "Requests",
        ("Id", "What is asked", "About", "State", "Still needed", "Asked by"),
        [
            (
                each["id"],
                each["title"],
                each["about"],
                each["state"],
                ", ".join(each["missing"]),
                each["author"],
            )
            for each in rows
        ],
    )


def show(
    context: typer.Context,
    request_id: IdArgument,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show one request: what would change, what was checked, what was said."""
    with _house(context, config, data) as house, house.database.look(_ACTOR) as work:
        request, votes, _ = approvals.get(work, request_id)
        told = _told(work, request)
        names = access.named(work, [each.person for each in votes])
    said = [
        {
            "person": names.get(each.person, each.person) or f"rule {each.by_rule}",
            "answer": each.answer.value,
            "digest": each.digest,
            "reason": each.reason,
            "at": stamp(each.at),
            "seconds": each.seconds,
            "signed_in": each.signed_in,
        }
        for each in votes
    ]
    if as_json:
        print_json({**told, "document": request.matter.document, "votes": said})
        return
    _print_request(request, told)
    if said:
        print_table(
            "What was said",
            ("Who", "Answer", "Why", "When"),
            [(each["person"], each["answer"], each["reason"], each["at"]) for each in said],
        )


def answer(  # noqa: PLR0913, PLR0917 each option is a part of the answer
    context: typer.Context,
    request_id: IdArgument,
    given: Annotated[Answer, typer.Argument(metavar="ANSWER", help="approve, deny, …")],
    reason: ReasonOption,
    who: AsOption,
    change: Annotated[
        Path | None, typer.Option(help="JSON file with the changed document.")
    ] = None,
    acts_for: Annotated[str, typer.Option("--for", help="Answer for this person's id.")] = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Answer a request as yourself: sign in, see exactly what is asked, confirm."""
    changed = _read_change(change) if change is not None else None
    with _house(context, config, data) as house, signed_in(house, who) as actor:
        with house.database.work(actor) as work:
            request = approvals.open_request(work, request_id)
            told = _told(work, request)
        _print_request(request, told)
        typer.confirm(f"Record “{given.value}” of {request.version.digest}?", abort=True)
        with house.database.work(actor) as work:
            done = approvals.decide(
                work,
                request_id,
                given,
                digest=request.version.digest,
                reason=reason,
                change=changed,
                acts_for=acts_for,
            )
    typer.echo(f"{request_id} is {done.state.value}.")


def link(
    context: typer.Context,
    request_id: IdArgument,
    person: Annotated[str, typer.Option("--to", help="Id of the person it is for.")],
    days: Annotated[int, typer.Option(help="How long it is good.", min=1, max=14)] = 3,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Make a one-time link that opens a decision for one person, who signs in to answer."""
    with _house(context, config, data) as house:
        mac = approvals.mac_of(house.reception.keyring())
        with house.database.work(_ACTOR) as work:
            secret = approvals.make_link(
                work, request_id, person, mac=mac, lasts=timedelta(days=days)
            )
        base = house.settings.server.public_url.rstrip("/")
    typer.echo(f"{base}/console/approvals/link/{secret}")


def overrides(
    context: typer.Context,
    days: Annotated[int, typer.Option(help="How far back.", min=1, max=3_650)] = 90,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List the overrides of a period; each is an exception."""
    with _house(context, config, data) as house, house.database.look(_ACTOR) as work:
        found = approvals.overrides(work, work.now - timedelta(days=days), work.now)
        names = access.named(work, [each.person for each in found])
    rows = [
        {
            "request": each.request_id,
            "person": names.get(each.person, each.person),
            "at": stamp(each.at),
            "reason": each.reason,
        }
        for each in found
    ]
    if as_json:
        print_json(rows)
        return
    print_table(
        f"Overrides in {days} days: {len(rows)}",
        ("Request", "Who", "When", "Why"),
        [tuple(each.values()) for each in rows],
    )


@contextmanager
def _house(context: typer.Context, config: Path | None, data: Path | None) -> Iterator[House]:
    with house_of(context, config, {"data.dir": data}) as house:
        require_current(house.database)
        yield house


def _told(work: Work, request: Request) -> dict[str, Any]:
    names = access.named(work, [request.author])
    matter = request.matter
    return {
        "id": request.id,
        "matter": matter.kind,
        "title": matter.title,
        "about": f"{matter.subject[0]} {matter.subject[1]}",
        "state": request.state.value,
        "version": request.version.number,
        "digest": request.version.digest,
        "missing": list(approvals.outcome(work, request).missing),
        "author": names.get(request.author, request.author),
        "asked_at": stamp(request.asked_at),
        "expires_at": stamp(request.timing.expires_at) if request.timing.expires_at else None,
    }


def _print_request(request: Request, told: dict[str, Any]) -> None:
    typer.echo(f"{told['title']} ({told['matter']}, {told['about']})")
    typer.echo(f"{told['state']}; asked by {told['author']} at {told['asked_at']}")
    typer.echo(f"After a yes: {request.matter.consequence}")
    typer.echo(f"Exactly this: {request.version.digest}")
    changed = approvals.differences(request.matter.before, request.matter.document)
    print_table("What changes", ("Part", "Now", "After a yes"), changed)
    checks = [
        (each.name, each.verdict.replace("_", " "), each.says) for each in request.matter.checks
    ]
    print_table("What was checked", ("Check", "Answer", "What it says"), checks)
    if told["missing"]:
        typer.echo(f"Still needed: {', '.join(told['missing'])}")


def _read_change(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidError(
            f"{path} cannot be read as JSON: {error}", field="change", remedy="Mend the file."
        ) from error
    if not isinstance(found, dict):
        raise InvalidError(f"{path} holds no object", field="change", remedy="Write {…}.")
    return found
