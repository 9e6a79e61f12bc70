"""Commands about proof: the order of a change's entries, runs, and runs done again."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

from muniment import registry
from muniment.cli.registry.words import ACTOR as _ACTOR
from muniment.cli.registry.words import ChangeArgument, SystemArgument, look, opened
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json, print_table
from muniment.core.clock import stamp
from muniment.registry import OrderProof, Reproduction, Run

EXIT_CODES = {"met": 0, "not_met": 1, "could_not_tell": 3}
RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="Id of the run.")]


def add_to(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("prove")(prove)
    group.command("runs")(runs)
    group.command("reproduce")(reproduce)


def prove(
    context: typer.Context,
    change_id: ChangeArgument,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Say by places in the log whether a change was tested, then approved, then deployed."""
    with opened(context, config, data) as house, house.database.look(_ACTOR) as work:
        found = registry.prove_change(work, house.log, change_id)
    if as_json:
        print_json(proof_told(found))
    else:
        typer.echo(f"{found.verdict.replace('_', ' ')}: {found.says}")
        rows = [
            (each.sort, each.says, "not sealed yet" if each.index is None else each.index)
            for each in found.marks
        ]
        print_table("Entries", ("What", "It says", "Place"), rows)
        origin = found.origin
        for name, text in (
            ("Ticket", origin.ticket),
            ("Commit", origin.commit),
            ("Pull request", origin.pull_request),
        ):
            typer.echo(f"{name}: {text or 'not stated'}")
    raise typer.Exit(EXIT_CODES[found.verdict])


def runs(
    context: typer.Context,
    system: SystemArgument,
    of: Annotated[str, typer.Option("--of", help="Only of this digest.")] = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List trainings and evaluations, the newest first."""
    found = look(context, config, data, lambda work: registry.runs_of(work, system, of=of))
    if as_json:
        print_json([run_told(each) for each in found])
        return
    rows = [(each.id, each.sort.value, each.verdict, each.says) for each in found]
    print_table("Runs", ("Id", "Sort", "Answer", "It says"), rows)


def reproduce(
    context: typer.Context,
    run_id: RunArgument,
    folder: Annotated[Path, typer.Option(help="Where its files stand.")] = Path(),
    yes: Annotated[bool, typer.Option("--yes", help="Run its command without asking.")] = False,
    seconds: Annotated[float, typer.Option(help="How long it may take.", min=1)] = 3_600.0,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Run what a run recorded again: 0 the same, 1 it differs, 3 could not tell."""
    run = look(context, config, data, lambda work: registry.get_run(work, run_id))
    command = shlex.join(registry.command_of(run))
    if command and not yes:
        typer.echo(f"This runs in {folder.resolve()}: {command}", err=True)
        typer.confirm("Run it?", abort=True, err=True)
    found = registry.reproduce(run, folder, seconds=seconds)
    if as_json:
        print_json(reproduction_told(found))
    else:
        typer.echo(f"{_said(found)}: {found.says}")
        rows = [(each.name, _WORDS[each.verdict], each.says) for each in found.parts]
        print_table("What was compared", ("What", "Answer", "It says"), rows)
    raise typer.Exit(EXIT_CODES[found.verdict])


_WORDS = {"met": "same", "not_met": "differs", "could_not_tell": "could not tell"}


def _said(found: Reproduction) -> str:
    return _WORDS[found.verdict]


def proof_told(found: OrderProof) -> dict[str, Any]:
    """Tell a proof of order for programs."""
    return {
        "change": found.change_id,
        "verdict": found.verdict,
        "says": found.says,
        "entries": [
            {
                "what": each.sort,
                "says": each.says,
                "record": each.record_id,
                "index": each.index,
                "asserted": each.asserted,
            }
            for each in found.marks
        ],
        "ticket": found.origin.ticket,
        "commit": found.origin.commit,
        "pull_request": found.origin.pull_request,
    }


def run_told(run: Run) -> dict[str, Any]:
    """Tell a run for programs."""
    return {
        "id": run.id,
        "sort": run.sort.value,
        "of": run.of,
        "verdict": run.verdict,
        "says": run.says,
        "document": dict(run.document),
        "made_at": stamp(run.made_at),
    }


def reproduction_told(found: Reproduction) -> dict[str, Any]:
    """Tell how a run came out the second time, for programs."""
    parts = [
        {"what": each.name, "answer": _WORDS[each.verdict], "says": each.says}
        for each in found.parts
    ]
    return {"run": found.run_id, "answer": _said(found), "says": found.says, "parts": parts}
