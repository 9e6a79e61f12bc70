"""Commands that bring in sheets, and compare the registry with what was seen in traffic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from muniment import registry
from muniment.cli.registry.words import (
    AsOption,
    LimitOption,
    OfSystemOption,
    ReasonOption,
    SystemArgument,
    act,
    look,
    stamp_of,
    system_id_of,
)
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json, print_table
from muniment.core.clock import stamp
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.registry import (
    Completeness,
    GivenSheet,
    Preview,
    Sighting,
    SightingQuery,
    SightingState,
)

BAD = 1
SightingArgument = Annotated[str, typer.Argument(metavar="SIGHTING", help="Id of what was seen.")]


def add_to(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("import")(bring_in)
    group.command("seen")(seen)
    group.command("completeness")(completeness)
    group.command("register-seen")(register_seen)
    group.command("not-ours")(not_ours)


def bring_in(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or XLSX.")],
    reason: ReasonOption = "",
    preview: Annotated[bool, typer.Option("--preview", help="Only look at every row.")] = False,
    as_json: JsonOption = False,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Bring in a sheet of systems, versions or past intervals: every row, or none."""
    sheet = _sheet(file)
    found = act(context, config, data, who, lambda work: registry.preview(work, sheet))
    if preview or found.bad:
        _show(found, as_json=as_json)
        raise typer.Exit(BAD if found.bad else 0)
    done = act(
        context, config, data, who, lambda work: registry.bring_in(work, sheet, reason=reason)
    )
    if as_json:
        print_json(preview_told(done))
    else:
        typer.echo(f"{done.count:,} rows of {done.sort.value} were brought in.")


def seen(
    context: typer.Context,
    system: OfSystemOption = "",
    state: Annotated[SightingState | None, typer.Option(help="Only in this state.")] = None,
    limit: LimitOption = 50,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List what was seen in traffic, and whether it is registered."""

    def read(work: Work) -> tuple[Sighting, ...]:
        query = SightingQuery(system_id=system_id_of(work, system), state=state)
        return registry.find_sightings(work, query, limit=limit).rows

    rows = [sighting_told(each) for each in look(context, config, data, read)]
    if as_json:
        print_json(rows)
        return
    columns = ("Id", "What", "Seen as", "Where", "Finding", "State")
    names = ("id", "sort", "what", "environment", "finding", "state")
    print_table("Seen", columns, [tuple(each[name] for name in names) for each in rows])


def completeness(
    context: typer.Context,
    system: SystemArgument,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Say how the registry and the traffic of a system compare."""
    found = look(context, config, data, lambda work: registry.completeness(work, system))
    if as_json:
        print_json(completeness_told(found))
        return
    if not found.sees_traffic:
        typer.echo("No traffic of it was seen yet, so nothing can be told about it.")
    typer.echo(f"Seen and not settled: {found.open}. Registered and never seen: {_count(found)}.")
    for each in found.unseen:
        where = "serves" if each.serves else "newest"
        typer.echo(f"Never seen: {each.label} version {each.number} ({where})")


def register_seen(
    context: typer.Context,
    sighting: SightingArgument,
    part: Annotated[str, typer.Option(help="Name of the part.")] = "main",
    provider: Annotated[str, typer.Option(help="Of a model: who offers it.")] = "",
    text: Annotated[Path | None, typer.Option(help="Of a prompt: the file with its text.")] = None,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Register what was seen as a version; it serves only by a change request."""
    written = _text(text) if text is not None else ""
    made = act(
        context,
        config,
        data,
        who,
        lambda work: registry.register_seen(
            work, sighting, part=part, provider=provider, text=written
        ),
    )
    typer.echo(f"{made.label} version {made.number}: {made.digest}")


def not_ours(
    context: typer.Context,
    sighting: SightingArgument,
    reason: ReasonOption,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Decide that something seen need not be registered, and keep why."""
    made = act(
        context, config, data, who, lambda work: registry.not_ours(work, sighting, reason=reason)
    )
    typer.echo(f"{made.what} is not ours: {made.reason}")


def preview_told(found: Preview) -> dict[str, Any]:
    """Tell what would come of a sheet, for programs."""
    rows = [
        {"row": each.number, "field": each.field, "says": each.says, "remedy": each.remedy}
        for each in found.bad
    ]
    return {"sheet": found.sort.value, "rows": found.count, "bad": rows}


def sighting_told(found: Sighting) -> dict[str, Any]:
    """Tell what was seen, for programs."""
    return {
        "id": found.id,
        "system": found.system_id,
        "environment": found.environment,
        "sort": found.sort.value,
        "what": found.what,
        "reported": found.reported,
        "reported_before": found.reported_before,
        "finding": found.finding.replace("_", " "),
        "state": found.state.value,
        "reason": found.reason,
        "first_seen_at": stamp(found.first_seen_at),
        "decided_at": stamp_of(found.decided_at),
    }


def completeness_told(found: Completeness) -> dict[str, Any]:
    """Tell how registry and traffic compare, for programs."""
    unseen = [
        {"part": each.label, "version": each.number, "serves": each.serves} for each in found.unseen
    ]
    return {
        "system": found.system_id,
        "open": found.open,
        "settled": found.settled,
        "never_seen": unseen,
        "sees_traffic": found.sees_traffic,
    }


def _count(found: Completeness) -> int:
    return len(found.unseen)


def _sheet(path: Path) -> GivenSheet:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InvalidError(
            f"{path} cannot be read: {error.strerror}", field="file", remedy="Name a file."
        ) from error
    return registry.read_sheet(data)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InvalidError(
            f"{path} cannot be read as text", field="text", remedy="Save it as UTF-8."
        ) from error


def _show(found: Preview, *, as_json: bool) -> None:
    if as_json:
        print_json(preview_told(found))
        return
    good = found.count - len(found.bad)
    typer.echo(f"{found.sort.value}: {good:,} of {found.count:,} rows can be brought in.")
    for each in found.bad:
        typer.echo(str(each))
