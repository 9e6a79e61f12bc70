"""Measures the gateway: `make bench-gateway`, with ARGS="--quick" only to see that it runs.

In one run, on one machine: nginx (where it is installed), a bare pass-through in Python, LiteLLM
(where `--litellm` names its program), and Muniment with patterns and with all layers, each call
with its two durable records. What a core carries is measured by turns. Callers and provider are
processes of their own. Where there are two cores, what is measured has one for itself; the sealer,
the index and every job run in its process and are counted. Each prompt and each answer is another
kilobyte; a third of the prompts and a tenth of the answers hold a value, which is masked.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks import gateway_beside as beside
from benchmarks import gateway_proofs as proofs
from benchmarks.gateway_load import Plan
from benchmarks.gateway_serving import Served, call, muniment, provider, set_up
from benchmarks.report import Goal, Report, machine_facts
from tools import postgres

ALL: Final = "Muniment, all layers"
PATTERNS: Final = "Muniment, patterns"
NGINX: Final = "nginx"
BARE: Final = "a bare pass-through in Python"
LITELLM: Final = "LiteLLM with its content filter"
FEW, MANY = 8, 64
_TURNS: Final = 4
_GIVEN_BACK_SECONDS: Final = 4.0  # memory is given back to the system each three seconds
_STREAM_SECONDS: Final = 1.0  # of fifty pieces, 20 ms apart
ADDED_50: Final = "added at 100 calls/s, all layers, p50"
ADDED_99: Final = "added at 100 calls/s, all layers, p99"
FIRST_50: Final = "first words of 50 paced streams, added, p50"
FIRST_99: Final = "first words of 50 paced streams, added, p99"
BARE_50: Final = "a call through a bare pass-through at 100 calls/s, p50"
BARE_FIRST: Final = "first words of 50 streams through it, p50"
BARE_CROWD: Final = "first words of 50 that begin in one instant through it, p50"
CROWD_50: Final = "first words of 50 that begin in one instant, added, p50"
STREAMS: Final = "masked streams, all layers, one worker"
START: Final = "start to the first answered call"
MEMORY: Final = "memory of a worker, loaded"
GROWTH: Final = "its growth over the run"
WORKERS: Final = "two workers over PostgreSQL, all layers"
ONE_WORKER: Final = "one worker over PostgreSQL, all layers"
BAD_RECORDS: Final = "answered over PostgreSQL without one intent and one outcome"


def rate_of(what: str, connections: int) -> str:
    """Name the row of a rate."""
    return f"{what}, {connections} connections"


def core_of(what: str) -> str:
    """Name the row of what a second of a core is enough for."""
    return f"{what}, for each second a core computes"


def times(what: str) -> str:
    """Name the row that says how many times LiteLLM's calls a core carries."""
    return f"{what}, times {LITELLM}, for each second a core computes"


GOALS: Final = (
    Goal("Governed calls on a core, patterns, times LiteLLM", times(PATTERNS), at_least=37),
    Goal("Governed calls on a core, all layers, times LiteLLM", times(ALL), at_least=11),
    Goal(
        "Governed calls on a core, patterns",
        core_of(PATTERNS),
        at_least=5_000,
        beside=core_of(BARE),
    ),
    Goal(
        "Governed calls on a core, all layers", core_of(ALL), at_least=1_500, beside=core_of(BARE)
    ),
    Goal("Added at 100 calls/s, p50", ADDED_50, at_most=1.5),
    Goal("Added at 100 calls/s, p99", ADDED_99, at_most=5),
    Goal("First words of 50 paced streams, p50", FIRST_50, at_most=3),
    Goal("First words of 50 paced streams, p99", FIRST_99, at_most=10),
    Goal("Masked streams on a core", STREAMS, at_least=500),
    Goal("Start to the first answered call", START, at_most=1.5),
    Goal("Memory of a worker, loaded", MEMORY, at_most=150),
    Goal("Its growth", GROWTH, at_most=5),
    Goal("A stop works on all workers", proofs.STOPPED, at_most=1),
    Goal("A limit of 100 overrun by", proofs.OVERRUN, at_most=0),
    Goal("Overload: calls neither answered nor told to come again", proofs.UNTOLD, at_most=0),
    Goal("Overload: accepted calls, p99", proofs.ACCEPTED_99, at_most=2_000),
    Goal("Calls that reached the provider without a record", proofs.UNRECORDED, at_most=0),
    Goal("Answered calls over PostgreSQL without a whole record", BAD_RECORDS, at_most=0),
)


