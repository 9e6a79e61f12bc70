"""`muniment detect feedback …`: report false alarms and misses; list, read and erase them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from muniment import detect
from muniment.cli.detect.asking import read_text
from muniment.cli.detect.calibrating import AsOption
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
from muniment.detect import Case, CaseKeeping, CaseKind

_ACTOR = system_actor("cli")


def commands() -> typer.Typer:
    """Give the commands of feedback."""
    group = typer.Typer(help="Cases: report, list, show, erase.", no_args_is_help=True)
    group.command("report")(report)
    group.command("list")(list_cases)
    group.command("show")(show)
    group.command("erase")(erase)
    return group


def report(  # noqa: PLR0913, PLR0917 each option is its own
    context: typer.Context,
    kind: Annotated[CaseKind, typer.Argument(help="What the detector did wrong.")],
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="The text, or - for stdin.")],
    type_name: Annotated[str, typer.Option("--type", help="Type, such as EMAIL_ADDRESS.")],
    start: Annotated[int, typer.Option(help="First character of the place, from 0.")],
    end: Annotated[int, typer.Option(help="The character after its last.")],
    system: Annotated[str, typer.Option(help="Id of a system; empty: all.")] = "",
    keep_days: Annotated[int, typer.Option(help="Days until the text is erased.")] = 365,
    subject: Annotated[
        str, typer.Option(help="Pseudonym of whom the text is about; empty: nobody named.")
    ] = "",
    classification: Annotated[str, typer.Option(help="How confidential it is.")] = "confidential",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Keep a place of a text as a case; it measures every change, and changes nothing itself."""
    text = read_text(file)
    with (
        house_of(context, config, {"data.dir": data}) as house,
        house.database.work(_ACTOR) as work,
    ):
        case = detect.report(
            work,
            house.safe,
            text,
            kind,
            type=type_name,
            start=start,
            end=end,
            keeping=CaseKeeping(system, keep_days, subject, classification),
        )
    typer.echo(f"{case.id} is kept until {case.erase_after:%d %b %Y}.")


def list_cases(
    context: typer.Context,
    limit: Annotated[int, typer.Option(help="Rows at most.")] = 50,
    cursor: Annotated[str | None, typer.Option(help="Go on after the page before.")] = None,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List cases, the newest first; their texts are not shown."""
    with (
        house_of(context, config, {"data.dir": data}) as house,
        house.database.look(_ACTOR) as work,
    ):
        page = detect.cases(work, limit=limit, cursor=cursor)
    if as_json:
        print_json({"rows": [_told(row) for row in page.rows], "next_cursor": page.next_cursor})
        return
    rows = [
        (each.id, each.kind.value, each.type, each.system or "all", _kept(each))
        for each in page.rows
    ]
    print_table("Cases", ("id", "kind", "type", "system", "text"), rows)
    if page.next_cursor:
        typer.echo(f"More: --cursor {page.next_cursor}")


def show(
    context: typer.Context,
    case: Annotated[str, typer.Argument(help="Id of a case.")],
    reason: Annotated[str, typer.Option(help="Why it is read; it is recorded.")],
    who: AsOption,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show the text of a case and the place in it; that you read it is recorded first."""
    with (
        house_of(context, config, {"data.dir": data}) as house,
        signed_in(house, who) as actor,
    ):
        with house.database.work(actor) as work:
            found, opening = detect.open_case(work, house.safe, case, reason=reason)
        text = detect.text_of(opening)
    typer.echo(f"{found.kind.value} of {found.type}, {found.start} to {found.end}:")
    typer.echo(text.encode("utf-8", "replace").decode())


def erase(
    context: typer.Context,
    case: Annotated[str, typer.Argument(help="Id of a case.")],
    reason: Annotated[str, typer.Option(help="Why it is erased.")],
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Erase the text of a case for good; its digest remains."""
    with (
        house_of(context, config, {"data.dir": data}) as house,
        house.database.work(_ACTOR) as work,
    ):
        erased = detect.erase(work, case, reason=reason)
    typer.echo(f"The text of {erased.id} is erased.")


def _kept(case: Case) -> str:
    if case.erased_at is not None:
        return f"erased {case.erased_at:%d %b %Y}"
    return f"kept until {case.erase_after:%d %b %Y}"


def _told(case: Case) -> dict[str, Any]:
    return {name: value for name, value in asdict(case).items() if name != "kept"}
