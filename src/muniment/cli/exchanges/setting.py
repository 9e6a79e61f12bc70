"""`muniment exchange limits`, `stops` and what changes them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from muniment import exchanges
from muniment.cli.registry.words import AsOption, ReasonOption, act, look, stamp_of
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json, print_table
from muniment.core.clock import stamp
from muniment.core.errors import InvalidError
from muniment.exchanges import (
    Limit,
    Measure,
    ScopeKind,
    Stop,
    StopKind,
    Use,
    Window,
    read_amount,
    write_amount,
)


def limits(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List what may be used, and how much of it is."""
    found = look(context, config, data, exchanges.limits_in_use)
    if as_json:
        print_json({"limits": [_limit_told(each) for each in found]})
        return
    if not found:
        typer.echo("Nothing is limited. Set a limit: muniment exchange set-limit --help")
        return
    print_table(
        "Limits",
        ("limit", "of", "at most", "used", "of it", "in", "why"),
        [
            (
                each.limit.id,
                f"{each.limit.scope.value} {each.limit.scope_id}".strip(),
                _most(each.limit),
                _amount(each.limit, each.used),
                _share(each),
                each.window,
                each.limit.reason,
            )
            for each in found
        ],
    )


def set_limit(  # noqa: PLR0913, PLR0917 each option says one thing of the limit
    context: typer.Context,
    measure: Annotated[Measure, typer.Argument(help="What is counted.")],
    amount: Annotated[str, typer.Argument(help="At most so much; of cost as 12.50.")],
    reason: ReasonOption,
    window: Annotated[Window, typer.Option("--per", help="In each of these.")] = Window.MONTH,
    key: Annotated[str, typer.Option(help="Id of the key it is of.")] = "",
    team: Annotated[str, typer.Option(help="Id of the team it is of.")] = "",
    system: Annotated[str, typer.Option(help="Id of the system it is of.")] = "",
    dataset: Annotated[str, typer.Option(help="Name of the dataset it is of.")] = "",
    warn: Annotated[int, typer.Option(help="Warn from this share on.", min=1, max=100)] = 80,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    everything: Annotated[bool, typer.Option("--everything", help="Of all calls.")] = False,
) -> None:
    """Set how much may be used; a limit of the same thing is changed."""
    named = {
        ScopeKind.KEY: key,
        ScopeKind.TEAM: team,
        ScopeKind.SYSTEM: system,
        ScopeKind.DATASET: dataset,
    }
    given = [(kind, name) for kind, name in named.items() if name]
    given += [(ScopeKind.EVERYTHING, "")] if everything else []
    if len(given) != 1:
        raise InvalidError(
            "a limit is of one thing",
            field="system",
            remedy="Give one of --key, --team, --system, --dataset and --everything.",
        )
    if measure is Measure.CONCURRENCY:
        window = Window.NOW
    scope, scope_id = given[0]
    wanted = Limit("", scope, scope_id, measure, window, _read(measure, amount), warn, reason)
    made = act(context, config, data, who, lambda work: exchanges.set_limit(work, wanted))
    typer.echo(f"{made.id}: {_most(made)} for {scope.value} {scope_id}".rstrip() + ".")


def end_limit(
    context: typer.Context,
    limit: Annotated[str, typer.Argument(metavar="LIMIT", help="Id of the limit.")],
    reason: ReasonOption,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Let a limit hold no longer."""
    act(context, config, data, who, lambda work: exchanges.end_limit(work, limit, reason=reason))
    typer.echo(f"{limit} holds no longer.")


def stops(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    ended: Annotated[bool, typer.Option("--ended", help="Also what goes on again.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List what is stopped: by whom, why and since when."""
    found = look(context, config, data, lambda work: exchanges.stops(work, ended=ended))
    if as_json:
        print_json({"stops": [_stop_told(each) for each in found]})
        return
    if not found:
        typer.echo("Nothing is stopped.")
        return
    print_table(
        "Stops",
        ("stop", "what", "name", "since", "by", "why", "until"),
        [
            (
                each.id,
                each.kind.value,
                each.name or "all",
                stamp(each.stopped_at),
                f"{each.stopped_by} (automatic)" if each.automatic else each.stopped_by,
                each.reason,
                f"{stamp(each.ended_at)}, {each.end_reason}" if each.ended_at else "it stands",
            )
            for each in found
        ],
    )


def stop(
    context: typer.Context,
    kind: Annotated[StopKind, typer.Argument(help="What is stopped.")],
    reason: ReasonOption,
    name: Annotated[str, typer.Argument(help="Its name or id; of everything none.")] = "",
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Stop calls of something at once, on every process."""
    made = act(
        context, config, data, who, lambda work: exchanges.stop(work, kind, name, reason=reason)
    )
    typer.echo(f"{made.id}: {made.says()}, everywhere within a second.")


def resume(
    context: typer.Context,
    stop_id: Annotated[str, typer.Argument(metavar="STOP", help="Id of the stop.")],
    reason: ReasonOption,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Let what was stopped go on; other stops of the same thing stay."""
    ended = act(
        context, config, data, who, lambda work: exchanges.resume(work, stop_id, reason=reason)
    )
    typer.echo(f"{ended.id} ended: {ended.kind.value} {ended.name}".rstrip() + " goes on.")


def _read(measure: Measure, text: str) -> int:
    if measure is Measure.COST:
        return read_amount(text, "amount")
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise InvalidError(
            f"{text[:40]!r} is no amount", field="amount", remedy="Write a whole number."
        )
    return int(text)


def _amount(limit: Limit, amount: int) -> str:
    return write_amount(amount) if limit.measure is Measure.COST else f"{amount:,}"


def _most(limit: Limit) -> str:
    most = f"{_amount(limit, limit.amount)} {limit.measure.value}"
    return f"{most} at once" if limit.window is Window.NOW else f"{most} per {limit.window.value}"


def _share(use: Use) -> str:
    return f"{use.used * 100 // use.limit.amount} %" if use.limit.amount else "all"


def _limit_told(use: Use) -> dict[str, Any]:
    limit = use.limit
    return {
        "id": limit.id,
        "scope": limit.scope.value,
        "scope_id": limit.scope_id,
        "measure": limit.measure.value,
        "window": limit.window.value,
        "amount": limit.amount,
        "warn_percent": limit.warn_percent,
        "reason": limit.reason,
        "changed_by": limit.changed_by,
        "changed_at": stamp_of(limit.changed_at),
        "used": use.used,
        "used_in": use.window,
    }


def _stop_told(found: Stop) -> dict[str, Any]:
    return {
        "id": found.id,
        "kind": found.kind.value,
        "name": found.name,
        "reason": found.reason,
        "stopped_by": found.stopped_by,
        "automatic": found.automatic,
        "stopped_at": stamp(found.stopped_at),
        "ended_by": found.ended_by,
        "ended_at": stamp_of(found.ended_at),
        "end_reason": found.end_reason,
    }
