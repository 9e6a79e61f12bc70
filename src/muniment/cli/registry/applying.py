"""A repository's file becomes what the registry says; nameless versions are adopted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from muniment import registry
from muniment.cli.registry.words import AsOption, ReasonOption, SystemArgument, act, look
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.registry import Desired, Origin, Plan, PlannedSort

DRIFTED = 1
_SAYS = {
    PlannedSort.REGISTER: "register",
    PlannedSort.STATE: "state anew",
    PlannedSort.HAND_OVER: "hand over",
    PlannedSort.WRITE: "write a version of",
    PlannedSort.DRAFT: "draft a change request:",
}


def add_to(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("apply")(apply)
    group.command("adopt")(adopt)


def apply(  # noqa: PLR0913, PLR0917 each option is a part of what is applied
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="muniment.yaml, or the folder it stands in.")
    ] = Path(),
    plan: Annotated[bool, typer.Option("--plan", help="Only show what would be done.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Show how file and registry differ; exit 1 if they do.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    title: Annotated[str, typer.Option(help="Title of the change request.")] = "",
    reason: Annotated[str, typer.Option(help="Why; it stands in the record.")] = "",
    ticket: Annotated[str, typer.Option(help="Where it was asked for.")] = "",
    commit: Annotated[str, typer.Option(help="The commit the file is of.")] = "",
    pull_request: Annotated[str, typer.Option(help="The pull request it comes from.")] = "",
    as_json: JsonOption = False,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Bring the registry to what a repository's file says; what serves only by a change request."""
    desired = registry.read_desired(file)
    found = look(context, config, data, lambda work: registry.plan(work, desired))
    if not as_json or plan or check or not found.steps:
        _show(found, as_json=as_json)
    if check:
        raise typer.Exit(DRIFTED if found.drifted else 0)
    if plan or not found.steps:
        return
    if not who:
        raise InvalidError(
            "a person applies a file", field="as", remedy="Say who you are: --as YOU@EXAMPLE.ORG."
        )
    if not yes:
        typer.confirm("Do this?", abort=True, err=True)
    origin = Origin(ticket, commit, pull_request)
    _do(context, config, data, who, desired, found, (title, reason), origin, as_json=as_json)


def adopt(
    context: typer.Context,
    system: SystemArgument,
    part: Annotated[str, typer.Argument(metavar="PART", help="Kind and name: prompt/main.")],
    number: Annotated[int, typer.Argument(help="Number of the version.", min=1)],
    reason: ReasonOption,
    who: AsOption,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Answer, as a person, for a version that the command line wrote without a name."""

    def adopted(work: Work) -> str:
        return registry.adopt_version(work, system, part, number, reason=reason)

    person = act(context, config, data, who, adopted)
    typer.echo(f"{person} answers for {part} version {number}.")


def _do(  # noqa: PLR0913 what one command was given
    context: typer.Context,
    config: Path | None,
    data: Path | None,
    who: str,
    desired: Desired,
    found: Plan,
    words: tuple[str, str],
    origin: Origin,
    *,
    as_json: bool,
) -> None:
    title, reason = words
    made = act(
        context,
        config,
        data,
        who,
        lambda work: registry.apply(
            work,
            desired,
            title=title,
            reason=reason or "as the repository declares",
            expected=found.digest,
            origin=origin,
        ),
    )
    if as_json:
        change = made.change.id if made.change is not None else None
        print_json({"system": made.system.id, "change": change})
        return
    typer.echo(f"{made.system.key} is as the file says.")
    if made.change is not None:
        typer.echo(f"What serves waits for a yes: muniment registry ask {made.change.id}")


def _show(found: Plan, *, as_json: bool) -> None:
    if as_json:
        print_json(plan_told(found))
        return
    for step in found.steps:
        typer.echo(f"+ {_SAYS[step.sort]} {step.what}")
        for line in step.lines:
            typer.echo(f"    {line}")
    for each in found.waiting:
        typer.echo(f"~ under way: {each}")
    if not found.drifted:
        typer.echo(f"{found.key} is as the file says; nothing is to be done.")


def plan_told(found: Plan) -> dict[str, Any]:
    """Tell a plan for programs."""
    return {
        "system": found.key,
        "plan": found.digest,
        "steps": [
            {"does": each.sort.value, "what": each.what, "lines": list(each.lines)}
            for each in found.steps
        ],
        "waiting": list(found.waiting),
        "drifted": found.drifted,
    }
