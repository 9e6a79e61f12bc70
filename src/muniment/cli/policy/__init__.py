"""`muniment policy …`: what may be done, and why; written, tested, published and explained."""

from __future__ import annotations

import typer

from muniment.cli.policy import changing, deciding, files, looking, written
from muniment.cli.policy.checking import check_repository

__all__ = ["add_to", "commands"]


def commands() -> typer.Typer:
    """Give the commands of policy."""
    group = typer.Typer(help="What may be done, and why.", no_args_is_help=True)
    for name, command in (
        ("check", files.check),
        ("test", files.run_tests),
        ("analyse", files.analyse),
        ("list", looking.list_versions),
        ("show", looking.show),
        ("diff", looking.diff),
        ("at", looking.at),
        ("draft", changing.draft),
        ("publish", changing.publish),
        ("shadow", changing.shadow),
        ("rollback", changing.rollback),
        ("simulate", deciding.simulate),
        ("replay", deciding.replay),
        ("explain", deciding.explain),
    ):
        group.command(name)(command)
    group.add_typer(written.commands(), name="written")
    return group


def add_to(app: typer.Typer) -> None:
    """Put `muniment check` beside the rooms, for it needs no installation."""
    app.command("check")(check_repository)
