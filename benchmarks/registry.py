"""Measures the registry: `make bench-registry`, with ARGS="--quick" only to see that it runs.

Rows are put in past the verbs and the ledger, for a million is wanted and only reading is
measured, by the same verbs as everywhere. --postgres ADDRESS measures the same there.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert

from benchmarks.report import Goal, Report, machine_facts, quantile
from muniment import registry
from muniment.core.actor import system_actor
from muniment.core.digest import digest_value
from muniment.db import Database
from muniment.db.work import machinery
from muniment.registry import (
    DeploymentQuery,
    ObservedQuery,
    PartKind,
    Profile,
    Resolver,
    SystemQuery,
    VersionQuery,
    VersionSet,
)
from muniment.registry.store.profiles import kept_profile
from muniment.registry.store.seen_tables import observed_table, sightings_table
from muniment.registry.store.tables import (
    deployments_table,
    parts_table,
    pulse_table,
    sets_table,
    shares_table,
    standing_table,
    systems_table,
    versions_table,
)
from muniment.registry.store.words import ends_of, worded_table, words_of, words_table
from muniment.testing import fresh_database, settings_for

_ACTOR: Final = system_actor("bench")
_BEGAN: Final = datetime(2024, 1, 1, tzinfo=UTC)
_MINUTE: Final = timedelta(minutes=1)
_AT_ONCE: Final = 5_000
LIST: Final = "a page of systems, the newest"
SEARCH: Final = "a search for two words that few systems have"
NONE: Final = "a search that finds nothing"
ONE: Final = "a search for a word that one system has"
NARROW: Final = "a page of systems in a state"
VERSIONS: Final = "a page of versions of every system, the newest"
OF_COMMIT: Final = "the versions of one commit's system and kind"
INTERVALS: Final = "a page of intervals of every system, the newest"
OBSERVED: Final = "a page of observed intervals of every system, the newest"
BACK: Final = "a rollback until each of two resolvers serves what served before"
AS_OF: Final = "what served at a moment"
LOOK: Final = "the resolver looks and nothing moved"
WHOLE: Final = "the resolver reads every place"


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much is measured."""

    systems: int = 100_000
    versions: int = 100_000
    intervals: int = 1_000_000
    asked: int = 200


QUICK: Final = Amounts(300, 300, 500, 5)


