"""`muniment access may` and `muniment access at`: may they, and who could reach what on a day."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from muniment import access, ledger
from muniment.access import Holder, HolderKind, Proofs, Reach
from muniment.cli.access.words import (
    ACTOR,
    ScopeOption,
    WhoArgument,
    day,
    every_page,
    looking,
    opened,
    plain,
    scope_of,
    time_of,
    who,
)
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json, print_table
from muniment.core.actor import Actor, ActorKind
from muniment.core.clock import stamp
from muniment.core.errors import InvalidError
from muniment.ledger import Log

_REFUSED = 5
_COLUMNS = ("holder", "person", "state", "role", "scope", "grant", "made", "through", "ended")


def may(
    context: typer.Context,
    whom: WhoArgument,
    permission: Annotated[str, typer.Argument(help="Such as ledger.read.")],
    scope: ScopeOption = None,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Say whether somebody may do something, through which grant, and if not, why."""
    if permission not in access.PERMISSIONS:
        raise InvalidError(
            f"{permission[:60]!r} is not a permission",
            field="permission",
            remedy="See `muniment access roles permissions`.",
        )
    with looking(context, config, data) as work:
        holder = who(work, whom)
        verdict = access.may(work, _actor(holder), permission, scope_of(scope))
    if as_json:
        print_json(plain(verdict))
    elif verdict.ok and verdict.grant is not None and verdict.role is not None:
        over = f"over {verdict.grant.scope}"
        typer.echo(f"Yes: {verdict.grant.id} as {verdict.role.name} {over}.")
    else:
        typer.echo("No.")
        for reason in verdict.reasons:
            typer.echo(f"  - {reason}")
        typer.echo(f"  {verdict.remedy}")
    raise typer.Exit(0 if verdict.ok else _REFUSED)


def at(
    context: typer.Context,
    when: Annotated[str, typer.Argument(help="A time or a day.", metavar="DATE")],
    proofs: Annotated[
        Path | None, typer.Option(help="Folder for a proof of each entry it rests on.")
    ] = None,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say who could reach what then, through which grant, and where in the ledger it stands."""
    with opened(context, config, data, sealing=True) as house:
        with house.database.look(ACTOR) as work:
            moment = time_of(when, "DATE", work.now) or work.now
            found = access.at(work, moment)
            people = every_page(lambda cursor: access.people(work, cursor=cursor, limit=500))
            emails = {each.id: each.email for each in people}
        proved = access.prove_reach(house.log, found)
        if proofs is not None:
            _write_proofs(house.log, proved, proofs)
    rows = [
        _row(reach, proof, emails[reach.person_id] if reach.person_id else "")
        for reach, proof in zip(found, proved, strict=True)
    ]
    if as_json:
        print_json({"at": stamp(moment), "reach": [*map(_told, found, proved)]})
    elif as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerows([_COLUMNS, *([_harmless(cell) for cell in row] for row in rows)])
    else:
        print_table(f"Who could reach what at {day(moment)} UTC", _COLUMNS, rows)


def _actor(holder: Holder) -> Actor:
    if holder.kind is HolderKind.TEAM:
        raise InvalidError(
            "a team does nothing itself", field="who", remedy="Ask for somebody in it."
        )
    kind = ActorKind.PERSON if holder.kind is HolderKind.PERSON else ActorKind.SERVICE
    return Actor(kind, holder.id)


def _row(reach: Reach, proof: Proofs, person: str) -> tuple[str, ...]:
    return (
        *(reach.holder.id, person, reach.state, reach.role.name),
        *(str(reach.grant.scope), reach.grant.id),
        *(_places(each) for each in (proof.made, proof.through, proof.ended)),
    )


def _places(places: tuple[access.Place, ...]) -> str:
    return ", ".join(f"#{each.index}" for each in places) or "-"


def _told(reach: Reach, proof: Proofs) -> dict[str, Any]:
    return {**plain(reach), "open": reach.open, "entries": plain(proof)}


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def _write_proofs(log: Log, proved: tuple[Proofs, ...], folder: Path) -> None:
    """Write each entry and its proof, as `muniment ledger prove` does, once."""
    indexes = sorted(
        {
            place.index
            for proof in proved
            for place in (*proof.made, *proof.changed, *proof.ended, *proof.through)
        }
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for index in indexes:
            (folder / f"entry-{index}.tlog-proof").write_bytes(ledger.prove(log, index))
            (folder / f"entry-{index}.json").write_bytes(ledger.entry(log, index).data)
    except OSError as error:
        raise InvalidError(
            f"{error.filename or folder} cannot be written: {error.strerror}",
            field="--proofs",
            remedy="Choose another folder.",
        ) from error
    typer.echo(f"{len(indexes)} proofs in {folder}", err=True)
