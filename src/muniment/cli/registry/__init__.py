"""`muniment registry …`: what runs, who answers for it, what changed, and what served when."""

from __future__ import annotations

import typer

from muniment.cli.registry import (
    applying,
    artefacts,
    asof,
    bringing,
    changes,
    mlflow,
    papers,
    proving,
    systems,
)


def commands() -> typer.Typer:
    """Give the commands of the registry."""
    group = typer.Typer(
        help="What runs, who answers for it, what changed, what served when.", no_args_is_help=True
    )
    for part in (systems, changes, asof, artefacts, papers, applying, bringing, proving, mlflow):
        part.add_to(group)
    return group
