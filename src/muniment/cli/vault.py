"""`muniment vault …`: how keys stand, turn them, open content, erase a subject and prove it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from muniment import ledger, vault, verify
from muniment.cli.state import (
    ConfigOption,
    DataOption,
    JsonOption,
    house_of,
    print_json,
    print_table,
)
from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.db.migrate import require_current
from muniment.ledger import Entry, Log
from muniment.server.house import House
from muniment.vault import Held, Shred, VaultStatus

_ACTOR = system_actor("cli")
_LONGEST_NUMBER = 18
ReasonOption = Annotated[str, typer.Option(help="Why; it is recorded.")]
SubjectOption = Annotated[str, typer.Option(help="Pseudonym or id whose content it is.")]
ClassOption = Annotated[str, typer.Option(help="One classification only.")]


def commands() -> typer.Typer:
    """Give the commands of the vault."""
    group = typer.Typer(help="Content kept encrypted, and its keys.", no_args_is_help=True)
    for name, command in (
        ("status", status),
        ("open", open_content),
        ("rotate", rotate),
        ("rewrap", rewrap),
        ("shred", shred),
        ("certificate", certificate),
        ("check", check),
        ("pseudonym", pseudonym),
        ("sweep", sweep),
    ):
        group.command(name)(command)
    return group


def status(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Say which keys there are, what they protect, and which erasures were asked for."""
    with _vault_of(context, config, data) as house:
        found = vault.status(house.safe, _ACTOR)
    if as_json:
        print_json(asdict(found))
        return
    rows = [
        (each.period, each.classification, each.current, each.retired, each.destroyed)
        for each in found.groups
    ]
    print_table("Keys", ("period", "classification", "current", "retired", "destroyed"), rows)
    typer.echo(f"{found.objects} contents in {found.object_bytes} bytes, {found.tokens} tokens.")
    typer.echo(_rotation(found))
    if found.shreds:
        shreds = [
            (one.id, one.state.value, one.subject, one.classification or "all")
            for one in found.shreds
        ]
        print_table("Erasures", ("id", "state", "subject", "classification"), shreds)


