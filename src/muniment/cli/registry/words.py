"""What the commands of the registry share: who acts, files that are read, how things are told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import typer

from muniment import registry
from muniment.cli.signing_in import signed_in
from muniment.cli.state import house_of
from muniment.core.actor import system_actor
from muniment.core.clock import stamp
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.db.migrate import require_current
from muniment.registry import Change, Deployment, System
from muniment.server import House

T = TypeVar("T")
ACTOR: Final = system_actor("cli")

SystemArgument = Annotated[str, typer.Argument(metavar="SYSTEM", help="Its key or id.")]
ChangeArgument = Annotated[str, typer.Argument(metavar="CHANGE", help="Id of the change.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it stands in the record.")]
AsOption = Annotated[
    str, typer.Option("--as", help="Act as yourself: your e-mail address; you sign in.")
]
OfSystemOption = Annotated[str, typer.Option("--system", help="Only of this system.")]
LimitOption = Annotated[int, typer.Option("--limit", help="Rows at most.", min=1, max=500)]
EnvironmentOption = Annotated[str, typer.Option("--environment", help="Which environment.")]


@contextmanager
def opened(context: typer.Context, config: Path | None, data: Path | None) -> Iterator[House]:
    """Open the house on a schema that is current."""
    with house_of(context, config, {"data.dir": data}) as house:
        require_current(house.database)
        yield house


def look(
    context: typer.Context, config: Path | None, data: Path | None, ask: Callable[[Work], T]
) -> T:
    """Ask one thing."""
    with opened(context, config, data) as house, house.database.look(ACTOR) as work:
        return ask(work)


def act(
    context: typer.Context,
    config: Path | None,
    data: Path | None,
    who: str,
    do: Callable[[Work], T],
) -> T:
    """Do one thing, as whoever signs in or as the command line."""
    with opened(context, config, data) as house:
        if not who:
            with house.database.work(ACTOR) as work:
                return do(work)
        with signed_in(house, who) as actor, house.database.work(actor) as work:
            return do(work)


def system_id_of(work: Work, named: str) -> str:
    """Give the id of a system that a list is narrowed to; nothing named is all of them."""
    return registry.get_system(work, named).id if named else ""


def read_object(path: Path, field: str) -> dict[str, Any]:
    """Read a JSON file that holds an object."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidError(
            f"{path} cannot be read as JSON: {error}", field=field, remedy="Mend the file."
        ) from error
    if not isinstance(found, dict):
        raise InvalidError(f"{path} holds no object", field=field, remedy="Write {…}.")
    return found


def read_pairs(given: list[str], field: str) -> dict[str, str]:
    """Read pairs written as name=value."""
    pairs = {}
    for each in given:
        name, sign, value = each.partition("=")
        if not sign or not name or not value:
            raise InvalidError(
                f"{each[:80]!r} is no pair", field=field, remedy="Write it as prompt/main=2."
            )
        pairs[name] = value
    return pairs


def system_told(system: System) -> dict[str, Any]:
    """Tell a system for programs."""
    return {
        "id": system.id,
        "key": system.key,
        "name": system.profile.name,
        "purpose": system.profile.purpose,
        "owner": system.profile.owner,
        "state": system.state.value,
        "tier": system.tier,
        "review_due_at": stamp_of(system.review_due_at),
        "version": system.version,
    }


def change_told(change: Change) -> dict[str, Any]:
    """Tell a change for programs."""
    return {
        "id": change.id,
        "system": change.system_id,
        "title": change.title,
        "state": change.state.value,
        "sort": change.sort.value,
        "set": change.set_digest,
        "from": dict(change.base),
        "author": change.author,
        "request": change.request_id,
        "reached": [str(each) for each in change.reached],
        "checks": [
            {"name": each.name, "verdict": each.verdict, "says": each.says}
            for each in change.findings
        ],
    }


def deployment_told(made: Deployment) -> dict[str, Any]:
    """Tell an interval for programs."""
    return {
        "id": made.id,
        "system": made.system_id,
        "environment": made.environment,
        "starts_at": stamp(made.starts_at),
        "ends_at": stamp_of(made.ends_at),
        "shares": {each.set_digest: each.percent for each in made.shares},
        "cause": made.cause.value,
        "source": made.source.value,
        "record": made.record_id,
    }


def stamp_of(at: datetime | None) -> str | None:
    """Write a moment, if there is one."""
    return stamp(at) if at is not None else None
