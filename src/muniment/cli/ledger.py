"""`muniment ledger …`: read the log, prove what it says, keep it sound."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from muniment import ledger, verify
from muniment.cli.state import (
    ConfigOption,
    DataOption,
    JsonOption,
    house_of,
    print_json,
    print_table,
)
from muniment.core.actor import system_actor
from muniment.core.clock import parse_stamp
from muniment.core.errors import (
    ConflictError,
    CorruptError,
    InvalidError,
    MunimentError,
    UnavailableError,
)
from muniment.db.migrate import require_current
from muniment.ledger import Entry, Log, Query

_ACTOR = system_actor("cli")
_POLL_SECONDS = 0.5
_BETWEEN_LOOKS_SECONDS = 0.05
_LONGEST_WAIT_SECONDS = 30.0
_LONGEST_NUMBER = 18


def commands() -> typer.Typer:
    """Give the commands of the log."""
    group = typer.Typer(help="The log: list, show, prove, check.", no_args_is_help=True)
    for name, command in (
        ("status", status),
        ("list", list_entries),
        ("show", show),
        ("tail", tail),
        ("prove", prove),
        ("seal", seal),
        ("fsck", fsck),
        ("reindex", reindex),
        ("reconcile", reconcile),
        ("rotate-key", rotate_key),
        ("lose-key", lose_key),
        ("accept-restore", accept_restore),
    ):
        group.command(name)(command)
    return group


def add_to(app: typer.Typer) -> None:
    """Join the command line with `muniment verify`, the offline verifier itself."""
    app.command(
        "verify",
        context_settings={"ignore_unknown_options": True, "help_option_names": []},
        add_help_option=False,
    )(verify_offline)


def verify_offline(
    arguments: Annotated[list[str] | None, typer.Argument(metavar="[ARGUMENTS]...")] = None,
) -> None:
    """Verify a log, a proof or two heads offline; the same code as verify.py."""
    raise typer.Exit(verify.main(arguments or []))


def status(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Say how the log stands, and which key verifies it."""
    with _log_of(context, config, data) as log:
        found = log.status()
    if as_json:
        print_json(asdict(found))
        return
    for name, value in asdict(found).items():
        if value != "":
            typer.echo(f"{name:<13} {value}")
    typer.echo("Keep the vkey somewhere else: whoever checks this log must bring it along.")