def open_content(
    context: typer.Context,
    which: Annotated[str, typer.Argument(help="Number or record id of the entry about it.")],
    reason: ReasonOption,
    part: Annotated[int, typer.Option(help="Which of the entry's contents, from 0.")] = 0,
    out: Annotated[Path | None, typer.Option(help="File to write; standard output else.")] = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Open the content an entry speaks of; that you did is recorded first."""
    with _vault_of(context, config, data) as house:
        held = _held(_entry(house.log, which), part)
        with house.database.work(_ACTOR) as work:
            opening = vault.open(work, house.safe, held, reason=reason)
        if out is None:
            for piece in opening.stream():
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
            return
        _write(out, opening.stream())
    typer.echo(str(out))


def rotate(
    context: typer.Context,
    reason: ReasonOption,
    subject: SubjectOption = "",
    classification: ClassOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Give the keyring a new key, and let new content be encrypted under new data keys."""
    with _vault_of(context, config, data) as house:
        done = vault.rotate(
            house.safe, _ACTOR, reason=reason, subject=subject, classification=classification
        )
    typer.echo(f"{done.keyring_key} wraps from now on; {done.retired} data keys were retired.")
    typer.echo("Run `muniment vault rewrap` to wrap the older data keys under it too.")


def rewrap(context: typer.Context, config: ConfigOption = None, data: DataOption = None) -> None:
    """Wrap every live data key under the keyring's current key; content is not touched."""
    with _vault_of(context, config, data) as house:
        changed = vault.rewrap(house.safe, _ACTOR)
    typer.echo(f"{changed} data keys were wrapped anew.")


def shred(  # noqa: PLR0913, PLR0917 each option says one thing about the erasure
    context: typer.Context,
    which: Annotated[str, typer.Argument(help="Erasure that was asked for; empty: ask.")] = "",
    subject: SubjectOption = "",
    classification: ClassOption = "",
    reason: Annotated[str, typer.Option(help="Why it is asked for; it is recorded.")] = "",
    approval: Annotated[str, typer.Option(help="Record id of the decision that allows it.")] = "",
    out: Annotated[Path | None, typer.Option(help="Folder for the certificate.")] = None,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether to destroy.")] = False,
) -> None:
    """Erase a subject for ever by destroying its keys, and write the certificate."""
    with _vault_of(context, config, data) as house:
        asked_id = which or _ask(house, subject, classification, reason).id
        if not yes:
            typer.confirm("Destroy the keys? Nobody can open the content any more", abort=True)
        with house.database.work(_ACTOR) as work:
            done = vault.shred(work, house.safe, asked_id, approval=approval)
        typer.echo(f"{len(done.kids)} keys of {done.subject} were destroyed.")
        _try_to_seal(house.log)
        _save_certificate(house, done.id, out)


def certificate(
    context: typer.Context,
    which: Annotated[str, typer.Argument(help="Erasure, as `muniment vault status` lists it.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the certificate.")] = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Write the certificate of an erasure; verify.py checks it offline."""
    with _vault_of(context, config, data) as house:
        _save_certificate(house, which, out)


def check(
    file: Annotated[Path, typer.Argument(help="The certificate.")],
    key: Annotated[list[str], typer.Option(help="A log key you trust (name+id+base64).")],
) -> None:
    """Check a certificate offline: its proofs, what it says, and who agreed to the erasure."""
    try:
        written = file.read_bytes()
    except OSError as error:
        raise InvalidError(f"{file} cannot be read: {error.strerror}", field="file") from error
    answer = verify.main([str(file), *(f"--key={each}" for each in key)])
    problems = vault.certificate_problems(written)
    for problem in problems:
        typer.echo(problem, err=True)
    raise typer.Exit(1 if problems else answer)


def pseudonym(
    context: typer.Context,
    identifier: Annotated[str, typer.Argument(help="What others call the person; - to read it.")],
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Say by which pseudonym this installation knows a person."""
    given = sys.stdin.readline() if identifier == "-" else identifier
    with _vault_of(context, config, data) as house, house.database.work(_ACTOR) as work:
        typer.echo(vault.pseudonym(work, house.safe, given))


def sweep(context: typer.Context, config: ConfigOption = None, data: DataOption = None) -> None:
    """Remove expired tokens and ciphertexts of destroyed keys now."""
    with _vault_of(context, config, data) as house:
        done = vault.sweep(house.safe, _ACTOR)
    typer.echo(f"{done.tokens} tokens and {done.objects} objects were removed.")


@contextmanager
def _vault_of(context: typer.Context, config: Path | None, data: Path | None) -> Iterator[House]:
    """Open the vault; what waits is sealed first, and again at the end, unless a server does it."""
    with house_of(context, config, {"data.dir": data}) as house:
        require_current(house.database)
        house.safe.begin()
        _try_to_seal(house.log)
        yield house
        _try_to_seal(house.log)


def _try_to_seal(log: Log) -> None:
    try:
        log.seal()
    except ConflictError:
        return  # a running server does it


def _ask(house: House, subject: str, classification: str, reason: str) -> Shred:
    with house.database.work(_ACTOR) as work:
        asked = vault.ask_shred(
            work, house.safe, subject=subject, classification=classification, reason=reason
        )
    typer.echo(f"Asked for: {asked.id}, record {asked.request}.")
    _try_to_seal(house.log)
    return asked


def _save_certificate(house: House, shred_id: str, out: Path | None) -> None:
    with house.database.look(_ACTOR) as work:
        try:
            written = vault.certificate(house.safe, work, shred_id)
        except NotFoundError as error:
            if not error.message.startswith("there is no sealed entry"):
                raise
            typer.echo("Not sealed yet; `muniment vault certificate` writes it in a second.")
            return
    path = (out or Path()) / f"{shred_id}.certificate.json"
    _write(path, (written,))
    typer.echo(str(path))


def _write(path: Path, pieces: Iterator[bytes] | tuple[bytes, ...]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            for piece in pieces:
                file.write(piece)
    except OSError as error:
        raise InvalidError(
            f"{error.filename or path} cannot be written: {error.strerror}",
            field="--out",
            remedy="Choose another place.",
        ) from error


def _entry(log: Log, which: str) -> Entry:
    if which.isascii() and which.isdigit() and len(which) <= _LONGEST_NUMBER:
        return ledger.entry(log, int(which))
    return ledger.find_by_id(log, which)


def _held(entry: Entry, part: int) -> Held:
    found = entry.value.get("content") or ()
    if not 0 <= part < len(found):
        raise InvalidError(
            f"entry {entry.index} speaks of {len(found)} contents",
            field="--part",
            remedy="Look at it with `muniment ledger show`.",
        )
    return Held.from_reference(found[part])


def _rotation(found: VaultStatus) -> str:
    if not found.live_keys:
        return "Nothing is kept yet."
    if found.rotation_is_due is None or found.keyring_since is None:
        return "The keyring does not answer: could not tell whether a rotation is due."
    due = "A rotation is due" if found.rotation_is_due else "No rotation is due"
    late = f"; {found.not_rewrapped} data keys are under older keys" if found.not_rewrapped else ""
    return (
        f"{due}: the keyring's key is in use since {found.keyring_since:%Y-%m-%d},"
        f" {found.rotate_days} days are allowed{late}."
    )
