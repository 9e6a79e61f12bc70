"""`muniment exchange match` and `subject`: disputed texts, and by which name a person is known."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from muniment import exchanges
from muniment.cli.exchanges.words import ExchangeArgument
from muniment.cli.registry.words import ACTOR, AsOption, ReasonOption, opened
from muniment.cli.signing_in import signed_in
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json
from muniment.core.errors import InvalidError, NotFoundError
from muniment.exchanges import Matching

NOT_MET = 1
COULD_NOT_TELL = 3


class Direction(StrEnum):
    """Which text of a call."""

    PROMPT = "prompt"
    ANSWER = "answer"


def match(  # noqa: PLR0913 each option says one thing of the question
    context: typer.Context,
    exchange: ExchangeArgument,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="The text; - reads it.")],
    reason: ReasonOption,
    direction: Annotated[Direction, typer.Option(help="Which of its texts.")] = Direction.PROMPT,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Say whether a disputed text is the one a call carried; the question is recorded, not it."""
    content = _content(file)
    with opened(context, config, data) as house:
        house.safe.begin()
        acting = signed_in(house, who) if who else nullcontext(ACTOR)
        with acting as actor, house.database.work(actor) as work:
            found = exchanges.match(
                work,
                house.log,
                house.safe,
                exchange,
                content,
                direction=direction.value,
                reason=reason,
            )
    if as_json:
        told = {
            "exchange": found.exchange,
            "direction": found.direction,
            "answer": found.answer.value,
            "says": found.says,
        }
        print_json(told)
    else:
        typer.echo(f"{found.answer.value.replace('_', ' ').capitalize()}: {found.says}.")
    if found.answer is not Matching.MATCHES:
        raise typer.Exit(NOT_MET if found.answer is Matching.DIFFERS else COULD_NOT_TELL)


def subject(
    context: typer.Context,
    identifier: Annotated[str, typer.Argument(help="What callers call the person; - to read it.")],
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Say by which random name calls know a person; erase it with `muniment vault shred`."""
    given = sys.stdin.readline().strip() if identifier == "-" else identifier
    with opened(context, config, data) as house:
        house.safe.begin()
        with house.database.work(ACTOR) as work:
            found = exchanges.find_subject(work, house.safe, given)
    if found is None:
        raise NotFoundError(
            "no call carried data of this person that we know of",
            remedy="Spell it as the caller does in x-muniment-subject; it may have been erased.",
        )
    typer.echo(found)


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InvalidError(
            f"{file} cannot be read: {error.strerror}", field="file", remedy="Give its path, or -."
        ) from error
