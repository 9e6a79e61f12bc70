"""Commands about the past: what served at a moment, and in a period."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from muniment import access, registry
from muniment.cli.registry.words import ACTOR as _ACTOR
from muniment.cli.registry.words import EnvironmentOption, opened, stamp_of
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json, print_table
from muniment.core.clock import parse_stamp, stamp
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.registry import Moment, Observation, Suspension

SystemOption = Annotated[str, typer.Option("--system", help="Its key or id.")]
KnownOption = Annotated[
    str, typer.Option("--known-at", help="Answer with what was known at this moment.")
]


def add_to(group: typer.Typer) -> None:
    """Add the commands about the past."""
    group.command("at")(at)
    group.command("served")(served)


def at(  # noqa: PLR0913, PLR0917 each option is a part of the question
    context: typer.Context,
    moment: Annotated[str, typer.Argument(metavar="DATE", help="As 2026-03-01T12:00Z, or now.")],
    system: SystemOption,
    environment: EnvironmentOption = "production",
    known_at: KnownOption = "",
    proofs: Annotated[
        Path | None, typer.Option(help="Folder to write the ledger's entries and proofs into.")
    ] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Say exactly which versions served at a moment, and who had approved them."""
    with opened(context, config, data) as house:
        with house.database.look(_ACTOR) as work:
            when = work.now if moment == "now" else read_moment(moment, "date")
            known = read_moment(known_at, "known_at") if known_at else None
            found = registry.at(work, system, when, environment=environment, known_at=known)
            told = moment_told(work, found)
        proven = registry.prove(house.log, found)
    told["records"] = [
        {"what": each.what, "record": each.record_id, "index": each.index} for each in proven
    ]
    told["approval_stood_first"] = registry.in_order(proven)
    if proofs is not None:
        _write_proofs(proofs, proven)
    if as_json:
        print_json(told)
    else:
        _print_moment(told)


