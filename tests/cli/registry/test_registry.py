"""The commands of the registry, as they are listed."""

from __future__ import annotations

from typer.testing import CliRunner

from muniment.cli.registry import commands


def test_each_command_says_what_it_does() -> None:
    """Every command stands in the help with a sentence, and has a help of its own."""
    runner, app = CliRunner(), commands()
    listed = runner.invoke(app, ["--help"])
    assert listed.exit_code == 0
    for command in app.registered_commands:
        assert command.callback is not None
        name = command.name or command.callback.__name__.replace("_", "-")
        assert name in listed.output
        assert runner.invoke(app, [name, "--help"]).exit_code == 0
        assert (command.callback.__doc__ or "").rstrip().endswith(".")
