"""`muniment demo`: a company that does not exist, to look at before one begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from muniment import access
from muniment.access import PersonId
from muniment.cli import serve
from muniment.cli.serve import HostOption, PortOption
from muniment.cli.state import State
from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError, InvalidError
from muniment.db.migrate import require_current
from muniment.server import House

if TYPE_CHECKING:
    from muniment.demo import Scale

_DEFAULT: Final = Path("demo-data")
_ADMIN: Final = "ines@brightwater-demo.example"
_ACTOR: Final = system_actor("demo")
_MOST_TIMES: Final = 1_000

FolderOption = Annotated[Path, typer.Option("--folder", help="Folder of the demonstration.")]
ServeOption = Annotated[bool, typer.Option("--serve", help="Start the console on it.")]
ResetOption = Annotated[bool, typer.Option("--reset", help="Take it away and build it anew.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask before it is taken away.")]
TimesOption = Annotated[
    int, typer.Option("--times", min=1, max=_MOST_TIMES, help="So many times the usual volume.")
]


def add_to(app: typer.Typer) -> None:
    """Join the command line."""
    app.command("demo")(demo)


def demo(
    context: typer.Context,
    folder: FolderOption = _DEFAULT,
    *,
    serve_it: ServeOption = False,
    reset: ResetOption = False,
    yes: YesOption = False,
    times: TimesOption = 1,
    host: HostOption = None,
    port: PortOption = None,
) -> None:
    """Build a company that does not exist, with ninety days behind it, in a folder of its own."""
    from muniment.demo import Found, Scale, look, require_free  # noqa: PLC0415 it loads every room

    state: State = context.obj
    found = look(folder, state.open_house)
    require_free(folder, found)
    if reset and found is Found.DEMO and not yes:
        _require_sure(folder)
    if reset or found is Found.NOTHING:
        _build(folder, state, Scale(times=times))
    else:
        typer.echo(f"The demonstration in {folder} stands; --reset builds it anew.", err=True)
    _lead_in(folder, state, host, port, serve_it=serve_it)


def _require_sure(folder: Path) -> None:
    if not typer.confirm(f"Take away the demonstration in {folder} and build it anew?", err=True):
        raise ConflictError("nothing was changed", subject=str(folder), remedy="Say yes, or --yes.")


def _build(folder: Path, state: State, scale: Scale) -> None:
    from muniment.demo import COMPANY, build, room_for  # noqa: PLC0415 it loads every room

    with room_for(folder) as (beside, was_left):
        if was_left:
            typer.echo("The last build did not come to its end; it begins anew.", err=True)
        with _progress(f"{COMPANY}, day by day", scale.days) as tell:
            build(beside, state.open_house, scale=scale, progress=tell)
    typer.echo(f"Built {COMPANY} in {folder}: nothing in it really happened.", err=True)


@contextmanager
def _progress(says: str, days: int) -> Iterator[Callable[[int, int, float], None]]:
    """Show how far the story is; where nobody looks at a terminal, say nothing."""
    from rich import progress  # noqa: PLC0415 only this command draws
    from rich.console import Console  # noqa: PLC0415 as above

    columns = (progress.TextColumn(says), progress.BarColumn(), progress.MofNCompleteColumn())
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(says, total=days)
        yield lambda _done, _whole, day: bar.update(task, completed=min(days, int(day) + 1))


def _lead_in(
    folder: Path, state: State, host: str | None, port: int | None, *, serve_it: bool
) -> None:
    """Start the console, or say how, with a link that lets its reader in once."""
    from muniment.demo import opened  # noqa: PLC0415 it loads every room

    more = {"server.host": host, "server.port": port}
    with opened(folder, state.open_house, role="serve" if serve_it else "cli", more=more) as house:
        require_current(house.database)
        if serve_it:
            serve.serve_house(house, lambda address: _guidance(folder, _link(house, address)))
            return
        address = serve.address_of(house, house.settings.server.port)
        given = "" if folder == _DEFAULT else f" --folder {folder}"
        typer.echo(f"Start it with `muniment demo --serve{given}`, then open")
        typer.echo(f"  {_link(house, address)}")


def _link(house: House, address: str) -> str:
    with house.database.work(_ACTOR) as work:
        person = access.person_by_address(work, _ADMIN)
        if person is None:
            raise InvalidError(
                "nobody of the story is here any more", remedy="Build it anew: --reset."
            )
        made = access.reset_link(work, PersonId(person.id), house.settings)
    return f"{serve.named_here(address)}/console/sign-in/link/{made.secret}"


def _guidance(folder: Path, link: str) -> str:
    return "\n".join(
        (
            "",
            f"  The demonstration in {folder} is up; nothing in it really happened.",
            "",
            f"  Look at it  {link}",
            "              This link works once.",
            "",
            "  Ctrl-C stops it.",
            "",
        )
    )


__all__ = ["add_to", "demo"]
