"""What must hold under load, counted in the same run: stops, limits, overload, and the record.

Two worker processes for the stop, four for the limit. What the provider says it was sent is held
against what the ledger says was about to leave.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from benchmarks.gateway_load import Plan
from benchmarks.gateway_serving import Installation, Served, call, muniment, set_up
from benchmarks.gateway_words import body_of
from benchmarks.report import Report
from muniment import exchanges
from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError
from muniment.exchanges import Limit, Measure, ScopeKind, StopKind, Window
from muniment.main import build_house
from muniment.server import House
from muniment.settings import load

STOPPED: Final = "a stop works on both workers, after"
OVERRUN: Final = "a limit of 100, 64 callers, four processes: overrun by"
ANSWERED: Final = "  answered of them"
UNTOLD: Final = "overload: neither answered nor told when to come again"
ACCEPTED_99: Final = "overload: accepted calls, p99"
UNRECORDED: Final = "calls that reached the provider without a record"
_ACTOR: Final = system_actor("bench")
_LIMIT: Final = 100
_CALLERS: Final = 64
_LONG_KILOBYTES: Final = 6
_ASKERS: Final = 8
_SEAL_TRIES: Final = 300


@contextmanager
def house_of(made: Installation) -> Iterator[House]:
    """Open an installation beside the processes that serve it."""
    given = {"database.url": made.url, "gateway.key": made.key, "jobs.inside": False}
    house = build_house(load(file=made.file, environment={}, overrides=given), role="worker")
    try:
        yield house
    finally:
        house.close()


def measure(report: Report, seconds: float, folder: Path, upstream: int, log: Path) -> None:
    """Count all of it on one installation."""
    made = set_up(folder / "proofs", upstream)
    before = lines_of(log)
    with house_of(made) as house:
        with muniment(made, workers=2, core=None) as served:
            report.add(STOPPED, stop_seconds(house, served), "s", "two processes, under load")
        with muniment(made) as served:
            _overload(report, seconds, served)
        with muniment(made, workers=4, core=None) as served:
            _limited(report, house, served, log)
        _recorded(report, house, lines_of(log) - before)


def measure_on(
    report: Report, seconds: float, made: Installation, served: Served, log: Path
) -> None:
    """Count all of it on processes that are there already, each row a little."""
    begun = len(list(entries_of(made)))
    before = lines_of(log)
    with house_of(made) as house:
        took = stop_seconds(house, served, patience=0.5)
        report.add(STOPPED, took, "s", "two processes, under load")
        _overload(report, seconds, served)
        _limited(report, house, served, log)
        _recorded(report, house, lines_of(log) - before, begun)


def entries_of(made: Installation) -> Iterator[Any]:
    """Give the intents of an installation so far."""
    with house_of(made) as house:
        yield from entries_of_kind(house, "exchanges.intended")


def _recorded(report: Report, house: House, sent: int, begun: int = 0) -> None:
    """Hold what the provider was sent against what was about to leave."""
    intents = sum(1 for _ in entries_of_kind(house, "exchanges.intended")) - begun
    report.add(UNRECORDED, max(0, sent - intents), "calls", f"{sent:,} came, {intents:,} intents")


def bad_records(house: House, told: Path) -> tuple[int, int]:
    """Count the answered calls, and those of them without exactly one intent and one outcome."""
    house.log.seal()
    begun, ended = Counter[str](), Counter[str]()
    for each in entries(house):
        if each.kind in ("exchanges.intended", "exchanges.concluded"):
            (begun if each.kind.endswith("intended") else ended)[each.body["exchange"]] += 1
    lines = [line.split() for line in told.read_text(encoding="ascii").splitlines()]
    answered = [line[2] for line in lines if line[1] == "200"]
    bad = sum((begun[each], ended[each]) != (1, 1) for each in answered)
    return len(answered), bad + len(answered) - len(set(answered))


def lines_of(log: Path) -> int:
    """Count what the provider was sent."""
    return log.read_bytes().count(b"\n") if log.exists() else 0


def entries(house: House) -> Iterator[Any]:
    """Give every sealed entry."""
    first = 0
    while found := house.log.read_after(first, 2_000):
        yield from found
        first = found[-1].index + 1


def stop_seconds(house: House, served: Served, *, patience: float = 1.0) -> float:
    """Stop a model while callers go on; give how long after it a call could still begin.

    It looks for so many seconds, and lets the next row begin as long after it went on.
    """
    ended, lock, last = threading.Event(), threading.Lock(), [0.0]
    statuses: Counter[int] = Counter()

    def go_on(number: int) -> None:
        one = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
        told = {"authorization": f"Bearer {served.key}", "content-type": "application/json"}
        while not ended.is_set():
            began = time.perf_counter()
            one.request("POST", "/v1/chat/completions", body_of("Good day.", number), told)
            answer = one.getresponse()
            answer.read()
            with lock:
                statuses[answer.status] += 1
                if answer.status == 200:
                    last[0] = max(last[0], began)
        one.close()

    askers = [threading.Thread(target=go_on, args=(number,)) for number in range(_ASKERS)]
    for each in askers:
        each.start()
    time.sleep(patience / 2)
    with house.database.work(_ACTOR) as work:
        stop = exchanges.stop(work, StopKind.MODEL, "mock", reason="It is measured.")
    stopped = time.perf_counter()
    time.sleep(patience)
    ended.set()
    for each in askers:
        each.join()
    with house.database.work(_ACTOR) as work:
        exchanges.resume(work, stop.id, reason="It was measured.")
    if not (statuses[200] and statuses[403]):
        raise SystemExit(f"the stop was not seen to work: {statuses}")
    time.sleep(patience)
    return max(0.0, last[0] - stopped)


def _overload(report: Report, seconds: float, served: Served) -> None:
    """Send ten times what it carries, whatever becomes of it.

    Calls are long, or callers on one core could not send as many. How late they were themselves is
    told beside: that is not the gateway's.
    """
    plan = Plan(
        connections=_CALLERS, seconds=min(2.0, seconds), key=served.key, kilobytes=_LONG_KILOBYTES
    )
    carries = call(served.address, plan)[0]["rate"]
    rate = max(20.0, carries * 10)
    found = call(served.address, replace(plan, mode="flood", rate=rate, seconds=seconds))[0]
    statuses = found["statuses"]
    shed = statuses.get("429", 0) + statuses.get("503", 0)
    untold = sum(statuses.values()) - statuses.get("200", 0) - found["with_retry_after"]
    note = f"{rate:,.0f} calls/s of {_LONG_KILOBYTES} KB were sent: {json.dumps(statuses)}"
    report.add(UNTOLD, max(0, untold), "calls", note)
    told = f"{shed} were asked to come again; callers computed {found['busy']:.0%} of the time"
    told += f" and sent up to {found['late_p99']:.0f} ms late (p99)"
    report.add(ACCEPTED_99, found["p99"], "ms", told)


def _limited(report: Report, house: House, served: Served, log: Path) -> None:
    """Let many callers at once use a small limit up."""
    system = next(each.body["system"] for each in entries_of_kind(house, "exchanges.intended"))
    limit = Limit(
        "", ScopeKind.SYSTEM, system, Measure.REQUESTS, Window.DAY, _LIMIT, reason="Measured."
    )
    with house.database.work(_ACTOR) as work:
        exchanges.set_limit(work, limit)
    time.sleep(1.0)
    before = lines_of(log)
    plan = Plan(connections=_CALLERS // 4, seconds=60, calls=_LIMIT, key=served.key)
    found = call(served.address, plan, many=4)
    answered = sum(each["statuses"].get("200", 0) for each in found)
    reached = lines_of(log) - before
    report.add(OVERRUN, max(0, max(answered, reached) - _LIMIT), "calls")
    report.add(ANSWERED, answered, "calls", f"{reached} reached the provider")


def entries_of_kind(house: House, kind: str) -> Iterator[Any]:
    """Give the sealed entries of one kind."""
    _seal(house)
    return (each for each in entries(house) if each.kind == kind)


def _seal(house: House) -> None:
    """Seal all that waits, also where a worker seals just then."""
    for _ in range(_SEAL_TRIES):
        with suppress(ConflictError):
            house.log.seal()
            return
        time.sleep(0.1)
    raise SystemExit("the log is sealed by another all the time")