@dataclass(frozen=True, slots=True)
class Amounts:
    """How long each thing is measured."""

    seconds: float = 5.0
    paced_seconds: float = 25.0
    streams: int = 50
    warm_seconds: float = 2.0
    quick: bool = False


QUICK: Final = Amounts(0.15, 0.2, 3, 0.1, quick=True)


def main() -> None:
    """Measure everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only see that every row runs")
    parser.add_argument("--litellm", default=shutil.which("litellm") or "", help="its program")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each row is measured")
    given = parser.parse_args()
    seconds = given.seconds
    amounts = QUICK if given.quick else Amounts(seconds, seconds * 5)
    report = Report("gateway", "The gateway", facts=machine_facts())
    print(*report.facts, sep="\n")
    with tempfile.TemporaryDirectory(prefix="mbench-gw-") as name:
        folder = Path(name)
        log = folder / "upstream.log"
        with provider(log) as upstream:
            _measure_beside(report, amounts, folder, upstream, given.litellm)
            if amounts.quick:
                _measure_quickly(report, amounts, folder, upstream, log)
            else:
                _measure_muniment(report, amounts, folder, upstream)
                _measure_by_turns(report, amounts, folder, upstream, given.litellm)
                proofs.measure(report, amounts.seconds, folder, upstream, log)
                _measure_postgres(report, amounts, folder, upstream)
    for ours in (PATTERNS, ALL):
        for theirs in (NGINX, BARE, LITELLM):
            report.compare(rate_of(ours, MANY), rate_of(theirs, MANY))
        _add_times(report, ours)
    report.facts.append(f"load when it ended {' '.join(f'{each:.1f}' for each in os.getloadavg())}")
    if not given.quick:
        report.judge(GOALS)
        report.write()


def _add_times(report: Report, ours: str) -> None:
    """Say how many times LiteLLM's calls a core carries, if both were measured."""
    found = {row.what: row.value for row in report.rows}
    own, theirs = found.get(core_of(ours), 0.0), found.get(core_of(LITELLM), 0.0)
    if own and theirs:
        report.add(times(ours), own / theirs, "times")


def _measure_beside(
    report: Report, amounts: Amounts, folder: Path, upstream: int, litellm: str
) -> None:
    """Measure what stands beside us, in the same run."""
    others = [(BARE, beside.bare(upstream))]
    if beside.nginx_program() and not amounts.quick:
        others.insert(0, (NGINX, beside.nginx(folder, upstream)))
    elif not amounts.quick:
        report.add(NGINX, 0.0, "calls/s", "it was not installed here")
    if litellm and not amounts.quick:
        others.append((LITELLM, beside.litellm(folder, upstream, litellm)))
    elif not amounts.quick:
        report.add(LITELLM, 0.0, "calls/s", "it was not installed here")
    for what, running in others:
        with running as served:
            call(served.address, Plan(seconds=amounts.warm_seconds, key=served.key))
            _measure_rates(report, amounts, what, served)
            if what == BARE:
                _measure_bare(report, amounts, served)


