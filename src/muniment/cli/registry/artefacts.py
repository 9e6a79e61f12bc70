"""Commands about files of models: kept, taken out, scanned, signed."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from muniment import __version__, registry
from muniment.cli.registry.words import (
    ACTOR,
    AsOption,
    ReasonOption,
    SystemArgument,
    act,
    look,
    opened,
    read_object,
    stamp_of,
)
from muniment.cli.signing_in import signed_in
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json, print_table
from muniment.core.actor import Actor
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.registry import Kept
from muniment.server import House

_PIECE: Final = 1 << 20
DigestArgument = Annotated[str, typer.Argument(metavar="DIGEST", help="sha256:… of the file.")]
FilesArgument = Annotated[list[Path], typer.Argument(help="Files of the model.")]
_FAILED: Final = 1
_UNKNOWN: Final = 3


def add_to(group: typer.Typer) -> None:
    """Add the commands about files, under a word of their own."""
    own = typer.Typer(help="Files of models: kept, scanned, signed.", no_args_is_help=True)
    for name, command in (
        ("add", add),
        ("get", get),
        ("list", list_artefacts),
        ("scan", scan),
        ("sign", sign),
        ("verify", verify),
        ("signers", list_signers),
        ("trust", trust),
        ("end-trust", end_trust),
    ):
        own.command(name)(command)
    group.add_typer(own, name="artefact")


def add(
    context: typer.Context,
    system: SystemArgument,
    files: FilesArgument,
    digest: Annotated[str, typer.Option(help="What the file must be; for one file.")] = "",
    without_scan: Annotated[bool, typer.Option("--without-scan", help="Scan later.")] = False,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Keep files encrypted under their digests, and scan them."""
    if digest and len(files) > 1:
        raise InvalidError("it can be of one file only", field="digest", remedy="Name one file.")
    with _acting(context, config, data, who) as (house, actor):
        for file in files:
            stated = digest or digest_of(file)
            settings = house.settings.registry
            made = registry.keep_artefact(
                house.safe, settings, actor, system, stated, pieces_of(file), name=file.name
            )
            typer.echo(f"{made.digest}  {file.name}  {made.size:,} bytes")
            if not without_scan:
                found = registry.scan_artefact(house.safe, actor, system, made.digest)
                typer.echo(f"  {found.scanned.verdict.replace('_', ' ')}: {found.scanned.says}")


