"""`muniment detect protect` and `restore`: a text is made safe, and its tokens are turned back.

Values that a policy tokenises are kept in the vault of the installation; each comes back on record.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Unpack

import typer

from muniment import detect
from muniment.cli.detect.asking import (
    DetectorOption,
    LayersOption,
    policy_in,
    read_text,
    scanner_from,
)
from muniment.cli.state import ConfigOption, DataOption, house_of
from muniment.core.actor import system_actor
from muniment.core.errors import BlockedError, InvalidError
from muniment.detect import Action, Given, Policy, Scanner
from muniment.server import House

_ACTOR = system_actor("cli")
_JSON = frozenset({".json"})
_USUAL = "confidential"

ScopeOption = Annotated[str, typer.Option(help="Where the tokens stand for something: support.")]


def protect(  # noqa: PLR0913, PLR0917 each option is its own
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="One file, or - for stdin.")],
    policy: Annotated[Path | None, typer.Option(help="Policy to follow, TOML or JSON.")] = None,
    subject: Annotated[
        str, typer.Option(help="Pseudonym of the person whose values are kept, sub_….")
    ] = "",
    scope: ScopeOption = "",
    classification: Annotated[str, typer.Option(help="How confidential they are.")] = _USUAL,
    layers: LayersOption = "",
    detector: DetectorOption = None,
    hash_key: Annotated[
        Path | None, typer.Option(help="File with the secret key of a policy that hashes.")
    ] = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Print a text made safe; what a policy tokenises is kept in the vault."""
    wanted, scanner = policy_in(policy), scanner_from(layers, detector)
    if Action.TOKENISE not in {wanted.default, *(rule.action for rule in wanted.rules)}:
        write_safe(scanner, file, wanted, hash_key)
        return
    with house_of(context, config, {"data.dir": data}) as house:
        tokens = _tokens(house, subject, classification, "made safe at a terminal")
        write_safe(scanner, file, wanted, hash_key, tokens=tokens, scope=scope)


def restore(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="One file, or - for stdin.")],
    scope: ScopeOption,
    reason: Annotated[str, typer.Option(help="Why; it stands in the record.")],
    token: Annotated[
        list[str] | None, typer.Option(help="A token in the form of a number, as it stands there.")
    ] = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Print a text with its tokens turned back into values; each one is on record."""
    text = read_text(file)
    with house_of(context, config, {"data.dir": data}) as house:
        tokens = _tokens(house, "", _USUAL, reason)
        told = detect.restored(text, tokens, scope=scope, also=token or ())
    typer.echo(told.encode("utf-8", "replace"), nl=False)


def write_safe(
    scanner: Scanner, source: str, policy: Policy, key_file: Path | None, **means: Unpack[Given]
) -> None:
    """Print a text or JSON made safe, or say why it may not go on."""
    if key_file is not None:
        means["hash_key"] = _key_in(key_file)
    exchange = scanner.protector(policy, **means)
    text = read_text(source)
    as_json = Path(source).suffix.lower() in _JSON
    told = exchange.json(text) if as_json else exchange.text(text)
    if not told.verdict.passes:
        raise BlockedError("this text may not go on", subject=source, reasons=told.verdict.reasons)
    typer.echo(told.text.encode("utf-8", "replace"), nl=False)


def _tokens(house: House, subject: str, classification: str, reason: str) -> detect.VaultTokens:
    return detect.VaultTokens(
        house.safe, _ACTOR, subject=subject, classification=classification, reason=reason
    )


def _key_in(path: Path) -> bytes:
    try:
        return path.read_bytes().strip()
    except OSError as error:
        raise InvalidError(
            f"the key cannot be read: {error.strerror}",
            field="hash_key",
            subject=str(path),
            remedy="Name a file that you may read.",
        ) from error