def _measure_rates(report: Report, amounts: Amounts, what: str, served: Served) -> None:
    """Let each of so many callers ask again as soon as it was answered."""
    for connections in (FEW, MANY):
        before = served.cpu_seconds()
        plan = Plan(connections=connections, seconds=amounts.seconds, key=served.key)
        found = call(served.address, plan)[0]
        spent = served.cpu_seconds() - before
        count = sum(found["statuses"].values())
        wrong = {name: many for name, many in found["statuses"].items() if name != "200"}
        told = f"p50 {found['p50']:.1f} ms, p99 {found['p99']:.1f} ms"
        told += f"; not answered: {wrong}" if wrong else ""
        report.add(rate_of(what, connections), found["rate"], "calls/s", told)
    if amounts.quick or what == NGINX:
        rate = count / spent if spent else 0.0
        report.add(core_of(what), rate, "calls/s", f"{MANY} connections")


def _measure_by_turns(
    report: Report, amounts: Amounts, folder: Path, upstream: int, litellm: str
) -> None:
    """Measure what a core carries by turns, so that a slow moment of the machine is everybody's.

    What follows on the calls of a turn, such as sealing, is over before it is counted.
    """
    with ExitStack() as running:
        served = {BARE: running.enter_context(beside.bare(upstream))}
        if litellm:
            served[LITELLM] = running.enter_context(beside.litellm(folder, upstream, litellm))
        for what, layers in ((PATTERNS, ("patterns",)), (ALL, ("patterns", "names"))):
            made = set_up(folder / f"turns-{len(served)}", upstream, layers=layers)
            served[what] = running.enter_context(muniment(made))
        for each in served.values():
            call(each.address, Plan(seconds=amounts.warm_seconds, key=each.key))
            each.rest()
        counts, spent = dict.fromkeys(served, 0), dict.fromkeys(served, 0.0)
        for what, each in list(served.items()) * _TURNS:
            before = each.cpu_seconds()
            plan = Plan(connections=MANY, seconds=amounts.seconds, key=each.key)
            counts[what] += sum(call(each.address, plan)[0]["statuses"].values())
            each.rest()
            spent[what] += each.cpu_seconds() - before
        told = f"{MANY} connections, {_TURNS} turns of each, and what followed on them"
        for what, many in counts.items():
            report.add(core_of(what), many / spent[what], "calls/s", told)


def _measure_bare(report: Report, amounts: Amounts, served: Served) -> None:
    """Measure what the same costs with nothing done, from which ours is taken away."""
    paced, streams, crowd = _paced(amounts, served)
    report.add(BARE_50, paced["p50"], "ms")
    report.add("the same, p99", paced["p99"], "ms")
    report.add(BARE_FIRST, streams["first_p50"], "ms")
    report.add("the first words, p99", streams["first_p99"], "ms")
    report.add(BARE_CROWD, crowd["first_p50"], "ms", f"p99 {crowd['first_p99']:.1f} ms")


def _paced(amounts: Amounts, served: Served) -> Sequence[dict[str, float]]:
    """Call now and then; what followed on the load before is over by then.

    Then streams that begin one after the other while others go on, and a crowd in one instant.
    """
    if not amounts.quick:
        served.rest()
    plan = Plan(mode="paced", rate=100, seconds=amounts.paced_seconds, key=served.key)
    paced = call(served.address, plan)[0]
    slow = replace(plan, mode="streams", connections=amounts.streams, pace_ms=20)
    spread = replace(slow, spread=min(_STREAM_SECONDS, amounts.seconds / 2))
    return paced, call(served.address, spread)[0], call(served.address, slow)[0]


def _measure_muniment(report: Report, amounts: Amounts, folder: Path, upstream: int) -> None:
    """Measure ours, with fewer layers and with all of them."""
    made = set_up(folder / "patterns", upstream, layers=("patterns",))
    with muniment(made) as served:
        call(served.address, Plan(seconds=amounts.warm_seconds, key=served.key))
        _measure_rates(report, amounts, PATTERNS, served)
    made = set_up(folder / "all", upstream)
    with muniment(made) as served:
        _measure_served(report, amounts, served)


