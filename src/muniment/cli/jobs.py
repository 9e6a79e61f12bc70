"""`muniment jobs …`: what is to do in the background, what is parked, who follows."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from muniment import jobs
from muniment.cli.state import (
    ConfigOption,
    DataOption,
    JsonOption,
    house_of,
    print_json,
    print_table,
)
from muniment.core.actor import system_actor
from muniment.core.ids import JobId, require_id
from muniment.jobs import Job, JobState

_ACTOR = system_actor("cli")


def commands() -> typer.Typer:
    """Give the commands of background work."""
    group = typer.Typer(help="Background work: list, retry, followers.", no_args_is_help=True)
    group.command("list")(list_jobs)
    group.command("unpark")(unpark)
    group.command("followers")(followers)
    group.command("resume")(resume)
    return group


def list_jobs(
    context: typer.Context,
    state: Annotated[JobState | None, typer.Option(help="Only jobs in this state.")] = None,
    name: Annotated[str | None, typer.Option(help="Only jobs of this name.")] = None,
    cursor: Annotated[str | None, typer.Option(help="Go on after the page before.")] = None,
    limit: Annotated[int, typer.Option(help="Rows at most.")] = 50,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List jobs, newest first."""
    with (
        house_of(context, config, {"data.dir": data}) as house,
        house.database.look(_ACTOR) as work,
    ):
        page = jobs.find(work, state=state, name=name, cursor=cursor, limit=limit)
    if as_json:
        print_json({"rows": [_told(row) for row in page.rows], "next_cursor": page.next_cursor})
        return
    rows = [
        (job.id, job.name, job.state, f"{job.attempts}/{job.max_attempts}", job.last_error)
        for job in page.rows
    ]
    print_table("Jobs", ("id", "name", "state", "tries", "last error"), rows)
    if page.next_cursor:
        typer.echo(f"More: --cursor {page.next_cursor}")


def _told(job: Job) -> dict[str, Any]:
    """Give everything about a job but the token that proves who holds it."""
    return {name: value for name, value in asdict(job).items() if name != "lease_token"}


def unpark(
    context: typer.Context,
    job: Annotated[str, typer.Argument(help="Id of a parked job.")],
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Give a parked job its tries again."""
    job_id = JobId(require_id(job, "job", field="job"))
    with (
        house_of(context, config, {"data.dir": data}) as house,
        house.database.work(_ACTOR) as work,
    ):
        jobs.unpark(work, job_id)
    typer.echo(f"{job_id} is queued again.")


def followers(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List followers: how far each has come, and why it stopped."""
    with (
        house_of(context, config, {"data.dir": data}) as house,
        house.database.look(_ACTOR) as work,
    ):
        found = jobs.followers(work)
    if as_json:
        print_json([asdict(each) for each in found])
        return
    rows = [(each.name, each.next_index, each.stopped or "moving") for each in found]
    print_table("Followers", ("name", "next entry", "state"), rows)


def resume(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of a stopped follower.")],
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Let a stopped follower go on."""
    with (
        house_of(context, config, {"data.dir": data}) as house,
        house.database.work(_ACTOR) as work,
    ):
        jobs.resume(work, name)
    typer.echo(f"{name} goes on.")
