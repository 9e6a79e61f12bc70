"""Decisions: explained, made again, and tried with a draft."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import typer

from muniment import policy
from muniment.cli.policy.files import COULD_NOT_TELL, NOT_MET
from muniment.cli.policy.looking import ACTOR, VersionArgument, opened
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json, print_table
from muniment.core.clock import stamp
from muniment.policy import Recorded, Simulation

DecisionArgument = Annotated[str, typer.Argument(metavar="DECISION", help="Id of the decision.")]


def simulate(
    context: typer.Context,
    version: VersionArgument,
    days: Annotated[int, typer.Option(help="How far back.", min=1, max=3_650)] = 7,
    most: Annotated[int, typer.Option(help="Decisions at most.", min=1, max=10_000)] = 10_000,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Say what would have changed in the last days if a version had been in force."""
    with opened(context, config, data) as house, house.database.look(ACTOR) as work:
        since = work.now - timedelta(days=days)
        found = policy.simulate_version(work, version, since, work.now, most=most)
    if as_json:
        print_json(simulation_value(found))
        return
    rows = [
        (
            each.count,
            each.action,
            f"{each.was.value} → {each.would_be.value}",
            ", ".join(each.by),
            ", ".join(each.examples),
        )
        for each in found.groups
    ]
    print_table(
        "What would have changed", ("Decisions", "Action", "Change", "By", "Examples"), rows
    )
    typer.echo(simulation_sentence(found))


def replay(
    context: typer.Context,
    decision: DecisionArgument,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Make a past decision again from its own facts by its own rules."""
    with opened(context, config, data) as house, house.database.look(ACTOR) as work:
        found = policy.replay(work, decision)
    if as_json:
        told = {"decision": decision, "verdict": found.verdict, "says": found.says}
        print_json(told)
    else:
        typer.echo(f"{decision}: {found.says}.")
    if found.verdict != "met":
        raise typer.Exit(NOT_MET if found.verdict == "not_met" else COULD_NOT_TELL)


def explain(
    context: typer.Context,
    decision: DecisionArgument,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Say why a decision came out as it did, and on which facts."""
    with opened(context, config, data) as house, house.database.look(ACTOR) as work:
        recorded, facts = policy.explain(work, decision)
    given = None if facts is None else facts.as_value()
    if as_json:
        print_json({**recorded_value(recorded), "facts": given})
        return
    typer.echo(f"{recorded.effect.value} at {stamp(recorded.at)}, by version {recorded.version}.")
    what = f"{recorded.resource_type}:{recorded.resource}"
    typer.echo(f"{recorded.principal} {recorded.action} {what}")
    if recorded.decision["says"]:
        typer.echo(f"Because {recorded.decision['says']}.")
    for reason in recorded.decision["reasons"]:
        cure = f" (remedy {reason['remedy']})" if reason["remedy"] else ""
        serves = f" [{', '.join(reason['controls'])}]" if reason["controls"] else ""
        typer.echo(f"{reason['effect']} {reason['rule']}: {reason['says']}{cure}{serves}")
    typer.echo(f"Facts {recorded.facts}")
    print_json(given)


def simulation_sentence(found: Simulation) -> str:
    """Say in a sentence what trying past decisions has shown."""
    says = f"{found.changed:,} of {found.tried:,} decisions would have come out otherwise."
    if found.whole:
        return says
    return f"{says} That is a sample: there were {found.decisions:,}."


def simulation_value(found: Simulation) -> dict[str, Any]:
    """Give a simulation as plain JSON."""
    return {
        "bundle": found.bundle,
        "since": stamp(found.since),
        "until": stamp(found.until),
        "decisions": found.decisions,
        "tried": found.tried,
        "unreadable": found.unreadable,
        "changed": found.changed,
        "whole": found.whole,
        "groups": [
            {
                "action": each.action,
                "resource_type": each.resource_type,
                "was": each.was.value,
                "would_be": each.would_be.value,
                "by": list(each.by),
                "count": each.count,
                "examples": list(each.examples),
            }
            for each in found.groups
        ],
    }


def recorded_value(recorded: Recorded) -> dict[str, Any]:
    """Give a kept decision as plain JSON."""
    return {
        "id": recorded.id,
        "at": stamp(recorded.at),
        "version": recorded.version,
        "action": recorded.action,
        "principal": recorded.principal,
        "resource": f"{recorded.resource_type}:{recorded.resource}",
        "system": recorded.system,
        "decision": dict(recorded.decision),
        "shadow_version": recorded.shadow_version,
        "shadow": None if recorded.shadow is None else dict(recorded.shadow),
        "facts_digest": recorded.facts,
    }
