"""Commands about systems and their parts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from muniment import registry
from muniment.cli.registry.words import (
    AsOption,
    LimitOption,
    ReasonOption,
    SystemArgument,
    act,
    look,
    read_object,
    read_pairs,
    system_told,
)
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json, print_table
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.registry import Origin, RunSort, SystemQuery, SystemState

PartArgument = Annotated[str, typer.Argument(metavar="PART", help="Kind and name: prompt/main.")]


def add_to(group: typer.Typer) -> None:
    """Add the commands about systems."""
    for name, command in (
        ("list", list_systems),
        ("show", show),
        ("register", register),
        ("state", state),
        ("submit", submit),
        ("transfer", transfer),
        ("suspend", suspend),
        ("resume", resume),
        ("retire", retire),
        ("write", write),
        ("versions", versions),
        ("diff", diff),
        ("run", run),
    ):
        group.command(name)(command)


def list_systems(  # noqa: PLR0913, PLR0917 each option narrows the list
    context: typer.Context,
    words: Annotated[str, typer.Argument(help="Words to look for.")] = "",
    state: Annotated[SystemState | None, typer.Option(help="Only in this state.")] = None,
    owner: Annotated[str, typer.Option(help="Only of this person: id or e-mail address.")] = "",
    tier: Annotated[str, typer.Option(help="Only of this tier.")] = "",
    limit: LimitOption = 50,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List systems, the newest first."""
    query = SystemQuery(words, state, owner, tier)
    page = look(context, config, data, lambda work: registry.find_systems(work, query, limit=limit))
    if as_json:
        print_json([system_told(each) for each in page.rows])
        return
    print_table(
        "Systems",
        ("Key", "Name", "State", "Tier", "Id"),
        [
            (each.key, each.profile.name, each.state.value, each.tier or "unknown", each.id)
            for each in page.rows
        ],
    )


