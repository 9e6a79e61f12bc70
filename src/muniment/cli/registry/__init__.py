"""`muniment registry …`: what runs, who answers for it, what changed, and what served when."""

from __future__ import annotations

import typer


def commands() -> typer.Typer:
    """Give the commands of the registry."""
    from muniment.cli.registry import (  # noqa: PLC0415 others need only the words they share
        applying,
        artefacts,
        asof,
        bringing,
        changes,
        hosts,
        mlflow,
        papers,
        proving,
        systems,
    )

    group = typer.Typer(
        help="What runs, who answers for it, what changed, what served when.", no_args_is_help=True
    )
    looking = (systems, asof, hosts, proving)
    doing = (changes, artefacts, papers, applying, bringing, mlflow)
    for part in (*looking, *doing):
        part.add_to(group)
    return group