def main() -> None:
    """Measure everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only see that every row runs")
    parser.add_argument("--postgres", default="", help="address of an empty PostgreSQL database")
    parser.add_argument("--without-page", action="store_true", help="leave docs/benchmarks.md be")
    given = parser.parse_args()
    amounts = QUICK if given.quick else Amounts()
    name = "registry-postgresql" if given.postgres else "registry"
    where = "PostgreSQL" if given.postgres else "SQLite"
    size = (
        f"{amounts.systems:,} systems, {amounts.versions:,} versions, "
        f"{amounts.intervals:,} intervals of one place"
    )
    report = Report(name, f"The registry on {where}", facts=machine_facts(size))
    print(*report.facts, sep="\n")
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(Path(folder) / "data", given.postgres)
        with fresh_database(settings) as database:
            fill(database, amounts)
            measure(database, report, amounts)
            measure_rollback(database, report)
    report.judge(_goals())
    if not given.quick and not given.without_page:
        report.write()


def fill(database: Database, amounts: Amounts) -> None:
    """Put the rows in, many at a time."""
    first: dict[str, str] = {"prompt/part-0": digest_value(0)}
    sets = [VersionSet(_id("sys", 0), named) for named in (first, {})]
    known: set[str] = set()
    with database.machine() as connection, machinery(connection):
        for rows in _batches(_systems(amounts.systems)):
            connection.execute(insert(systems_table), rows)
            pairs = [(word, row["id"]) for row in rows for word in words_of(row["found_by"])]
            fresh = {word for word, _ in pairs} - known
            known |= fresh
            ends = [{"piece": end, "word": each} for each in fresh for end in ends_of(each)]
            connection.execute(insert(words_table), ends)
            worded = [{"word": word, "system_id": each} for word, each in pairs]
            connection.execute(insert(worded_table), worded)
        for made in sets:
            kept = {
                "digest": made.digest,
                "system_id": made.system_id,
                "versions": dict(made.versions),
            }
            connection.execute(insert(sets_table).values(kept))
        for rows in _batches(_versions(amounts)):
            parts = [_part(row) for row in rows]
            connection.execute(insert(parts_table), parts)
            connection.execute(insert(versions_table), rows)
        for rows in _batches(_intervals(amounts.intervals)):
            connection.execute(insert(deployments_table), rows)
            shares = [_share(row["id"], sets[at % 2].digest) for at, row in enumerate(rows)]
            connection.execute(insert(shares_table), shares)
        for rows in _batches(_sightings(amounts)):
            connection.execute(insert(sightings_table), rows)
            connection.execute(insert(observed_table), [_stretch(row) for row in rows])
        for rows in _batches(_places(amounts)):
            connection.execute(insert(standing_table), rows)
        connection.execute(insert(pulse_table).values(id=1, version=1))
        if connection.dialect.name == "postgresql":  # as the server does by itself within a minute
            connection.exec_driver_sql("ANALYZE")
        connection.commit()


def measure(database: Database, report: Report, amounts: Amounts) -> None:
    """Ask each question again and again."""
    queries = {
        LIST: SystemQuery(),
        SEARCH: SystemQuery(words="system 77"),
        NONE: SystemQuery(words="nowhere"),
        ONE: SystemQuery(words=f"system-{amounts.systems // 9}"),
        NARROW: SystemQuery(state=registry.SystemState.LIVE),
    }
    for what, query in queries.items():
        with _asking(database, report, what, amounts.asked) as ask:
            ask(lambda work, _n, wanted=query: registry.find_systems(work, wanted))
    _measure_lists(database, report, amounts)
    with _asking(database, report, AS_OF, amounts.asked) as ask:
        step = max(1, amounts.intervals // amounts.asked)
        system = _id("sys", 0)
        ask(lambda work, n: registry.at(work, system, _BEGAN + _MINUTE * n * step))
    resolver = Resolver(database)
    began = time.perf_counter()
    resolver.refresh()
    report.add(WHOLE, (time.perf_counter() - began) * 1_000, "ms", f"{resolver.size():,} places")
    taken = []
    for _ in range(amounts.asked):
        began = time.perf_counter()
        resolver.refresh()
        taken.append((time.perf_counter() - began) * 1_000)
    report.add(LOOK, quantile(taken, 0.95), "ms", "p95")


def _measure_lists(database: Database, report: Report, amounts: Amounts) -> None:
    """List what stands beside systems: versions of parts, and intervals."""
    of_system = VersionQuery(system_id=_id("sys", 7), kind=PartKind.PROMPT, commit="0f3a")
    for what, asked in ((VERSIONS, VersionQuery()), (OF_COMMIT, of_system)):
        with _asking(database, report, what, amounts.asked) as ask:
            ask(lambda work, _n, wanted=asked: registry.find_versions(work, wanted))
    with _asking(database, report, INTERVALS, amounts.asked) as ask:
        ask(lambda work, _n: registry.find_deployments(work, DeploymentQuery()))
    with _asking(database, report, OBSERVED, amounts.asked) as ask:
        ask(lambda work, _n: registry.find_observed(work, ObservedQuery()))


def measure_rollback(database: Database, report: Report) -> None:
    """Go back, and wait until two resolvers, asked all the time, serve what served before."""
    resolvers = [Resolver(database), Resolver(database)]
    for each in resolvers:
        each.resolve(_id("sys", 0))
    with database.work(_ACTOR) as work:
        back = registry.roll_back(work, _id("sys", 0), "production", reason="measured")
    began = time.perf_counter()
    wanted = back.shares[0].set_digest
    for each in resolvers:
        while each.resolve(_id("sys", 0)).shares[0].set_digest != wanted:
            time.sleep(0.002)
    report.add(BACK, (time.perf_counter() - began) * 1_000, "ms", "after the commit")


@contextmanager
def _asking(
    database: Database, report: Report, what: str, count: int
) -> Iterator[Callable[[Callable[..., Any]], None]]:
    taken: list[float] = []

    def ask(question: Callable[..., Any]) -> None:
        for number in range(count):
            began = time.perf_counter()
            with database.look(_ACTOR) as work:
                question(work, number)
            taken.append((time.perf_counter() - began) * 1_000)

    yield ask
    report.add(what, quantile(taken, 0.95), "ms", f"p95 of {count}")


def _goals() -> tuple[Goal, ...]:
    names = (LIST, SEARCH, NONE, ONE, NARROW, VERSIONS, OF_COMMIT, INTERVALS, OBSERVED)
    return (
        *(Goal(each, each, at_most=100) for each in names),
        Goal(AS_OF, AS_OF, at_most=50),
        Goal(LOOK, LOOK, at_most=500),
        Goal(BACK, BACK, at_most=1_000),
    )


def _id(prefix: str, number: int) -> str:
    return f"{prefix}_{number:026d}"


def _systems(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        profile = Profile(f"System {number}", "Answers questions of customers.", "per_owner")
        words = (f"system-{number}", profile.name, profile.purpose)
        yield {
            "id": _id("sys", number),
            "key": f"system-{number}",
            "name": profile.name,
            "owner": f"per_{number % 500}",
            "state": "live" if number % 50 == 0 else "proposed",
            "tier": "low",
            "found_by": "\n".join(words).casefold(),
            "profile": kept_profile(profile),
            "assessed_tier": "",
            "request_id": "",
            "resumes_as": "",
            "created_at": _BEGAN,
            "updated_at": _BEGAN,
            "version": 1,
            "salt": "",
        }


def _intervals(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        begins = _BEGAN + _MINUTE * number
        yield {
            "id": _id("dep", number),
            "system_id": _id("sys", 0),
            "environment": "production",
            "starts_at": begins,
            "ends_at": None if number == count - 1 else begins + _MINUTE,
            "recorded_at": begins,
            "end_recorded_at": None if number == count - 1 else begins + _MINUTE,
            "corrects": "",
            "cause": "promotion",
            "source": "declared",
            "reason": "",
            "author": "per_a",
            "record_id": "rec_a",
            "end_record_id": "" if number == count - 1 else "rec_b",
            "salt": "",
        }


def _versions(amounts: Amounts) -> Iterator[dict[str, Any]]:
    for number in range(amounts.versions):
        yield {
            "id": _id("ver", number),
            "part_id": _id("prt", number),
            "number": 1,
            "system_id": _id("sys", number % amounts.systems),
            "kind": "prompt",
            "name": f"part-{number}",
            "digest": digest_value(number),
            "document": {"text": f"Answer question {number}."},
            "author": "per_a",
            "made_at": _BEGAN,
            "ticket": "",
            "commit_id": "0f3a",
            "pull_request": "",
            "asserted": False,
            "salt": "",
        }


def _sightings(amounts: Amounts) -> Iterator[dict[str, Any]]:
    """Let a model be seen in each system."""
    for number in range(amounts.systems):
        yield {
            "id": _id("sgt", number),
            "thing": digest_value(number),
            "system_id": _id("sys", number),
            "environment": "production",
            "sort": "model",
            "name": "big",
            "digest": "",
            "reported": "big-1",
            "reported_before": "",
            "standing": "serves",
            "state": "known",
            "first_seen_at": _BEGAN + _MINUTE * number,
            "reason": "",
            "decided_by": "",
            "salt": "",
        }


def _stretch(sighting: dict[str, Any]) -> dict[str, Any]:
    begins = sighting["first_seen_at"]
    times = {"starts_at": begins, "ends_at": begins + _MINUTE, "times": 2}
    places = {"means": "traffic", "entry": 1, "last_entry": 2}
    return {"sighting_id": sighting["id"], "number": 1, **times, **places}


def _part(version: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": version["part_id"],
        "system_id": version["system_id"],
        "kind": version["kind"],
        "name": version["name"],
        "latest": 1,
        "revision": 1,
    }


def _share(deployment_id: str, digest: str) -> dict[str, Any]:
    return {
        "deployment_id": deployment_id,
        "place": 0,
        "set_digest": digest,
        "percent": 100,
        "change_id": "",
    }


def _places(amounts: Amounts) -> Iterator[dict[str, Any]]:
    for number in range(min(amounts.systems, amounts.intervals, 10_000)):
        yield {
            "system_id": _id("sys", number),
            "environment": "production",
            "deployment_id": _id("dep", number or amounts.intervals - 1),
            "version": 1,
        }


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    some: list[dict[str, Any]] = []
    for row in rows:
        some.append(row)
        if len(some) == _AT_ONCE:
            yield some
            some = []
    if some:
        yield some


if __name__ == "__main__":
    main()