def show(
    context: typer.Context,
    system: SystemArgument,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show a system: what is stated, what it is made of, what serves, what is missing."""

    def read(work: Work) -> dict[str, Any]:
        found = registry.get_system(work, system)
        return {
            **system_told(found),
            "profile": registry.profile_document(found.profile),
            "parts": {each.label: each.latest for each in registry.parts_of(work, found.id)},
            "serving": {
                each.environment: {share.set_digest: share.percent for share in each.shares}
                for each in registry.serving_now(work, found.id)
            },
            "missing": list(registry.gaps(work, found)),
        }

    told = look(context, config, data, read)
    if as_json:
        print_json(told)
        return
    typer.echo(f"{told['name']} ({told['key']}) is {told['state']}; tier {told['tier'] or '?'}.")
    typer.echo(told["purpose"])
    print_table("Parts", ("Part", "Latest"), list(told["parts"].items()))
    rows = [
        (place, digest, f"{percent} %")
        for place, shares in told["serving"].items()
        for digest, percent in shares.items()
    ]
    print_table("What serves", ("Environment", "Version set", "Share"), rows)
    for each in told["missing"]:
        typer.echo(f"Missing: {each}")


def register(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="Short name, as credit-score.")],
    profile: Annotated[Path, typer.Option(help="JSON file with what is stated about it.")],
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Make a system known."""
    stated = read_object(profile, "profile")
    made = act(context, config, data, who, lambda work: registry.register(work, key, stated))
    typer.echo(f"{made.key} is {made.state.value}: {made.id}")


def state(
    context: typer.Context,
    system: SystemArgument,
    profile: Annotated[Path, typer.Option(help="JSON file with what is stated about it.")],
    version: Annotated[
        int | None, typer.Option(help="Refuse if it is no longer this version, as `show` names it.")
    ] = None,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """State a system anew."""
    stated = read_object(profile, "profile")
    made = act(
        context,
        config,
        data,
        who,
        lambda work: registry.change_system(work, system, stated, version=version),
    )
    typer.echo(f"{made.key} is stated in version {made.version}.")


def submit(
    context: typer.Context,
    system: SystemArgument,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Put a system before those who approve it."""
    made = act(context, config, data, who, lambda work: registry.submit(work, system))
    typer.echo(f"{made.key} waits for an answer: muniment approvals show {made.request_id}")


def transfer(
    context: typer.Context,
    system: SystemArgument,
    owner: Annotated[str, typer.Argument(help="Id or e-mail address of the new owner.")],
    reason: ReasonOption,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Let somebody else answer for a system."""
    made = act(
        context,
        config,
        data,
        who,
        lambda work: registry.transfer(work, system, owner, reason=reason),
    )
    typer.echo(f"{made.profile.owner} answers for {made.key} now.")


def suspend(
    context: typer.Context,
    system: SystemArgument,
    reason: ReasonOption,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Stop a system at once, everywhere."""
    made = act(
        context, config, data, who, lambda work: registry.suspend(work, system, reason=reason)
    )
    typer.echo(f"{made.key} is suspended.")


def resume(
    context: typer.Context,
    system: SystemArgument,
    reason: ReasonOption,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Let a stopped system go on."""
    made = act(
        context, config, data, who, lambda work: registry.resume(work, system, reason=reason)
    )
    typer.echo(f"{made.key} is {made.state.value}.")


def retire(
    context: typer.Context,
    system: SystemArgument,
    disposal: Annotated[
        list[str], typer.Option("--disposal", help="What became of it: data=…, models=…")
    ],
    who: AsOption,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Retire a system for good; a person does it, and says what became of everything."""
    told = read_pairs(disposal, "disposal")
    made = act(context, config, data, who, lambda work: registry.retire(work, system, told))
    typer.echo(f"{made.key} is retired.")


def write(  # noqa: PLR0913, PLR0917 each option is a part of the version
    context: typer.Context,
    system: SystemArgument,
    part: PartArgument,
    file: Annotated[
        Path | None, typer.Option(help="JSON file with the content of the version.")
    ] = None,
    text: Annotated[Path | None, typer.Option(help="Text file; of a prompt.")] = None,
    ticket: Annotated[str, typer.Option(help="Where the change was asked for.")] = "",
    commit: Annotated[str, typer.Option(help="The commit it comes from.")] = "",
    pull_request: Annotated[str, typer.Option(help="The pull request it comes from.")] = "",
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Write a version of a part; the same content again is the version there is."""
    if (file is None) == (text is None):
        raise InvalidError("give one of them", field="file", remedy="Use --file or --text.")
    document = read_object(file, "file") if file is not None else {"text": _text(text)}
    origin = Origin(ticket, commit, pull_request)
    made = act(
        context,
        config,
        data,
        who,
        lambda work: registry.add_version(work, system, part, document, origin=origin),
    )
    typer.echo(f"{made.label} version {made.number}: {made.digest}")


def versions(
    context: typer.Context,
    system: SystemArgument,
    part: Annotated[str, typer.Argument(help="Only of this part.")] = "",
    limit: LimitOption = 50,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List the versions of a system's parts, the newest first."""
    page = look(
        context,
        config,
        data,
        lambda work: registry.versions_of(work, system, part, limit=limit),
    )
    rows = [
        {
            "part": each.label,
            "number": each.number,
            "digest": each.digest,
            "author": each.author,
            "ticket": each.origin.ticket,
            "commit": each.origin.commit,
            "asserted": each.asserted,
        }
        for each in page.rows
    ]
    if as_json:
        print_json(rows)
        return
    print_table(
        "Versions",
        ("Part", "Version", "Digest", "By", "Ticket", "Commit", "Asserted"),
        [tuple(each.values()) for each in rows],
    )


def diff(
    context: typer.Context,
    system: SystemArgument,
    part: PartArgument,
    old: Annotated[int, typer.Argument(help="Number of the older version; 0 is nothing.")],
    new: Annotated[int, typer.Argument(help="Number of the newer version.")],
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Tell what one version changes in another, line by line."""
    for line in look(
        context, config, data, lambda work: registry.diff(work, system, part, old, new)
    ):
        typer.echo(line)


def run(
    context: typer.Context,
    system: SystemArgument,
    sort: Annotated[RunSort, typer.Argument(help="What was run.")],
    of: Annotated[str, typer.Argument(help="Digest of the version set or model it is about.")],
    file: Annotated[Path, typer.Option(help="JSON file with what it tells.")],
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Record a training or an evaluation of exactly this digest."""
    document = read_object(file, "file")
    made = act(
        context,
        config,
        data,
        who,
        lambda work: registry.record_run(work, system, sort, of, document),
    )
    typer.echo(f"{made.verdict.replace('_', ' ')}: {made.says}")


def _text(path: Path | None) -> str:
    try:
        return path.read_text(encoding="utf-8") if path is not None else ""
    except (OSError, ValueError) as error:
        raise InvalidError(
            f"{path} cannot be read as text", field="text", remedy="Save it as UTF-8."
        ) from error
