"""The group of commands of detection."""

from __future__ import annotations

import typer

from muniment.cli.detect import commands


def test_every_command_is_there_and_says_what_it_does() -> None:
    """Whoever asks for help finds each command with a sentence."""
    group = typer.main.get_command(commands())
    assert isinstance(group, typer.core.TyperGroup)
    wanted = {"scan", "explain", "types", "propose", "apply", "changes", "history", "canary"}
    assert wanted <= set(group.commands)
    assert all(each.help for each in group.commands.values())
