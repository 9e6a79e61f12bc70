"""`muniment access`: every command explains itself."""

from __future__ import annotations

from typing import Any

import typer

from muniment.cli.access import commands


def leaves(command: Any) -> list[Any]:
    """List the commands that do something, through all groups."""
    inner = getattr(command, "commands", None)
    if inner is None:
        return [command]
    return [leaf for each in inner.values() for leaf in leaves(each)]


def test_every_command_says_what_it_does() -> None:
    """A person who asks for help reads a sentence for each command and each of its options."""
    found = leaves(typer.main.get_command(commands()))
    assert len(found) > 30
    for command in found:
        assert (command.help or "").strip().partition("\n")[0].endswith("."), command.name
        for option in command.params:
            if option.name not in {"config", "data", "as_json"}:
                assert getattr(option, "help", ""), (command.name, option.name)