def list_entries(  # noqa: PLR0913, PLR0917 each option narrows the list
    context: typer.Context,
    kind: Annotated[str, typer.Option(help="Kind, or room.* for a whole room.")] = "",
    subject: Annotated[str, typer.Option(help="Id, or kind:id, of what it is about.")] = "",
    actor: Annotated[str, typer.Option(help="Id, or kind:id, of who did it.")] = "",
    text: Annotated[str, typer.Option(help="Words in the body.")] = "",
    since: Annotated[str, typer.Option(help="Not before this time.")] = "",
    until: Annotated[str, typer.Option(help="Before this time.")] = "",
    from_index: Annotated[int | None, typer.Option(help="From this entry on.")] = None,
    to_index: Annotated[int | None, typer.Option(help="Up to this entry.")] = None,
    limit: Annotated[int, typer.Option(help="Rows at most.")] = 50,
    cursor: Annotated[str | None, typer.Option(help="Go on after the page before.")] = None,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    oldest_first: Annotated[bool, typer.Option("--oldest-first", help="Oldest first.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List entries, newest first."""
    query = Query(
        kind=kind,
        subject=subject,
        actor=actor,
        text=text,
        since=_time(since, "since"),
        until=_time(until, "until"),
        from_index=from_index,
        to_index=to_index,
        oldest_first=oldest_first,
    )
    with _log_of(context, config, data) as log:
        page = ledger.find(log, query, cursor=cursor, limit=limit)
    if as_json:
        print_json({"rows": [asdict(row) for row in page.rows], "next_cursor": page.next_cursor})
        return
    rows = [(row.index, row.at, row.kind, row.subject, row.actor) for row in page.rows]
    print_table("Ledger", ("entry", "at", "kind", "subject", "actor"), rows)
    if page.next_cursor:
        typer.echo(f"More: --cursor {page.next_cursor}")


def show(
    context: typer.Context,
    which: Annotated[str, typer.Argument(help="Number or record id of an entry.")],
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show one entry as it stands in the log."""
    with _log_of(context, config, data) as log:
        found = _one(log, which)
    print_json({"index": found.index, "leaf": verify.leaf_hash(found.data).hex(), **found.value})


def tail(
    context: typer.Context,
    count: Annotated[int, typer.Option("--count", "-n", help="How many to begin with.")] = 10,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Wait for more.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the newest entries, and with --follow those to come."""
    with _log_of(context, config, data) as log:
        found = ledger.tail(log, count)
        place = found[-1].index + 1 if found else log.status().size
        while True:
            for each in found:
                typer.echo(_line(each, as_json=as_json))
            if not follow:
                return
            sys.stdout.flush()
            time.sleep(_POLL_SECONDS)
            found = log.read_after(place, 500)
            place += len(found)


def prove(
    context: typer.Context,
    which: Annotated[str, typer.Argument(help="Number or record id of an entry.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the proof and the entry.")] = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Write a proof file that anyone can check offline with verify.py."""
    with _log_of(context, config, data) as log:
        found = _one(log, which)
        proof = ledger.prove(log, found.index)
    folder = out or Path()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        proof_path = folder / f"entry-{found.index}.tlog-proof"
        entry_path = folder / f"entry-{found.index}.json"
        proof_path.write_bytes(proof)
        entry_path.write_bytes(found.data)
    except OSError as error:
        raise InvalidError(
            f"{error.filename or folder} cannot be written: {error.strerror}",
            field="--out",
            remedy="Choose another folder.",
        ) from error
    typer.echo(f"{proof_path}\n{entry_path}")


def seal(context: typer.Context, config: ConfigOption = None, data: DataOption = None) -> None:
    """Bring what is recorded under a signed head now, if no server does."""
    with _log_of(context, config, data, sealing=False) as log:
        try:
            typer.echo(f"Sealed: {log.seal()} entries.")
        except ConflictError:
            typer.echo(_sealed_by_server(log))


def _sealed_by_server(log: Log) -> str:
    """Wait until the server that seals this log has taken what waits now, in about a second."""
    told, clock = log.status(), log.database.clock
    wanted, until = told.size + told.waiting, clock.monotonic() + _LONGEST_WAIT_SECONDS
    while (size := log.size()) < wanted:
        if clock.monotonic() > until:
            raise UnavailableError(
                f"the running server has sealed {size} of {wanted} entries",
                remedy="Run: muniment doctor; it says why a log is not sealed.",
            )
        time.sleep(_BETWEEN_LOOKS_SECONDS)
    return f"Sealed by the running server: {size} entries."


def fsck(context: typer.Context, config: ConfigOption = None, data: DataOption = None) -> None:
    """Check everything on disk against the signed head, and the index against the log."""
    with _log_of(context, config, data) as log:
        vkeys = log.vkeys()
        folder = log.tiles.root
        answer = verify.main([str(folder), *(f"--key={vkey}" for vkey in vkeys)])
        problems = ledger.check_index(log)
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        typer.echo("Run `muniment ledger reindex`; the log itself is not touched.", err=True)
    if answer == 1:
        raise CorruptError(
            "the log does not verify", remedy="Restore the files named above from a backup."
        )
    raise typer.Exit(1 if problems else answer)


def reindex(context: typer.Context, config: ConfigOption = None, data: DataOption = None) -> None:
    """Build the index anew from the tiles."""
    with _log_of(context, config, data) as log:
        count = ledger.reindex(log)
    typer.echo(f"The index holds {count} entries.")


def reconcile(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Compare the tables with the log; name rows changed outside the product."""
    import muniment.worker  # noqa: F401, PLC0415  (with it every room declares its tables)

    with _log_of(context, config, data) as log:
        found = ledger.reconcile(log, _ACTOR)
    if as_json:
        print_json(asdict(found))
    else:
        for difference in found.differences:
            typer.echo(str(difference))
        typer.echo(f"{found.rows} rows compared, {len(found.differences)} differ.")
    raise typer.Exit(1 if found.differences else 0)


def rotate_key(
    context: typer.Context, config: ConfigOption = None, data: DataOption = None
) -> None:
    """Replace the log's key; the old one vouches for the new one."""
    with _log_of(context, config, data) as log:
        vkey = ledger.rotate_key(log, _ACTOR)
    typer.echo(f"The log now signs with\n{vkey}\nWhoever holds the old key can go on using it.")


def lose_key(
    context: typer.Context,
    reason: Annotated[str, typer.Option(help="What happened to the old key.")],
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Go on with a fresh key when the old one is lost; readers must be told."""
    with _log_of(context, config, data, sealing=False) as log:
        vkey = ledger.lose_key(log, _ACTOR, reason=reason)
        _try_to_seal(log)
    typer.echo(f"The log now signs with\n{vkey}\nNobody vouches for it: tell every reader.")


def accept_restore(
    context: typer.Context,
    reason: Annotated[str, typer.Option(help="What happened, and why you go on.")],
    newest: Annotated[
        Path | None, typer.Option(help="A newer checkpoint of this log that somebody kept.")
    ] = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Go on with an older copy that was restored; what it lost is recorded."""
    kept = _read(newest) if newest else None
    with _log_of(context, config, data, sealing=False) as log:
        found = ledger.accept_restore(log, _ACTOR, reason=reason, newest=kept)
        _try_to_seal(log)
    if found.log_size > found.database_size:
        typer.echo(
            f"Entries {found.database_size} to {found.log_size - 1} are in the log, but their "
            "changes are not in the tables. `muniment ledger reconcile` names the rows."
        )
    if found.lost_size > found.log_size:
        typer.echo(
            f"Entries {found.log_size} to {found.lost_size - 1} are lost. Readers who hold that "
            "checkpoint will find it: tell them."
        )


@contextmanager
def _log_of(
    context: typer.Context, config: Path | None, data: Path | None, *, sealing: bool = True
) -> Iterator[Log]:
    """Open the log; what waits is sealed first, and again at the end, unless a server does it."""
    with house_of(context, config, {"data.dir": data}) as house:
        require_current(house.database)
        if sealing:
            _try_to_seal(house.log)
        yield house.log
        if sealing:
            _try_to_seal(house.log)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidError(
            f"{path} cannot be read: {error.strerror}",
            field="newest",
            remedy="Give the path of the checkpoint that was kept.",
        ) from error


def _try_to_seal(log: Log) -> None:
    try:
        log.seal()
    except ConflictError:
        return  # a running server does it
    except MunimentError as error:  # reading goes on, so that what is wrong can be looked at
        typer.echo(f"muniment: not sealed: {error}", err=True)


def _one(log: Log, which: str) -> Entry:
    if which.isascii() and which.isdigit() and len(which) <= _LONGEST_NUMBER:
        return ledger.entry(log, int(which))
    return ledger.find_by_id(log, which)


def _line(entry: Entry, *, as_json: bool) -> str:
    if as_json:
        return entry.data.decode()
    subject = entry.subject
    about = f"{subject['kind']}:{subject['id']}" if subject else "-"
    return f"{entry.index:>9}  {entry.value['at']}  {entry.kind:<28} {about}"


def _time(text: str, field: str) -> datetime | None:
    if not text:
        return None
    try:
        return parse_stamp(text)
    except InvalidError as error:
        raise InvalidError(error.message, field=field, remedy=error.remedy) from error
