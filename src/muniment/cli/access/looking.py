"""`muniment access reviews|outside|emergencies|tidy`: what is looked over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from muniment import access
from muniment.access import PersonId
from muniment.cli.access.words import (
    ACTOR,
    changing,
    day,
    every_page,
    looking,
    opened,
    person,
    plain,
    tell,
)
from muniment.cli.state import (
    ConfigOption,
    DataOption,
    JsonOption,
    print_json,
    print_table,
)
from muniment.core.errors import InvalidError

ReviewArgument = Annotated[str, typer.Argument(help="Id of the review.")]
PlaceArgument = Annotated[str, typer.Argument(help="The other system, such as grafana.")]


def review_commands() -> typer.Typer:
    """Give the commands about reviews; they are opened and answered by people in the console."""
    group = typer.Typer(help="Reviews of access.", no_args_is_help=True)
    for name, command in (("list", list_reviews), ("export", export_review)):
        group.command(name)(command)
    return group


def outside_commands() -> typer.Typer:
    """Give the commands about rights in other systems."""
    group = typer.Typer(help="Rights in other systems.", no_args_is_help=True)
    for name, command in (
        ("list", list_outside),
        ("import", import_outside),
        ("feeds", list_feeds),
        ("pull", pull_outside),
        ("resolve", resolve_outside),
    ):
        group.command(name)(command)
    return group


def list_reviews(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List reviews, newest first."""
    with looking(context, config, data) as work:
        rows = every_page(lambda cursor: access.reviews(work, cursor=cursor, limit=500))
    tell(
        "Reviews",
        ("id", "name", "as of", "lines", "state", "due", "closed"),
        rows,
        lambda one: (
            *(one.id, one.name, day(one.as_of), one.lines, one.state),
            *(day(one.due_at), day(one.closed_at)),
        ),
        as_json=as_json,
    )


def export_review(
    context: typer.Context,
    review: ReviewArgument,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the lines as CSV.")] = False,
) -> None:
    """Print a review as evidence: population, answers, and its entries in the ledger."""
    with (
        opened(context, config, data, sealing=True) as house,
        house.database.look(ACTOR) as work,
    ):
        found = access.review_evidence(work, house.log, review)
    if as_csv:
        typer.echo(access.evidence_csv(found), nl=False)
    else:
        print_json(found)


def list_outside(
    context: typer.Context,
    place: Annotated[str, typer.Option(help="Only this system.")] = "",
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    orphans: Annotated[bool, typer.Option("--orphans", help="Only what is nobody's.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List rights in other systems."""
    with looking(context, config, data) as work:
        rows = every_page(
            lambda cursor: access.outside(
                work, place=place, orphans=orphans, cursor=cursor, limit=500
            )
        )
    tell(
        "Rights in other systems",
        ("id", "place", "account", "right", "person", "seen"),
        rows,
        lambda one: (
            *(one.id, one.place, one.account, one.what),
            *(one.person_id or "nobody", day(one.seen_at)),
        ),
        as_json=as_json,
    )


def import_outside(
    context: typer.Context,
    place: PlaceArgument,
    file: Annotated[Path, typer.Argument(help="CSV with account,what and maybe person.")],
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would be.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring in all rights of another system from a file; one bad row, and nothing changes."""
    text = _text(file)
    with changing(context, config, data) as work:
        found = access.preview_outside(work, place, text)
        if not preview and not found.bad:
            found = access.import_outside(work, place, text)
    _tell_import(found, "would be" if preview or found.bad else "are", as_json=as_json)
    if found.bad:
        raise InvalidError(
            f"{len(found.bad)} rows cannot be taken; nothing was brought in",
            field="file",
            remedy="Mend the rows named above.",
        )


def list_feeds(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List the systems whose rights are told by a feed."""
    with opened(context, config, data) as house:
        rows = [(place, house.feeds.source(place)) for place in house.feeds.places]
    if as_json:
        print_json([{"place": place, "feed": name} for place, name in rows])
    else:
        print_table("Feeds", ("place", "feed"), rows)


def pull_outside(
    context: typer.Context,
    place: PlaceArgument,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Ask another system for all its rights now, through its feed."""
    with opened(context, config, data) as house:
        found = access.pull_outside(
            house.feeds,
            place,
            lambda: house.database.look(ACTOR),
            lambda: house.database.work(ACTOR),
        )
    _tell_import(found, "are", as_json=as_json)


def resolve_outside(
    context: typer.Context,
    right: Annotated[str, typer.Argument(help="Id of the right.")],
    whom: Annotated[str, typer.Argument(help="Whose account it is.", metavar="WHO")],
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Say whose account it is that nobody was found for."""
    with changing(context, config, data) as work:
        owner: PersonId = person(work, whom)
        found = access.resolve_outside(work, right, owner)
    typer.echo(f"{found.account} in {found.place} is {owner}.")


def list_emergencies(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    unreviewed: Annotated[
        bool, typer.Option("--unreviewed", help="Only what nobody looked over.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List roles that were taken in an emergency, newest first."""
    with looking(context, config, data) as work:
        rows = access.emergencies(work, unreviewed=unreviewed)
    tell(
        "Emergencies",
        ("id", "person", "grant", "from", "until", "looked over by", "finding"),
        rows,
        lambda one: (
            *(one.id, one.person_id, one.grant_id, day(one.broken_at), day(one.ends_at)),
            *(one.reviewed_by or "nobody yet", one.finding or "-"),
        ),
        as_json=as_json,
    )


def tidy(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Do now what is done every night: end idle keys, note what ran out, stop what is nobody's."""
    with changing(context, config, data) as work:
        found = access.tidy(work)
        access.look_after_reviews(work)
    if as_json:
        print_json(plain(found))
    else:
        typer.echo(
            f"{len(found.keys)} idle keys ended, {len(found.grants)} grants ran out,"
            f" {len(found.services)} services stopped,"
            f" {len(found.emergencies)} emergencies wait too long."
        )


def _tell_import(found: access.Import, done: str, *, as_json: bool) -> None:
    if as_json:
        print_json(plain(found))
        return
    for bad in found.bad:
        typer.echo(f"row {bad.row}: {bad.reason}", err=True)
    typer.echo(
        f"{found.added} {done} new, {found.kept} as before, {found.gone} gone;"
        f" {len(found.orphans)} accounts are nobody's."
    )


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidError(
            f"{file} cannot be read: {error.strerror}", field="file", remedy="Mend the path."
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidError(
            f"{file} is not UTF-8 from byte {error.start} on",
            field="file",
            remedy="Save it as UTF-8.",
        ) from error