def _measure_quickly(
    report: Report, amounts: Amounts, folder: Path, upstream: int, log: Path
) -> None:
    """Run every row once on processes that are started once."""
    made = set_up(folder / "all", upstream)
    with muniment(made, workers=2, core=None) as served:
        _measure_served(report, amounts, served)
        proofs.measure_on(report, amounts.seconds, made, served, log)


def _measure_served(report: Report, amounts: Amounts, served: Served) -> None:
    """Measure what has been started."""
    report.add(START, served.seconds_to_answer, "s", "of a process, to its first answer")
    warm = Plan(connections=16, seconds=amounts.warm_seconds, key=served.key)
    call(served.address, warm)
    report.add(MEMORY, served.memory_mb(), "MB", "after its first calls")
    held = _rested_mb(amounts, served)
    _measure_rates(report, amounts, ALL, served)
    _measure_added(report, amounts, served)
    plan = replace(warm, mode="streams", pace_ms=0, seconds=amounts.seconds)
    found = call(served.address, plan)[0]
    report.add(STREAMS, found["rate"], "streams/s", "50 pieces each, as quick as they come")
    growth = (_rested_mb(amounts, served) / held - 1) * 100 if held else 0.0
    report.add(GROWTH, growth, "%", f"at rest, {held:.0f} MB before, to the end of these rows")


def _rested_mb(amounts: Amounts, served: Served) -> float:
    """Say how much it holds when what it no longer needs was given back."""
    if not amounts.quick:
        served.rest()
        time.sleep(_GIVEN_BACK_SECONDS)
    return served.memory_mb()


def _measure_added(report: Report, amounts: Amounts, served: Served) -> None:
    """Measure how much later an answer comes than through a bare pass-through."""
    known = {row.what: row.value for row in report.rows}
    paced, streams, crowd = _paced(amounts, served)
    bare_50 = known[BARE_50]
    rested = "" if amounts.quick else ", begun when what followed on the load before was done"
    report.add(ADDED_50, paced["p50"] - bare_50, "ms", f"whole: {paced['p50']:.2f} ms{rested}")
    report.add(ADDED_99, paced["p99"] - bare_50, "ms", f"whole: {paced['p99']:.2f} ms")
    first_50 = known[BARE_FIRST]
    told = f"whole: {streams['first_p50']:.1f} ms, of which 20 ms are the provider's pace"
    report.add(FIRST_50, streams["first_p50"] - first_50, "ms", told)
    report.add(FIRST_99, streams["first_p99"] - first_50, "ms")
    crowded = crowd["first_p99"] - known[BARE_CROWD]
    report.add(CROWD_50, crowd["first_p50"] - known[BARE_CROWD], "ms", f"p99 {crowded:.1f} ms")


def _measure_postgres(report: Report, amounts: Amounts, folder: Path, upstream: int) -> None:
    """Measure one worker and two over PostgreSQL, on all cores, which they share with the rest."""
    place = Path(tempfile.mkdtemp(prefix="mbench-pg-"))  # its own user must reach it
    server = postgres.start(place)
    try:
        made = set_up(folder / "over-pg", upstream, url=server.url)
        for what, workers in ((ONE_WORKER, 1), (WORKERS, 2)):
            with muniment(made, workers=workers, core=None) as served:
                plan = Plan(
                    connections=MANY,
                    seconds=amounts.seconds,
                    key=served.key,
                    told=str(folder / "told-pg"),
                )
                call(served.address, replace(plan, seconds=amounts.warm_seconds))
                found = call(served.address, plan)[0]
                report.add(what, found["rate"], "calls/s", f"p99 {found['p99']:.0f} ms")
        with proofs.house_of(made) as house:
            answered, bad = proofs.bad_records(house, folder / "told-pg")
            report.add(BAD_RECORDS, bad, "calls", f"of {answered:,} that were answered")
    finally:
        server.stop()
        shutil.rmtree(place)
    report.compare(WORKERS, ONE_WORKER)


if __name__ == "__main__":
    main()
