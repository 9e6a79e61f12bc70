"""How calls are told on a terminal and to programs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer

from muniment.core.clock import parse_stamp, stamp
from muniment.core.errors import InvalidError
from muniment.exchanges import COST_UNKNOWN, Exchange, State, write_amount

ExchangeArgument = Annotated[
    str, typer.Argument(metavar="EXCHANGE", help="Id of the call, as in x-muniment-exchange.")
]
SystemOption = Annotated[str, typer.Option("--system", help="Calls of this system only.")]


def call_told(found: Exchange) -> dict[str, Any]:
    """Tell a call for programs; a cost that nobody knows is null."""
    value = {
        name: stamp(each) if isinstance(each, datetime) else each
        for name, each in asdict(found).items()
    }
    value["cost_micros"] = None if found.cost_micros == COST_UNKNOWN else found.cost_micros
    return {**value, "uninspected": found.uninspected}


def cost_words(found: Exchange, currency: str) -> str:
    """Say what a call cost."""
    if found.cost_micros != COST_UNKNOWN:
        return f"{write_amount(found.cost_micros)} {currency}"
    return "not known yet" if found.state is State.OPEN else "could not tell"


def end_words(found: Exchange) -> str:
    """Say how a call ended, and why where it did not end well."""
    return f"{found.state.value}, {found.code}" if found.code else found.state.value


def read_time(text: str, field: str) -> datetime | None:
    """Read a moment, if one is given."""
    if not text:
        return None
    try:
        return parse_stamp(text)
    except InvalidError as error:
        raise InvalidError(error.message, field=field, remedy=error.remedy) from error
