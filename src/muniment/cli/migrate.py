"""`muniment migrate`: bring the database to this version."""

from __future__ import annotations

import typer

from muniment.cli.state import ConfigOption, DataOption, house_of
from muniment.db import migrate as bring_up
from muniment.db.migrate import schema_revision


def add_to(app: typer.Typer) -> None:
    """Join the command line."""
    app.command("migrate")(migrate)


def migrate(context: typer.Context, config: ConfigOption = None, data: DataOption = None) -> None:
    """Create the database, or bring it to this version's schema."""
    with house_of(context, config, {"data.dir": data}, create=True) as house:
        applied = bring_up(house.database)
        now = schema_revision(house.database)
    told = f"applied {', '.join(applied)}" if applied else "nothing to do"
    typer.echo(f"Schema {now}: {told}.")
