"""`muniment policy hold`, `lift` and `holds`: facts of decisions that stay beyond their time."""

from __future__ import annotations

from typing import Annotated

import typer

from muniment import policy
from muniment.cli.policy.changing import AsOption, ReasonOption, acting
from muniment.cli.policy.looking import ACTOR, opened
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json, print_table
from muniment.core.clock import stamp
from muniment.policy import Hold, HoldSort


def hold(
    context: typer.Context,
    sort: Annotated[HoldSort, typer.Argument(help="What is held.")],
    reason: ReasonOption,
    who: AsOption,
    subject: Annotated[str, typer.Option("--id", help="Of the decision or the system.")] = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Keep the facts of a decision, of a system's decisions or of all, however old they are."""
    with acting(context, config, data, who) as work:
        made = policy.hold_facts(work, sort, subject, reason=reason)
    typer.echo(f"{made.id} stands until it is lifted.")


def lift(
    context: typer.Context,
    hold_id: Annotated[str, typer.Argument(metavar="HOLD", help="Id of the hold.")],
    reason: ReasonOption,
    who: AsOption,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Let a hold end; what is old enough is pruned from now on."""
    with acting(context, config, data, who) as work:
        policy.lift_hold(work, hold_id, reason=reason)
    typer.echo(f"{hold_id} was lifted.")


def list_holds(
    context: typer.Context,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List holds in the order of time, also those that were lifted."""
    with opened(context, config, data) as house, house.database.look(ACTOR) as work:
        found: list[Hold] = []
        cursor: str | None = None
        while True:
            page = policy.holds(work, cursor=cursor)
            found += page.rows
            cursor = page.next_cursor
            if cursor is None:
                break
    names = ("id", "sort", "subject", "reason", "person", "at", "lifted_at")
    rows = [
        (
            *(each.id, each.sort.value, each.subject, each.reason, each.person, stamp(each.at)),
            stamp(each.lifted_at) if each.lifted_at else "stands",
        )
        for each in found
    ]
    if as_json:
        print_json({"holds": [dict(zip(names, row, strict=True)) for row in rows]})
        return
    print_table("Holds", ("Hold", "Of", "Which", "Why", "By", "Since", "Lifted"), rows)
