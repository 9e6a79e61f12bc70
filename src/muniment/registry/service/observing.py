"""What was observed to serve: by traffic, by predictions, by hosts; shown beside what is declared.

Nothing here moves what is declared. Where an observation differs, both are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from muniment import access
from muniment.core.page import Page
from muniment.db import Work
from muniment.registry import store
from muniment.registry.models import (
    Host,
    Moment,
    Observation,
    Observed,
    PartVersion,
    Sighting,
    System,
)
from muniment.registry.rules import observing as rules
from muniment.registry.rules.sightings import is_of
from muniment.registry.service.standing import place_of, visible
from muniment.registry.store.observing import Stretch


def observations(
    work: Work, id_or_key: str, since: datetime, until: datetime, *, environment: str = "production"
) -> tuple[Observation, ...]:
    """List what was observed to serve an environment in a period, the first one first."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.read", place_of(system.id))
    return _between(work, system.id, environment, since, until)


def with_observed(work: Work, moment: Moment) -> Moment:
    """Put beside what is declared of a moment what was observed then, and where they differ.

    What was seen within a day before counts, for a stretch goes on that long; but nothing of before
    the declared interval began.
    """
    since = moment.at - rules.APART
    if moment.deployment is not None:
        since = max(since, moment.deployment.starts_at)
    seen = _between(work, moment.system_id, moment.environment, since, moment.at, moment)
    return replace(moment, observed=seen, conflicts=rules.conflicts(moment.versions, seen))


def find_observed(
    work: Work, query: store.ObservedQuery, *, limit: int = 50, cursor: str | None = None
) -> Page[Observation]:
    """List what was observed, everywhere: of systems that may be seen, what began last first."""
    rows, more = store.observing.search(work, query, limit=limit, cursor=cursor)
    found = _told(work, rows)
    return Page(visible(work, found, [each.system_id for each in found]), more)


def host_findings(work: Work, system: System) -> tuple[str, ...]:
    """Say which hosts told last that they run something else than is declared."""
    serving = {
        each.environment: {share.set_digest for share in each.shares}
        for each in store.serving.serving_now(work, system.id)
    }
    found = []
    for host in store.observing.hosts(work, system.id):
        last = store.observing.last_heard(work, host.id) if host.ended_at is None else None
        if last is not None and last.set_digest not in serving.get(host.environment, set()):
            runs = last.set_digest[:19]
            found.append(f"the host {host.name} runs {runs} in {host.environment}, undeclared")
    return tuple(found)


def _between(
    work: Work,
    system_id: str,
    environment: str,
    since: datetime,
    until: datetime,
    moment: Moment | None = None,
) -> tuple[Observation, ...]:
    seen = [
        each
        for each in store.sightings.of_system(work, system_id)
        if each.environment == environment
    ]
    hosts = [
        each for each in store.observing.hosts(work, system_id) if each.environment == environment
    ]
    ids = [each.id for each in seen]
    stretches: list[Stretch] = [*store.observing.observed(work, ids, since=since, until=until)]
    named = [each.id for each in hosts]
    stretches += store.observing.heard(work, named, since=since, until=until)
    found = _told(work, stretches, moment, seen, hosts)
    return tuple(sorted(found, key=lambda each: (each.starts_at, each.what, each.by)))


def _told(
    work: Work,
    stretches: Sequence[Stretch],
    moment: Moment | None = None,
    seen: Iterable[Sighting] | None = None,
    hosts: Iterable[Host] | None = None,
) -> tuple[Observation, ...]:
    """Say what each stretch was of: a version, something unknown, a set that a host runs."""
    if not stretches:
        return ()
    wanted = [each.sighting_id for each in stretches if isinstance(each, Observed)]
    found = seen if seen is not None else store.sightings.named(work, wanted).values()
    sightings = {each.id: each for each in found}
    known = {each.id: each for each in hosts or store.observing.hosts(work)}
    served = _served(moment)
    meant = [sightings[each] for each in wanted]
    declared = _declared(work, moment)
    unmet = [each for each in meant if not any(is_of(each, one) for one in declared)]
    left = {each.system_id for each in unmet}
    versions: dict[str, Sequence[PartVersion]] = {each.system_id: declared for each in meant}
    versions.update(store.parts.versions_of_systems(work, left, rules.WATCHED))
    return tuple(
        rules.of_traffic(each, sightings[each.sighting_id], versions, served)
        if isinstance(each, Observed)
        else rules.of_host(each, known[each.host_id])
        for each in stretches
    )


def _declared(work: Work, moment: Moment | None) -> Sequence[PartVersion]:
    """Read the versions that are declared of a moment; most of what is seen is of them."""
    if moment is None:
        return ()
    digests = {each.digest for some in moment.versions.values() for each in some}
    return tuple(store.parts.versions_with(work, moment.system_id, digests).values())


def _served(moment: Moment | None) -> frozenset[tuple[str, int]]:
    if moment is None:
        return frozenset()
    return frozenset(
        (each.label, each.number) for some in moment.versions.values() for each in some
    )
