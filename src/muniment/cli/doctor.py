"""`muniment doctor`: what is wrong with an installation, and how to mend it."""

from __future__ import annotations

from dataclasses import asdict

import typer

from muniment.cli.state import ConfigOption, DataOption, JsonOption, house_of, print_json
from muniment.server.health import Verdict

_WORDS = {
    Verdict.MET: "met",
    Verdict.NOT_MET: "not met",
    Verdict.COULD_NOT_TELL: "could not tell",
}


def add_to(app: typer.Typer) -> None:
    """Join the command line."""
    app.command("doctor")(doctor)


def doctor(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Examine this installation; exit 1 if something is wrong."""
    from muniment.server.doctor import examine  # noqa: PLC0415 the web framework loads slowly

    found = []
    with house_of(context, config, {"data.dir": data}) as house:
        for check in examine(house):
            found.append(check)
            if not as_json:
                typer.echo(f"{_WORDS[check.verdict]:<15} {check.name:<12} {check.says}")
    if as_json:
        print_json([asdict(check) for check in found])
    raise typer.Exit(1 if any(check.verdict is Verdict.NOT_MET for check in found) else 0)
