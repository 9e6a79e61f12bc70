"""Looking at versions, and at what was in force on a date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from muniment import policy
from muniment.cli.state import (
    ConfigOption,
    DataOption,
    JsonOption,
    house_of,
    print_json,
    print_table,
)
from muniment.core.actor import system_actor
from muniment.core.clock import parse_stamp, stamp
from muniment.db.migrate import require_current
from muniment.policy import FileDiff, InForce, LineChange, Shown, Standing, Version
from muniment.server import House

ACTOR = system_actor("cli")

VersionArgument = Annotated[int, typer.Argument(metavar="VERSION", help="Number of the version.")]


def list_versions(
    context: typer.Context,
    limit: Annotated[int, typer.Option(help="Rows at most.", min=1, max=500)] = 50,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List versions, the newest first, and which is in force."""
    with opened(context, config, data) as house, house.database.look(ACTOR) as work:
        now = policy.standing(work)
        rows = [version_value(each, now) for each in policy.versions(work, limit=limit).rows]
    if as_json:
        print_json({"revision": now.revision, "versions": rows})
        return
    columns = ("Version", "Stands", "Rules", "From", "Written by", "Why", "When")
    print_table(
        "Versions of the policy",
        columns,
        [
            (
                each["version"],
                each["stands"],
                each["rules"],
                each["based_on"] or "nothing",
                each["author"],
                each["reason"],
                each["made_at"][:16],
            )
            for each in rows
        ],
    )


def show(
    context: typer.Context,
    version: VersionArgument,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show a version: its rules, and what it changes."""
    with opened(context, config, data) as house, house.database.look(ACTOR) as work:
        now = policy.standing(work)
        shown = policy.show(work, version)
    if as_json:
        print_json(shown_value(shown, now))
        return
    told = version_value(shown.version, now)
    typer.echo(f"Version {version}, {told['stands']}: {told['reason']}")
    typer.echo(told["bundle"])
    for change in shown.changes:
        typer.echo(f"{change.kind} {change.rule}")
    _print_files(shown.files)


def diff(
    context: typer.Context,
    version: VersionArgument,
    base: Annotated[
        int | None,
        typer.Option(help="Version to compare with, 0 for none; else what it was drafted from."),
    ] = None,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Say line by line what a version changes in another."""
    with opened(context, config, data) as house, house.database.look(ACTOR) as work:
        before = policy.show(work, version).version.based_on if base is None else base
        files = policy.differences(work, before, version)
    if as_json:
        told = [file_value(each) for each in files]
        print_json({"before": before, "after": version, "files": told})
        return
    _print_files(files)
    if not files:
        typer.echo("The files are the same, word for word.")


def at(
    context: typer.Context,
    when: Annotated[str, typer.Argument(metavar="WHEN", help="As 2026-11-20T14:00:00Z.")],
    proof: Annotated[Path | None, typer.Option(help="Write the proof file here.")] = None,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Say which policy was enforced at a moment, with its proof; a shadow never counts."""
    moment = parse_stamp(when)
    with opened(context, config, data) as house, house.database.look(ACTOR) as work:
        found = policy.in_force_at(work, house.log, moment)
    if proof is not None and found.proof:
        proof.write_bytes(found.proof)
    if as_json:
        print_json(in_force_value(found))
        return
    if found.version is None:
        typer.echo(f"No policy was enforced at {when}.")
    else:
        typer.echo(f"Version {found.version.number} was enforced at {when}.")
        typer.echo(found.version.bundle)
        where = f"entry {found.entry}" if found.entry is not None else "not sealed yet"
        typer.echo(f"In force since {stamp(found.change.at) if found.change else ''}: {where}.")
    if found.shadow is not None:
        typer.echo(f"Version {found.shadow.number} was in shadow and decided nothing.")


def print_lines(lines: Iterable[LineChange]) -> None:
    """Print lines with the sign that says what happened to each."""
    for line in lines:
        typer.echo(f"{line.sign} {line.text}".rstrip())


def _print_files(files: Iterable[FileDiff]) -> None:
    for each in files:
        typer.echo(f"\n{each.name}: {each.kind}, {each.added} added, {each.removed} removed")
        print_lines(each.lines)


@contextmanager
def opened(context: typer.Context, config: Path | None, data: Path | None) -> Iterator[House]:
    """Open the house, if its database is as new as this program."""
    with house_of(context, config, {"data.dir": data}) as house:
        require_current(house.database)
        yield house


def version_value(version: Version, now: Standing) -> dict[str, Any]:
    """Give a version as plain JSON."""
    places = {now.enforced: "enforced", now.shadow: "in shadow"}
    return {
        "version": version.number,
        "stands": places.get(version.number, "draft or earlier"),
        "bundle": version.bundle,
        "based_on": version.based_on,
        "rules": version.rules,
        "author": version.author,
        "reason": version.reason,
        "made_at": stamp(version.made_at),
        "request": version.request_id,
    }


def shown_value(shown: Shown, now: Standing) -> dict[str, Any]:
    """Give a version with its files as plain JSON."""
    return {
        **version_value(shown.version, now),
        "files": {each.name: each.text for each in shown.bundle.sources},
        "changes": [
            {"rule": each.rule, "kind": each.kind, "before": each.before, "after": each.after}
            for each in shown.changes
        ],
    }


def file_value(changed: FileDiff) -> dict[str, Any]:
    """Give what changed in a file as plain JSON."""
    return {
        "name": changed.name,
        "kind": changed.kind,
        "added": changed.added,
        "removed": changed.removed,
        "lines": [
            {"kind": each.kind, "text": each.text, "before": each.before, "after": each.after}
            for each in changed.lines
        ],
    }


def in_force_value(found: InForce) -> dict[str, Any]:
    """Give what was in force as plain JSON."""
    return {
        "at": stamp(found.at),
        "verdict": found.verdict,
        "version": found.version.number if found.version else None,
        "bundle": found.version.bundle if found.version else None,
        "since": stamp(found.change.at) if found.change else None,
        "how": found.change.how.value if found.change else None,
        "request": found.change.request_id if found.change else None,
        "record": found.change.record_id if found.change else None,
        "entry": found.entry,
        "in_shadow": found.shadow.number if found.shadow else None,
    }
