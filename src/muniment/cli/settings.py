"""`muniment settings`: what is in force, and where each value came from."""

from __future__ import annotations

from typing import Annotated

import typer

from muniment.cli.state import ConfigOption, JsonOption, print_json, print_table
from muniment.settings import knobs, load, shown

ChangedOption = Annotated[bool, typer.Option("--changed", help="Only what is not the default.")]


def add_to(app: typer.Typer) -> None:
    """Join the command line."""
    app.command("settings")(settings)


def settings(
    config: ConfigOption = None, *, as_json: JsonOption = False, changed: ChangedOption = False
) -> None:
    """Show every setting in force and its source; secrets stay hidden."""
    loaded = load(file=config)
    rows = [
        (each.key, shown(each, loaded.settings), loaded.sources[each.key], each.says)
        for each in knobs()
        if not changed or loaded.sources[each.key] != "default"
    ]
    if as_json:
        names = ("key", "value", "source", "says")
        print_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    print_table("Settings in force", ("setting", "value", "from", "what it does"), rows)
