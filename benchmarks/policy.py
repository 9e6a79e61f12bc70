"""Measures policy: `make bench-policy`, with ARGS="--quick" only to see that it runs.

Two hundred rules over every action, and acts of ten thousand applications that differ in what rules
look at. Beside it stands cedarpy by itself, with the same rules parsed once and the same facts, and
the least that a call of cedarpy costs at all: one rule, no facts.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import cedarpy

from benchmarks.report import Goal, Report, machine_facts, quantile
from muniment import policy
from muniment.core.actor import system_actor
from muniment.core.clock import SystemClock
from muniment.policy import ACTIONS, Bundle, Engine, Facts, Judge, Source, usual
from muniment.policy.models import Standing
from muniment.policy.store import add_change, move
from muniment.testing import fresh_database, settings_for

RULES: Final = 200
ENTITIES: Final = 10_000
FRESH: Final = "a decision on facts never seen, p50"
COLD: Final = "the same with no memory at all, Cedar asked each time, p50"
FLOOR: Final = "the least a call of cedarpy costs: one rule, no facts, p50"
FRESH_99: Final = "a decision on facts never seen, p99"
ALIKE: Final = "a decision where only what no rule looks at is new, p50"
AGAIN: Final = "a decision on the same facts again, p50"
JUDGE: Final = "the same through the judge of a process, p50"
PLAIN: Final = "cedarpy by itself, all rules parsed once, p50"
FOLLOW: Final = "200 rules published, followed by a running judge"
READ: Final = "200 rules read and validated"
GOALS: Final = (
    Goal("a decision, 200 rules, 10,000 entities", FRESH, at_most=60, beside=PLAIN),
    Goal("the same inputs again", AGAIN, at_most=5, beside=PLAIN),
    Goal("publication reaches a process", FOLLOW, at_most=1_000),
)
_ACTOR: Final = system_actor("bench")


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much is measured."""

    acts: int = 10_000
    plain: int = 1_000


QUICK: Final = Amounts(60, 20)


