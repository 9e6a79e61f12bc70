"""`muniment exchange list`, `show` and `explain`: calls, without anything that was said in them."""

from __future__ import annotations

import base64
from typing import Annotated, Any

import typer

from muniment import exchanges, ledger, registry
from muniment.cli.exchanges.words import (
    ExchangeArgument,
    SystemOption,
    call_told,
    cost_words,
    end_words,
    read_time,
)
from muniment.cli.registry.words import ACTOR, look, opened
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json, print_table
from muniment.core.clock import stamp
from muniment.core.errors import NotFoundError
from muniment.db import Work
from muniment.exchanges import Exchange, Explained, State, Wanted
from muniment.registry import ChangeQuery
from muniment.server.house import House

_COLUMNS = ("began", "call", "end", "system", "model", "found", "cost")


def list_calls(  # noqa: PLR0913, PLR0917 each option narrows the list
    context: typer.Context,
    system: SystemOption = "",
    state: Annotated[State | None, typer.Option(help="How it ended.")] = None,
    model: Annotated[str, typer.Option(help="As the caller named it.")] = "",
    key: Annotated[str, typer.Option(help="Id of the caller's key.")] = "",
    caller: Annotated[str, typer.Option(help="Id of who called.")] = "",
    subject: Annotated[str, typer.Option(help="Random name of whose data it carried.")] = "",
    code: Annotated[str, typer.Option(help="Why it was refused or failed, in a word.")] = "",
    since: Annotated[str, typer.Option(help="Not before this time.")] = "",
    until: Annotated[str, typer.Option(help="Before this time.")] = "",
    limit: Annotated[int, typer.Option(help="Rows at most.")] = 50,
    cursor: Annotated[str, typer.Option(help="Go on after the page before.")] = "",
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    uninspected: Annotated[
        bool, typer.Option("--uninspected", help="Only what nobody looked at whole.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List calls, the newest first."""
    wanted = Wanted(
        system=system,
        state=state.value if state else "",
        model=model,
        key=key,
        caller=caller,
        subject=subject,
        code=code,
        uninspected=uninspected,
        since=read_time(since, "since"),
        until=read_time(until, "until"),
    )
    page, currency = look(
        context,
        config,
        data,
        lambda work: (
            exchanges.find(work, wanted, limit=limit, cursor=cursor),
            exchanges.currency(work),
        ),
    )
    if as_json:
        rows = [call_told(each) for each in page.rows]
        print_json({"rows": rows, "next_cursor": page.next_cursor})
        return
    if not page.rows:
        narrowed = wanted != Wanted()
        typer.echo("No call is like that." if narrowed else "No call was recorded yet.")
        return
    print_table("Calls", _COLUMNS, [_row(each, currency) for each in page.rows])
    if page.next_cursor:
        typer.echo(f"More: --cursor {page.next_cursor}")


def show(
    context: typer.Context,
    exchange: ExchangeArgument,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show what the index says of a call, as JSON."""
    print_json(call_told(look(context, config, data, lambda work: exchanges.get(work, exchange))))


def explain(
    context: typer.Context,
    exchange: ExchangeArgument,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Say of a call who, what, which versions, what was found and decided, and where it stands."""
    with opened(context, config, data) as house, house.database.look(ACTOR) as work:
        told = exchanges.explain(work, house.log, exchange)
        served = _served(work, told.exchange.set_digest)
        currency = exchanges.currency(work)
        if as_json:
            print_json(_as_value(house, told, served))
            return
    _say(told, served, currency)


def _row(found: Exchange, currency: str) -> tuple[object, ...]:
    return (
        stamp(found.began_at)[:19],
        found.id,
        end_words(found),
        found.system,
        found.provider_model or found.model,
        "not all looked at" if found.uninspected else found.findings,
        cost_words(found, currency),
    )


def _served(work: Work, digest: str) -> dict[str, Any]:
    """Ask the registry what the version set was, and which changes brought it."""
    try:
        found = registry.set_of(work, digest)
        query = ChangeQuery(system_id=found.system_id, set_digest=digest)
        changes = registry.find_changes(work, query, limit=5).rows
    except NotFoundError:
        return {"set": digest, "versions": None, "changes": []}
    return {
        "set": digest,
        "versions": dict(found.versions),
        "changes": [{"id": each.id, "request": each.request_id} for each in changes],
    }


def _as_value(house: House, told: Explained, served: dict[str, Any]) -> dict[str, Any]:
    ended = told.body("exchanges.concluded")
    return {
        "exchange": call_told(told.exchange),
        "steps": [
            {
                "stage": each.stage.value,
                "how": each.how.value,
                "says": each.says,
                "micros": each.micros,
                "entry": each.entry,
            }
            for each in told.steps
        ],
        "decisions": [
            {
                "direction": each.direction,
                "decision": each.decision,
                "effect": each.effect,
                "policy": each.policy,
                "says": each.says,
                "reasons": list(each.reasons),
                "remedies": list(each.remedies),
                "findings": dict(each.findings),
            }
            for each in told.ruled
        ],
        "approvals": [
            {"request": each.request, "title": each.title, "state": each.state, "by": each.by}
            for each in told.agreed
        ],
        "served": served,
        "attempts": [dict(each) for each in ended.get("attempts", ())],
        "entries": [
            {
                "index": each.index,
                "id": each.id,
                "kind": each.kind,
                "at": stamp(each.at),
                "leaf": each.leaf,
                "body": dict(each.body),
                "proof": base64.b64encode(ledger.prove(house.log, each.index)).decode(),
            }
            for each in told.written
        ],
    }


def _say(told: Explained, served: dict[str, Any], currency: str) -> None:
    found = told.exchange
    begun = told.body("exchanges.intended", "exchanges.refused")
    source = begun.get("subject_source", "none")
    whose = f"{found.subject} ({source})" if found.subject else "nobody's data that we know of"
    facts = (
        ("Call", found.id),
        ("Ended", f"{end_words(found)}, {found.status or 'no answer yet'}"),
        ("Began", stamp(found.began_at)),
        ("Caller", f"{found.caller} by key {found.key}, over {found.surface}"),
        ("Whose data", whose),
        ("System", f"{found.system}, {found.environment}"),
        ("Model", f"{found.model}; the provider calls it {found.provider_model or 'nothing yet'}"),
        ("Reached", f"{found.reached.value} of an answer reached the caller"),
        ("Tokens", f"{found.input_tokens:,} in, {found.output_tokens:,} out"),
        ("Cost", cost_words(found, currency)),
    )
    for name, value in facts:
        typer.echo(f"{name:<11} {value}")
    print_table(
        "\nWhat it passed",
        ("stage", "how", "what", "took", "entry"),
        [
            (
                each.stage.value.replace("_", " "),
                each.how.value.replace("_", " "),
                each.says,
                "" if each.micros is None else f"{each.micros / 1_000:,.2f} ms",
                "" if each.entry is None else each.entry,
            )
            for each in told.steps
        ],
    )
    _say_why(told, served)


def _say_why(told: Explained, served: dict[str, Any]) -> None:
    for each in told.ruled:
        says = f": {each.says}" if each.says else ""
        reasons = ", ".join(each.reasons) or "no rule"
        typer.echo(
            f"The {each.direction}: {each.effect} by {reasons}, policy version {each.policy}{says}"
        )
        if each.decision:
            typer.echo(f"  decision {each.decision}")
    for asked in told.agreed:
        answered = f" by {', '.join(asked.by)}" if asked.by else ""
        typer.echo(f"Approval {asked.request}: {asked.title}, {asked.state}{answered}")
    if served["versions"] is None:
        typer.echo(f"What served: could not tell; its set is {served['set'] or 'not recorded'}")
    else:
        parts = ", ".join(f"{label} {digest[:19]}" for label, digest in served["versions"].items())
        typer.echo(f"What served: {parts}")
        for change in served["changes"]:
            typer.echo(f"  by change {change['id']}, approved in {change['request'] or 'nothing'}")
    for entry in told.written:
        typer.echo(f"Entry {entry.index}: {entry.kind}, leaf {entry.leaf}")
    typer.echo("Prove one with `muniment ledger prove ENTRY`, and check it with verify.py.")
