"""`muniment exchange …`, `muniment explain` and `muniment tail`: calls, limits, stops, prices."""

from __future__ import annotations

import typer

from muniment.cli.exchanges import disputing, looking, pricing, setting, tailing

__all__ = ["add_to", "commands"]


def commands() -> typer.Typer:
    """Give the commands of exchanges."""
    group = typer.Typer(help="Calls, what they may use, what is stopped.", no_args_is_help=True)
    for name, command in (
        ("list", looking.list_calls),
        ("show", looking.show),
        ("explain", looking.explain),
        ("tail", tailing.tail),
        ("match", disputing.match),
        ("subject", disputing.subject),
        ("limits", setting.limits),
        ("set-limit", setting.set_limit),
        ("end-limit", setting.end_limit),
        ("stops", setting.stops),
        ("stop", setting.stop),
        ("resume", setting.resume),
        ("prices", pricing.prices),
        ("set-price", pricing.set_price),
        ("withdraw-price", pricing.withdraw_price),
    ):
        group.command(name)(command)
    return group


def add_to(app: typer.Typer) -> None:
    """Put the two commands people need in a hurry beside the rooms."""
    app.command("explain")(looking.explain)
    app.command("tail")(tailing.tail)
