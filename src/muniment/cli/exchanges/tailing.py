"""`muniment tail`: calls as they leave and end, without anything that was said in them."""

from __future__ import annotations

import json
import time
from typing import Annotated

import typer

from muniment import exchanges
from muniment.cli.exchanges.words import SystemOption, call_told, cost_words, end_words
from muniment.cli.registry.words import ACTOR, opened
from muniment.cli.state import ConfigOption, DataOption, JsonOption
from muniment.core.clock import stamp
from muniment.exchanges import Exchange, State, Wanted

_POLL_SECONDS = 0.5
_MOST_AT_ONCE = 500


def tail(
    context: typer.Context,
    system: SystemOption = "",
    count: Annotated[
        int, typer.Option("--count", "-n", min=0, max=500, help="How many to begin with.")
    ] = 10,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    once: Annotated[bool, typer.Option("--once", help="Do not wait for more.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the newest calls, and then each as it leaves and as it ends, until Ctrl-C."""
    wanted = Wanted(system=system)
    with opened(context, config, data) as house:
        with house.database.look(ACTOR) as work:
            _none, place = exchanges.find_after(work, Wanted(), -1)
            newest = exchanges.find(work, wanted, limit=count).rows if count else ()
            currency = exchanges.currency(work)
        for each in reversed(newest):
            _tell(each, currency, as_json=as_json)
        try:
            while not once:
                with house.database.look(ACTOR) as work:
                    found, place = exchanges.find_after(
                        work, wanted, max(place, 0), limit=_MOST_AT_ONCE
                    )
                for each in found:
                    _tell(each, currency, as_json=as_json)
                if len(found) < _MOST_AT_ONCE:
                    time.sleep(_POLL_SECONDS)
        except KeyboardInterrupt:  # it is how people end it
            return


def _tell(found: Exchange, currency: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(call_told(found), ensure_ascii=False))
        return
    typer.echo(_line(found, currency))


def _line(found: Exchange, currency: str) -> str:
    at = stamp(found.ended_at or found.began_at)[:23]
    words = [at, found.id, found.system, found.provider_model or found.model, end_words(found)]
    if found.state is not State.OPEN:
        words += [
            f"{found.milliseconds} ms",
            f"{found.input_tokens}+{found.output_tokens} tokens",
            f"cost {cost_words(found, currency)}",
        ]
    if found.findings:
        words.append(f"{found.findings} found")
    if found.effect not in ("", "allow"):
        words.append(found.effect)
    if found.uninspected and found.state is not State.OPEN:
        words.append("not all of it was looked at")
    line = "  ".join(words)
    return "".join(letter if letter.isprintable() else " " for letter in line)