def get(
    context: typer.Context,
    system: SystemArgument,
    digest: DigestArgument,
    out: Annotated[Path, typer.Option(help="Where to write it.")],
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Take a file out; the file is there when all of it was right, else not at all."""
    with _acting(context, config, data, who) as (house, actor):
        found, pieces = registry.take_artefact(house.safe, actor, system, digest)
        write_whole(out, pieces)
    typer.echo(f"{out}: {found.size:,} bytes, {found.digest}")


def list_artefacts(
    context: typer.Context,
    system: SystemArgument,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List the files that are kept, with what is known of each."""
    found = look(context, config, data, lambda work: registry.artefacts_of(work, system))
    if as_json:
        print_json([_told(each) for each in found])
        return
    rows = [
        (each.name, each.digest, each.scan_answer[0], each.signed[0], each.scan_answer[1])
        for each in found
    ]
    print_table("Files", ("Name", "Digest", "Scan", "Signature", "Says"), rows)


def scan(
    context: typer.Context,
    system: SystemArgument,
    digest: DigestArgument,
    sarif: Annotated[Path | None, typer.Option(help="Write what was found as SARIF.")] = None,
    as_json: JsonOption = False,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Scan a file that is kept: exit code 0 safe, 1 not, 3 could not tell."""
    with _acting(context, config, data, who) as (house, actor):
        found = registry.scan_artefact(house.safe, actor, system, digest)
        with house.database.look(ACTOR) as work:
            name = registry.artefact_of(work, system, digest).name
    if sarif is not None:
        value = registry.as_sarif([(name, found)], version=__version__)
        text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
        write_whole(sarif, iter((text.encode(),)))
    scanned = found.scanned
    if as_json:
        dangers = [
            {"rule": each.rule, "severity": each.severity.value, "file": each.file}
            | {"place": each.place, "why": each.why}
            for each in scanned.dangers
        ]
        unread = [{"file": each.file, "why": each.why} for each in scanned.unread]
        print_json(
            {"verdict": scanned.verdict, "format": scanned.format, "dangers": dangers}
            | {"unread": unread, "metadata": scanned.metadata}
        )
    else:
        typer.echo(f"{scanned.verdict.replace('_', ' ')}: {scanned.says}")
        for danger in scanned.dangers:
            typer.echo(f"{danger.severity.value}  {danger.rule}  {danger.file} {danger.place}")
            typer.echo(f"  {danger.why}")
        for unread_part in scanned.unread:
            typer.echo(f"not looked into  {unread_part.file}  {unread_part.why}")
    raise typer.Exit({"met": 0, "not_met": _FAILED}.get(scanned.verdict, _UNKNOWN))


def sign(
    files: FilesArgument,
    key: Annotated[Path, typer.Option(help="Private key in PEM: P-256, P-384 or P-521.")],
    out: Annotated[Path, typer.Option(help="Where to write the signature.")],
    name: Annotated[str, typer.Option(help="How the model is called.")] = "model",
    passphrase: Annotated[
        str, typer.Option(envvar="MUNIMENT_SIGNING_PASSPHRASE", help="Of the key, if locked.")
    ] = "",
) -> None:
    """Sign files in the form of OpenSSF model signing; the key is read here and goes nowhere."""
    named = {file.name: digest_of(file) for file in files}
    if len(named) != len(files):
        raise InvalidError("two files have one name", field="files", remedy="Rename one.")
    secret = passphrase.encode() or None
    bundle = registry.sign_files(read_bytes(key, "key"), secret, name, named)
    write_whole(out, iter((json.dumps(bundle).encode(),)))
    typer.echo(f"{out} is a signature over {len(named)} files.")


def verify(
    context: typer.Context,
    system: SystemArgument,
    signature: Annotated[Path, typer.Argument(help="File with the signature.")],
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Look at a signature and keep what came out: exit code 0 right, 1 wrong, 3 not known."""
    bundle = read_object(signature, "signature")
    found = act(
        context, config, data, who, lambda work: registry.check_signature(work, system, bundle)
    )
    typer.echo(f"{found.verdict.replace('_', ' ')}: {found.says}")
    raise typer.Exit({"met": 0, "not_met": _FAILED}.get(found.verdict, _UNKNOWN))


def list_signers(
    context: typer.Context,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List the keys whose signatures count, or did."""
    found = look(context, config, data, registry.signers)
    rows = [
        {
            "id": each.id,
            "name": each.name,
            "fingerprint": each.fingerprint,
            "system": each.system_id,
            "ended_at": stamp_of(each.ended_at),
        }
        for each in found
    ]
    if as_json:
        print_json(rows)
        return
    columns = ("Id", "Name", "Fingerprint", "System", "Ended")
    print_table("Keys", columns, [tuple(each.values()) for each in rows])


def trust(
    context: typer.Context,
    public_key: Annotated[Path, typer.Argument(help="Public key in PEM.")],
    name: Annotated[str, typer.Option(help="Whose key it is.")],
    reason: ReasonOption,
    who: AsOption,
    system: Annotated[str, typer.Option(help="Only for this system.")] = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Let signatures by a key count; a person of security or compliance does it."""
    pem = read_bytes(public_key, "public_key").decode("utf-8", "replace")

    def trusted(work: Work) -> registry.Signer:
        return registry.trust_signer(work, name, pem, reason=reason, system=system)

    made = act(context, config, data, who, trusted)
    typer.echo(f"{made.name} counts: {made.id} {made.fingerprint}")


def end_trust(
    context: typer.Context,
    signer: Annotated[str, typer.Argument(help="Id of the key, as `signers` lists it.")],
    reason: ReasonOption,
    who: AsOption,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Let signatures by a key count no more, those made before neither."""
    act(context, config, data, who, lambda work: registry.end_signer(work, signer, reason=reason))
    typer.echo(f"{signer} counts no more.")


def digest_of(file: Path) -> str:
    """Fingerprint a file piece by piece."""
    hasher = hashlib.sha256()
    for piece in pieces_of(file):
        hasher.update(piece)
    return f"sha256:{hasher.hexdigest()}"


def pieces_of(file: Path) -> Iterator[bytes]:
    """Read a file piece by piece."""
    try:
        with file.open("rb") as read:
            while piece := read.read(_PIECE):
                yield piece
    except OSError as error:
        raise InvalidError(
            f"{file} cannot be read: {error.strerror}", field="file", remedy="Name a file."
        ) from error


def read_bytes(file: Path, field: str) -> bytes:
    """Read a small file, such as a key."""
    try:
        with file.open("rb") as read:
            return read.read(_PIECE)
    except OSError as error:
        raise InvalidError(
            f"{file} cannot be read: {error.strerror}", field=field, remedy="Name a file."
        ) from error


def write_whole(out: Path, pieces: Iterator[bytes]) -> None:
    """Write a file that is there whole or not at all; it never takes another's place half-way."""
    try:
        handle, name = tempfile.mkstemp(dir=str(out.parent), prefix=f".{out.name}.")
    except OSError as error:
        raise InvalidError(
            f"{out} cannot be written: {error.strerror}", field="out", remedy="Name another place."
        ) from error
    try:
        with os.fdopen(handle, "wb") as written:
            for piece in pieces:
                written.write(piece)
            written.flush()
            os.fsync(written.fileno())
        Path(name).replace(out)
    except OSError as error:
        raise InvalidError(
            f"{out} cannot be written: {error.strerror}", field="out", remedy="Name another place."
        ) from error
    finally:
        with suppress(OSError):
            Path(name).unlink()


@contextmanager
def _acting(
    context: typer.Context, config: Path | None, data: Path | None, who: str
) -> Iterator[tuple[House, Actor]]:
    """Open the house and its vault for somebody, or for the command line."""
    with opened(context, config, data) as house:
        house.safe.begin()
        if not who:
            yield house, ACTOR
            return
        with signed_in(house, who) as actor:
            yield house, actor


def _told(kept: Kept) -> dict[str, Any]:
    return {
        "name": kept.name,
        "digest": kept.digest,
        "size": kept.artefact.size if kept.artefact is not None else None,
        "scan": kept.scan_answer[0],
        "signature": kept.signed[0],
        "says": kept.scan_answer[1],
    }
