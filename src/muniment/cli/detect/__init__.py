"""`muniment detect …`: scan files, explain findings, plant canaries, calibrate, report cases."""

from __future__ import annotations

import typer

from muniment.cli.detect import calibrating, canaries, explaining, protecting, reporting, scanning

__all__ = ["commands"]


def commands() -> typer.Typer:
    """Give the commands of detection."""
    group = typer.Typer(
        help="Sensitive data: scan, explain, protect, calibrate.", no_args_is_help=True
    )
    group.command("scan")(scanning.scan)
    group.command("protect")(protecting.protect)
    group.command("restore")(protecting.restore)
    group.command("explain")(explaining.explain)
    group.command("types")(explaining.types)
    group.command("propose")(calibrating.propose)
    group.command("apply")(calibrating.apply)
    group.command("changes")(calibrating.changes)
    group.command("history")(calibrating.history)
    group.add_typer(canaries.commands(), name="canary")
    group.add_typer(reporting.commands(), name="feedback")
    return group
