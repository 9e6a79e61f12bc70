"""`muniment access …`: who is asking, what they may reach, and how they come in."""

from __future__ import annotations

import typer

from muniment.cli.access import issuing, letting_in

__all__ = ["commands"]


def commands() -> typer.Typer:
    """Give the commands of access."""
    group = typer.Typer(help="People, and how they come in.", no_args_is_help=True)
    letting_in.add_to(group)
    group.add_typer(issuing.commands(), name="sso")
    return group