def served(  # noqa: PLR0913, PLR0917 each option is a part of the question
    context: typer.Context,
    system: SystemOption,
    since: Annotated[str, typer.Option(help="First moment, as 2026-01-01.")],
    until: Annotated[str, typer.Option(help="Last moment, as 2026-04-01; left out: now.")] = "",
    environment: EnvironmentOption = "production",
    known_at: KnownOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List what served in a period, as CSV: declared, then observed, then when it was suspended."""
    with opened(context, config, data) as house, house.database.look(_ACTOR) as work:
        first = read_moment(since, "since")
        last = read_moment(until, "until") if until else work.now
        known = read_moment(known_at, "known_at") if known_at else None
        found = registry.period(work, system, first, last, environment=environment, known_at=known)
        rows = [row for each in found for row in period_rows(each)]
        seen = registry.observations(work, system, first, last, environment=environment)
        rows += [observed_row(each) for each in seen]
        suspensions = registry.suspensions(work, system, first, last, known_at=known)
        rows += [suspension_row(each, environment) for each in suspensions]
    if as_json:
        print_json(rows)
        return
    written = io.StringIO()
    writer = csv.DictWriter(written, fieldnames=COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    typer.echo(written.getvalue(), nl=False)


COLUMNS = (
    *("environment", "starts_at", "ends_at", "percent", "set", "part", "version", "digest"),
    *("approved_by", "request", "cause", "source", "record"),
)


def period_rows(moment: Moment) -> list[dict[str, Any]]:
    """Write one line for each version that served in an interval."""
    found = moment.deployment
    if found is None:
        return []
    rows = []
    for share in found.shares:
        approval = moment.approvals.get(share.change_id)
        for version in moment.versions[share.set_digest]:
            values = (
                *(moment.environment, stamp(found.starts_at), stamp_of(found.ends_at) or ""),
                *(share.percent, share.set_digest, version.label, version.number),
                version.digest,
                " ".join(approval.approved_by) if approval else "",
                approval.request_id if approval else "",
                *(found.cause.value, found.source.value, found.record_id),
            )
            rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


def observed_row(seen: Observation) -> dict[str, Any]:
    """Write one line for an observed interval; what cannot be known of it is empty."""
    values = (
        *(seen.environment, stamp(seen.starts_at), stamp(seen.ends_at), "", seen.set_digest),
        *(seen.label or seen.what, "" if seen.version is None else seen.version, seen.digest),
        *("", "", seen.by, seen.source.value, seen.record),
    )
    return dict(zip(COLUMNS, values, strict=True))


def suspension_row(suspension: Suspension, environment: str) -> dict[str, Any]:
    """Write one line for a time in which a system was suspended, so that nobody was served."""
    values = (
        *(
            environment,
            stamp(suspension.starts_at),
            stamp_of(suspension.ends_at) or "",
            0,
            "",
            "",
            "",
            "",
        ),
        *("", "", "suspended", "declared", suspension.record_id),
    )
    return dict(zip(COLUMNS, values, strict=True))


def observed_told(seen: Observation) -> dict[str, Any]:
    """Tell an observed interval for programs."""
    return {
        "what": seen.what,
        "part": seen.label,
        "version": seen.version,
        "digest": seen.digest,
        "set": seen.set_digest,
        "reported": seen.reported,
        "by": seen.by,
        "source": seen.source.value,
        "since": stamp(seen.starts_at),
        "until": stamp(seen.ends_at),
        "times": seen.count,
        "record": seen.record,
    }


def moment_told(work: Work, moment: Moment) -> dict[str, Any]:
    """Tell what served at a moment."""
    found = moment.deployment
    people = [name for each in moment.approvals.values() for name in each.approved_by]
    names = access.named(work, people)
    return {
        "system": moment.key,
        "environment": moment.environment,
        "at": stamp(moment.at),
        "known_at": stamp(moment.known_at),
        "since": stamp(found.starts_at) if found else None,
        "until": stamp_of(found.ends_at) if found else None,
        "source": found.source.value if found else None,
        "sets": [
            {
                "set": share.set_digest,
                "percent": share.percent,
                "change": share.change_id,
                "approved_by": [
                    names.get(each, each) for each in moment.approvals[share.change_id].approved_by
                ]
                if share.change_id in moment.approvals
                else [],
                "versions": [
                    {"part": each.label, "version": each.number, "digest": each.digest}
                    for each in moment.versions[share.set_digest]
                ],
            }
            for share in (found.shares if found else ())
        ],
        "observed": [observed_told(each) for each in moment.observed],
        "conflicts": list(moment.conflicts),
        "suspended": {
            "since": stamp(moment.suspended.starts_at),
            "until": stamp_of(moment.suspended.ends_at),
            "reason": moment.suspended.reason,
        }
        if moment.suspended is not None
        else None,
    }


def read_moment(text: str, field: str) -> datetime:
    """Read a moment; a day begins at midnight in UTC."""
    try:
        if len(text) == len("2026-03-01"):
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
        return parse_stamp(text)
    except (ValueError, InvalidError) as error:
        raise InvalidError(
            f"{text[:40]!r} is not a moment", field=field, remedy="Write 2026-03-01T12:00Z."
        ) from error


def _write_proofs(folder: Path, proven: tuple[registry.Proven, ...]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for each in proven:
            if each.proof:
                path = folder / f"{each.what}-{each.index}.tlog-proof"
                path.write_text(each.proof, encoding="utf-8")
                path.with_suffix(".json").write_text(each.entry, encoding="utf-8")
    except OSError as error:
        raise InvalidError(
            f"{folder} cannot be written: {error.strerror}", field="proofs", remedy="Give a folder."
        ) from error


def _print_moment(told: dict[str, Any]) -> None:
    if not told["sets"]:
        typer.echo(f"Nothing of {told['system']} served {told['environment']} at {told['at']}.")
    else:
        until, since = told["until"] or "now", told["since"]
        typer.echo(f"{told['system']} in {told['environment']}, from {since} to {until}:")
    if suspended := told["suspended"]:
        until = suspended["until"] or "now"
        typer.echo(
            f"It was suspended from {suspended['since']} to {until}, so that nobody was served: "
            f"{suspended['reason']}"
        )
    for each in told["sets"]:
        by = ", ".join(each["approved_by"]) or "nobody"
        print_table(
            f"{each['percent']} % {each['set']}, approved by {by}",
            ("Part", "Version", "Digest"),
            [tuple(row.values()) for row in each["versions"]],
        )
    _print_observed(told)
    for each in told["records"]:
        place = f"entry {each['index']}" if each["index"] is not None else "not sealed yet"
        typer.echo(f"{each['what']}: {each['record']}, {place}")


def _print_observed(told: dict[str, Any]) -> None:
    """Print what was observed beside what is declared, and where the two differ."""
    if told["observed"]:
        names = ("what", "named", "source", "by", "since", "until")
        for each in told["observed"]:
            each["named"] = f"{each['part']} {each['version'] or ''}".strip()
        rows = [tuple(each[name] for name in names) for each in told["observed"]]
        columns = ("What", "Version", "How we know", "By", "From", "Until")
        print_table("Observed then", columns, rows)
    for each in told["conflicts"]:
        typer.echo(f"Declared and observed differ: {each}.")
