"""`muniment policy written …`: policies for people, written, let hold, and read."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from muniment import policy
from muniment.cli.access.words import person
from muniment.cli.policy.changing import AsOption, ReasonOption
from muniment.cli.policy.looking import ACTOR, opened, print_lines
from muniment.cli.signing_in import signed_in
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json, print_table
from muniment.core.clock import stamp
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.policy import Document, DocumentDraft, Reader, WrittenPolicy

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Short name of the policy.")]
NumberArgument = Annotated[int, typer.Argument(metavar="VERSION", help="Number of the version.")]

_MONTH: Final = timedelta(days=30)
_LIST_COLUMNS: Final = ("Policy", "Title", "Stands", "Version", "Owner", "Review by", "Read by")


def commands() -> typer.Typer:
    """Give the commands of written policies."""
    group = typer.Typer(help="Policies for people.", no_args_is_help=True)
    for name, command in (
        ("list", list_written),
        ("show", show),
        ("readers", list_readers),
        ("starter", starter),
        ("write", write),
        ("publish", publish),
        ("acknowledge", acknowledge),
    ):
        group.command(name)(command)
    return group


def list_written(
    context: typer.Context,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List policies for people, how each stands, and how many have read it."""
    with opened(context, config, data) as house, house.database.look(ACTOR) as work:
        rows = [written_value(work, each) for each in _every(work)]
    if as_json:
        print_json({"policies": rows})
        return
    print_table(
        "Written policies",
        _LIST_COLUMNS,
        [
            (
                each["id"],
                each["title"],
                each["stands"],
                each["version"],
                each["owner"],
                each["review_by"][:10],
                f"{each['read_by']} of {each['asked_of']}",
            )
            for each in rows
        ],
    )


def show(
    context: typer.Context,
    name: NameArgument,
    version: Annotated[
        int, typer.Option(help="A version, with what it changes; else the one that holds.", min=0)
    ] = 0,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show what holds, word for word; or a version and what it changes."""
    with opened(context, config, data) as house, house.database.look(ACTOR) as work:
        if version:
            made, before, request = policy.written_version(work, name, version)
            lines = policy.line_changes(before.text if before else "", made.text)
            told = {**document_value(made), "request": request.id if request else ""}
        else:
            found = policy.written_policy(work, name)
            made, lines, told = found.shown, (), written_value(work, found)
    if as_json:
        print_json({**told, "text": made.text})
        return
    typer.echo(f"{made.title}, version {made.version}: {made.reason}")
    typer.echo(made.digest)
    typer.echo(f"Owner {made.owner}; looked at again by {stamp(made.review_by)[:10]}.\n")
    if version:
        print_lines(lines)
    else:
        typer.echo(made.text)


def list_readers(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="One policy; else all.")] = "",
    missing: Annotated[bool, typer.Option("--missing", help="Only who has not yet.")] = False,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List who has read what holds, and who has not yet."""
    with opened(context, config, data) as house, house.database.look(ACTOR) as work:
        found = list(_everyone(work, name, read=False if missing else None))
    rows = [
        (each.name, each.document, each.version, stamp(each.at)[:16] if each.at else "not yet")
        for each in found
    ]
    if as_json:
        names = ("person", "policy", "version", "read")
        print_json({"readers": [dict(zip(names, row, strict=True)) for row in rows]})
        return
    print_table("Who has read what", ("Person", "Policy", "Version", "Read"), rows)


def starter(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Print this one.")] = "",
) -> None:
    """Print a policy to begin with, or list them."""
    if name:
        sys.stdout.write(policy.template_text(policy.template(name)))
        return
    rows = [
        (each.name, each.title, ", ".join(each.controls), f"every {each.review_months} months")
        for each in policy.templates()
    ]
    print_table("To begin with", ("Name", "Title", "Serves", "Looked at again"), rows)


def write(
    context: typer.Context,
    name: NameArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="As `starter` prints one.")],
    owner: Annotated[str, typer.Option(help="Who answers for it: an e-mail address.")],
    reason: ReasonOption,
    who: AsOption,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Keep a file as a new version of a policy for people; it does not hold yet."""
    given = policy.read_template(name, _text(file))
    with opened(context, config, data) as house:
        with house.database.look(ACTOR) as work:
            answers = person(work, owner)
            due = work.now + given.review_months * _MONTH
        drafted = DocumentDraft(given.title, given.text, answers, due, given.controls)
        with signed_in(house, who) as actor, house.database.work(actor) as work:
            made = policy.write_document(work, name, drafted, reason=reason)
    typer.echo(f"Version {made.version} of {name} is kept; it does not hold yet.")
    typer.echo(made.digest)


def publish(
    context: typer.Context,
    name: NameArgument,
    version: NumberArgument,
    who: AsOption,
    ask: Annotated[bool, typer.Option("--ask", help="Ask a peer for a yes first.")] = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Ask a peer for a yes to a version, or let one hold that has it."""
    with (
        opened(context, config, data) as house,
        signed_in(house, who) as actor,
        house.database.work(actor) as work,
    ):
        if ask:
            request = policy.ask_for_document(work, name, version)
            typer.echo(f"Asked: {request.id}. A peer answers in the console, or with")
            typer.echo(f"muniment approvals answer {request.id} approve --reason … --as …")
            return
        policy.publish_document(work, name, version)
    typer.echo(f"Version {version} of {name} holds. Everybody is asked to read it.")


def acknowledge(
    context: typer.Context,
    name: NameArgument,
    digest: Annotated[str, typer.Option(help="Digest of what you read, as `show` prints it.")],
    who: AsOption,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Say that you have read exactly the version that holds."""
    with (
        opened(context, config, data) as house,
        signed_in(house, who) as actor,
        house.database.work(actor) as work,
    ):
        made = policy.acknowledge(work, name, digest=digest)
    typer.echo(f"You have read {name}, version {made.version}, at {stamp(made.at)}.")


def document_value(made: Document) -> dict[str, Any]:
    """Give a version as plain JSON."""
    return {
        "id": made.id,
        "version": made.version,
        "title": made.title,
        "owner": made.owner,
        "author": made.author,
        "reason": made.reason,
        "review_by": stamp(made.review_by),
        "controls": list(made.controls),
        "digest": made.digest,
    }


def written_value(work: Work, found: WrittenPolicy) -> dict[str, Any]:
    """Give a policy for people as plain JSON, as it stands."""
    return {
        **document_value(found.shown),
        "stands": found.stands(work.now).value,
        "latest": found.latest.version,
        "since": stamp(found.held.since) if found.held else None,
        "read_by": found.read_by,
        "asked_of": found.asked_of,
    }


def _every(work: Work) -> Iterable[WrittenPolicy]:
    cursor: str | None = None
    while True:
        page = policy.written_policies(work, cursor=cursor)
        yield from page.rows
        cursor = page.next_cursor
        if cursor is None:
            return


def _everyone(work: Work, name: str, *, read: bool | None) -> Iterable[Reader]:
    cursor: str | None = None
    while True:
        page = policy.readers(work, name, read=read, cursor=cursor)
        yield from page.rows
        cursor = page.next_cursor
        if cursor is None:
            return


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise InvalidError(
            f"{file} cannot be read: {why}",
            field="file",
            remedy="`muniment policy written starter NAME` prints one to begin with.",
        ) from error
