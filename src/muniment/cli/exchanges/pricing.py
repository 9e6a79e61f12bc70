"""`muniment exchange prices` and what changes them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from muniment import exchanges
from muniment.cli.exchanges.words import read_time
from muniment.cli.registry.words import AsOption, ReasonOption, act, look, stamp_of
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json, print_table
from muniment.core.clock import stamp
from muniment.exchanges import Price, read_amount, write_amount

ProviderArgument = Annotated[str, typer.Argument(help="Name of the provider, as openai.")]
ModelArgument = Annotated[str, typer.Argument(help="Name of the model, exactly.")]
FromOption = Annotated[str, typer.Option("--from", help="From this time on; else from now on.")]


def prices(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    past: Annotated[bool, typer.Option("--past", help="All that ever was set.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List what a million tokens cost; what is not listed, nobody can tell."""
    found = look(context, config, data, lambda work: exchanges.prices(work, past=past))
    if as_json:
        print_json({"prices": [_told(each) for each in found]})
        return
    if not found:
        typer.echo("No price is known. Set one: muniment exchange set-price --help")
        return
    print_table(
        "Prices per million tokens",
        ("provider", "model", "in", "out", "currency", "from", "source"),
        [
            (
                each.provider,
                each.model,
                _amount(each.input_micros),
                _amount(each.output_micros),
                each.currency,
                stamp(each.valid_from)[:10],
                each.source,
            )
            for each in found
        ],
    )


def set_price(  # noqa: PLR0913, PLR0917 each option says one thing of the price
    context: typer.Context,
    provider: ProviderArgument,
    model: ModelArgument,
    taken: Annotated[str, typer.Argument(metavar="IN", help="Per million tokens in.")],
    given: Annotated[str, typer.Argument(metavar="OUT", help="Per million tokens out.")],
    source: Annotated[str, typer.Option(help="Where the price is written.")],
    reason: ReasonOption,
    currency: Annotated[str, typer.Option(help="One for all prices.")] = "USD",
    since: FromOption = "",
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Say what a model costs from a time on; the price before stays known."""
    start = read_time(since, "from")
    amounts = read_amount(taken, "in"), read_amount(given, "out")
    made = act(
        context,
        config,
        data,
        who,
        lambda work: exchanges.set_price(
            work,
            Price(provider, model, currency, *amounts, start or work.now, source, reason=reason),
        ),
    )
    typer.echo(f"{made.id}: {provider} {model} from {stamp(made.valid_from)}.")


def withdraw_price(
    context: typer.Context,
    provider: ProviderArgument,
    model: ModelArgument,
    reason: ReasonOption,
    since: FromOption = "",
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Say that nobody knows any more what a model costs."""
    start = read_time(since, "from")
    act(
        context,
        config,
        data,
        who,
        lambda work: exchanges.withdraw_price(
            work, provider, model, reason=reason, valid_from=start
        ),
    )
    typer.echo(f"What {provider} {model} costs, nobody can tell from then on.")


def _amount(micros: int | None) -> str:
    return "withdrawn" if micros is None else write_amount(micros)


def _told(price: Price) -> dict[str, Any]:
    return {
        "id": price.id,
        "provider": price.provider,
        "model": price.model,
        "currency": price.currency,
        "input_micros": price.input_micros,
        "output_micros": price.output_micros,
        "valid_from": stamp(price.valid_from),
        "source": price.source,
        "reason": price.reason,
        "set_by": price.set_by,
        "set_at": stamp_of(price.set_at),
        "shipped": price.shipped,
    }
