"""What the commands of access share: opening, naming who is meant, reading scopes and times."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import typer

from muniment import access
from muniment.access import Holder, HolderKind, Scope
from muniment.cli.state import house_of, print_json, print_table
from muniment.core.actor import system_actor
from muniment.core.clock import parse_stamp, stamp
from muniment.core.errors import ConflictError, InvalidError
from muniment.core.page import MAX_PAGE_ROWS, Page
from muniment.db import Work
from muniment.db.migrate import require_current
from muniment.server.house import House

ACTOR: Final = system_actor("cli")
T = TypeVar("T")

WhoArgument = Annotated[
    str, typer.Argument(help="Who: an e-mail address, or an id of a person, service or team.")
]
ScopeOption = Annotated[
    list[str] | None, typer.Option("--scope", help="kind=id, such as system=sys_1; repeatable.")
]
UntilOption = Annotated[
    str, typer.Option("--until", help="When it ends: a time, or a span such as 90d or 8h.")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, in a sentence.")]

_KINDS: Final = {
    "per": HolderKind.PERSON,
    "svc": HolderKind.SERVICE,
    "team": HolderKind.TEAM,
}
_SPANS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@contextmanager
def opened(
    context: typer.Context, config: Path | None, data: Path | None, *, sealing: bool = False
) -> Iterator[House]:
    """Open an installation whose schema is current; `sealing` brings the log up to date first."""
    with house_of(context, config, {"data.dir": data}) as house:
        require_current(house.database)
        if sealing:
            _seal(house)
        yield house


@contextmanager
def changing(context: typer.Context, config: Path | None, data: Path | None) -> Iterator[Work]:
    """Change something as one unit of work, in the name of the command line."""
    with opened(context, config, data) as house, house.database.work(ACTOR) as work:
        yield work


@contextmanager
def looking(context: typer.Context, config: Path | None, data: Path | None) -> Iterator[Work]:
    """Read one consistent state."""
    with opened(context, config, data) as house, house.database.look(ACTOR) as work:
        yield work


def who(work: Work, text: str) -> Holder:
    """Find who is meant by an id or an e-mail address."""
    kind = _KINDS.get(text.partition("_")[0])
    if kind is not None and "@" not in text:
        return Holder(kind, text)
    found = access.people(work, text=text, limit=MAX_PAGE_ROWS).rows if text else ()
    same = [each for each in found if each.email.casefold() == text.casefold()]
    present = [each for each in same if each.state is not access.PersonState.LEFT]
    if len(present) != 1:
        raise InvalidError(
            f"{text[:60]!r} names nobody",
            field="who",
            remedy="Give an e-mail address, or an id such as per_…, svc_… or team_….",
        )
    return Holder(HolderKind.PERSON, present[0].id)


def person(work: Work, text: str) -> access.PersonId:
    """Find the person that is meant."""
    found = who(work, text)
    if found.kind is not HolderKind.PERSON:
        raise InvalidError(f"{text[:60]!r} is not a person", field="who")
    return access.PersonId(found.id)


def scope_of(places: Sequence[str] | None) -> Scope:
    """Read a scope written as kind=id, once for each kind."""
    named: dict[str, str] = {}
    for each in places or ():
        kind, equals, place = each.partition("=")
        if not equals or kind in named:
            raise InvalidError(
                f"{each[:60]!r} is not a place", field="--scope", remedy="Write kind=id, each once."
            )
        named[kind] = place
    return Scope.read(named)


def time_of(text: str, field: str, now: datetime) -> datetime | None:
    """Read a time, a day, or a span from now on."""
    if not text:
        return None
    if text[:-1].isascii() and text[:-1].isdigit() and len(text) <= 6 and text[-1] in _SPANS:
        return now + timedelta(**{_SPANS[text[-1]]: int(text[:-1])})
    try:
        return parse_stamp(text if "T" in text else f"{text}T00:00:00Z")
    except InvalidError as error:
        raise InvalidError(
            f"{text[:40]!r} is not a time",
            field=field,
            remedy="Write 2026-11-20T14:00:00Z, 2026-11-20, or a span such as 90d.",
        ) from error


def every_page(ask: Callable[[str | None], Page[T]]) -> list[T]:
    """Read all pages of a list."""
    rows: list[T] = []
    cursor: str | None = None
    while True:
        page = ask(cursor)
        rows.extend(page.rows)
        cursor = page.next_cursor
        if cursor is None:
            return rows


def plain(value: Any) -> Any:  # noqa: ANN401 any noun
    """Give a noun as plain JSON."""
    return _plain(asdict(value))


def tell(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Any],
    cells: Callable[[Any], Sequence[object]],
    *,
    as_json: bool,
) -> None:
    """Print nouns as a table, or as JSON with all their facts."""
    if as_json:
        print_json([plain(each) for each in rows])
    else:
        print_table(title, columns, [cells(each) for each in rows])


def say(found: object, sentence: str, *, as_json: bool) -> None:
    """Tell what became of one thing, in a sentence or with all its facts."""
    if as_json:
        print_json(plain(found))
    else:
        typer.echo(sentence)


def day(at: datetime | None) -> str:
    """Write a time for a table."""
    return stamp(at)[:16].replace("T", " ") if at else "-"


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, dict):
        if set(value) == {"places"}:
            return dict(value["places"])
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return sorted(value) if isinstance(value, frozenset) else value


def _seal(house: House) -> None:
    try:
        house.log.seal()
    except ConflictError:
        return  # a running server does it