def main() -> None:
    """Measure everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only see that every row runs")
    given = parser.parse_args()
    amounts = QUICK if given.quick else Amounts()
    report = Report("policy", "Policy", facts=machine_facts(f"cedarpy {version('cedarpy')}"))
    print(*report.facts, sep="\n")
    began = time.perf_counter()
    bundle = policy.require_right([Source("bench.cedar", "\n".join(rules()))])
    report.add(READ, (time.perf_counter() - began) * 1_000, "ms")
    acts = [act(number) for number in range(amounts.acts)]
    _measure_engine(report, bundle, acts)
    _measure_plain(report, bundle, acts[: amounts.plain])
    with tempfile.TemporaryDirectory(prefix="mbench-") as folder:
        _measure_judge(report, bundle, acts, Path(folder))
    report.compare(FRESH, PLAIN)
    report.compare(AGAIN, PLAIN)
    report.judge(GOALS)
    if not given.quick:
        report.write()


def rules() -> list[str]:
    """Write the rules: one permit for each action, the rest forbids over all actions."""
    actions = [each for each in ACTIONS if each not in ("view", "change")]
    found = [_rule(f"allow-{each.replace('_', '-')}", "permit", each, "true") for each in actions]
    for number in range(RULES - len(found)):
        action = actions[number % len(actions)]
        where = f'context.place.environment == "env-{number}"'
        if action in ("call", "answer"):
            where = f"{where} || context.tokens > {100_000 + number}"
        found.append(_rule(f"r{number}", "forbid", action, where))
    return found


def act(number: int) -> Facts:
    """Make an act of one of ten thousand applications, unlike every other."""
    return usual(
        "call",
        principal="Application",
        roles=("caller",),
        ids=(f"app_{number % ENTITIES}", f"mod_{number % 100}", f"sys_{number % 1_000}"),
        given={"context": {"tokens": number}},
    )


def _rule(named: str, effect: str, action: str, when: str) -> str:
    return (
        f'@id("{named}") @reason("measured") {effect} (principal, '
        f'action == Muniment::Action::"{action}", resource) when {{ {when} }};'
    )


def _measure_engine(report: Report, bundle: Bundle, acts: Sequence[Facts]) -> None:
    engine = Engine(bundle)
    engine.decide(replace(acts[0], context={**acts[0].context, "tokens": 99_999}))
    fresh = _each(engine.decide, acts)
    report.add(FRESH, quantile(fresh, 0.5), "µs", f"{len(acts):,} acts")
    report.add(FRESH_99, quantile(fresh, 0.99), "µs")
    alike = [replace(each, context={**each.context, "cost": 7}) for each in acts]
    report.add(ALIKE, quantile(_each(engine.decide, alike), 0.5), "µs")
    cold = Engine(bundle, remembered=0)
    cold.decide(acts[0])
    report.add(COLD, quantile(_each(cold.decide, acts), 0.5), "µs")
    again = acts[: min(len(acts), 1_000)]
    engine = Engine(bundle)
    _each(engine.decide, again)
    report.add(AGAIN, quantile(_each(engine.decide, again), 0.5), "µs")


def _measure_plain(report: Report, bundle: Bundle, acts: Sequence[Facts]) -> None:
    prepared = cedarpy.PolicySet.from_str("\n".join(each.text for each in bundle.rules))

    def ask(facts: Facts) -> object:
        things = [facts.principal, facts.resource, *facts.others]
        request = {
            "principal": f'Muniment::{facts.principal.type}::"{facts.principal.id}"',
            "action": f'Muniment::Action::"{facts.action}"',
            "resource": f'Muniment::{facts.resource.type}::"{facts.resource.id}"',
            "context": json.dumps(facts.context),
        }
        entities: list[dict[str, Any]] = [
            {
                "uid": {"type": f"Muniment::{each.type}", "id": each.id},
                "attrs": each.attributes,
                "parents": [],
            }
            for each in things
        ]
        return cedarpy.is_authorized(request, prepared, json.dumps(entities))

    report.add(PLAIN, quantile(_each(ask, acts), 0.5), "µs", f"{len(acts):,} acts")
    one = cedarpy.PolicySet.from_str(bundle.rules[0].text)
    nothing = cedarpy.Entities.from_json_str("[]")
    request = {
        "principal": {"type": "Muniment::Application", "id": "principal"},
        "action": {"type": "Muniment::Action", "id": "call"},
        "resource": {"type": "Muniment::Model", "id": "resource"},
    }
    least = _each(lambda _: cedarpy.is_authorized(request, one, nothing), acts)
    report.add(FLOOR, quantile(least, 0.5), "µs", f"{len(acts):,} acts")


def _measure_judge(report: Report, bundle: Bundle, acts: Sequence[Facts], folder: Path) -> None:
    settings = settings_for(folder)
    with fresh_database(settings, SystemClock()) as database:
        judge = Judge(database)
        judge.decide(acts[0])
        with database.work(_ACTOR) as work:
            made = policy.draft(work, bundle.sources, reason="measured")
        with database.work(_ACTOR) as work:
            change = policy.shadow(work, made.number, reason="measured")
            now = Standing(change.revision, 0, made.number)
            move(work, now, Standing(now.revision + 1, made.number, 0))
            published = replace(change, revision=now.revision + 1, how=policy.How.PUBLISHED)
            add_change(work, published, Standing(now.revision + 1, made.number, 0))
        began = time.perf_counter()
        while judge.decide(acts[0]).version != made.number:
            time.sleep(0.005)
        report.add(FOLLOW, (time.perf_counter() - began) * 1_000, "ms")
        again = acts[: min(len(acts), 1_000)]
        _each(judge.decide, again)
        report.add(JUDGE, quantile(_each(judge.decide, again), 0.5), "µs")


def _each(call: Callable[[Facts], object], acts: Sequence[Facts]) -> list[float]:
    """Measure each call by itself, in millionths of a second."""
    found = []
    for each in acts:
        began = time.perf_counter_ns()
        call(each)
        found.append((time.perf_counter_ns() - began) / 1_000)
    return found


if __name__ == "__main__":
    main()
