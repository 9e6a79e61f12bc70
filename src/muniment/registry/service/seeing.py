"""What goes through the gateway beside what is registered: noted, compared, settled by people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from muniment import access, ledger
from muniment.access import EVERYTHING, Scope
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.core.page import Page
from muniment.db import Work
from muniment.jobs.follow import FollowedEntry
from muniment.ledger.kinds.registry_sightings import (
    SightingNoted,
    SightingReopened,
    SightingSettled,
)
from muniment.registry import store
from muniment.registry.models import (
    Completeness,
    Means,
    PartVersion,
    Seen,
    Sighting,
    SightingStanding,
    SightingState,
    System,
    Unseen,
)
from muniment.registry.rules import sightings as rules
from muniment.registry.rules.profiles import require_text
from muniment.registry.service.checking import versions_in
from muniment.registry.service.parts import add_version
from muniment.registry.service.standing import author_of, place_of, visible
from muniment.registry.store import Times


def follow_seen(work: Work, entry: FollowedEntry) -> None:
    """Take what was seen in traffic; what is seen for the first time is compared and kept."""
    seen = rules.read_seen(entry.body)
    if seen is not None:
        _take(work, seen, Times(seen.at, seen.at, entry=entry.index))


def follow_registered(work: Work, entry: FollowedEntry) -> None:
    """Settle what was seen and not known, once it is registered."""
    system = _system(work, str(entry.body.get("system_id", "")))
    if system is None:
        return
    query = store.SightingQuery(system_id=system.id, state=SightingState.OPEN)
    for each in store.sightings.find(work, query, limit=500).rows:
        unknown = each.standing is SightingStanding.UNKNOWN
        if unknown and _standing(work, system, each) is not SightingStanding.UNKNOWN:
            _settle(work, each, SightingState.REGISTERED, "a version of it was registered")


def find_sightings(
    work: Work, query: store.SightingQuery, *, limit: int = 50, cursor: str | None = None
) -> Page[Sighting]:
    """List what was seen, the newest first: of systems that may be seen."""
    page = store.sightings.find(work, query, limit=limit, cursor=cursor)
    return Page(visible(work, page.rows, [each.system_id for each in page.rows]), page.next_cursor)


def get_sighting(work: Work, sighting_id: str) -> Sighting:
    """Show one thing that was seen."""
    found = store.sightings.get(work, sighting_id)
    access.require(work, "registry.read", place_of(found.system_id))
    return found


def completeness(work: Work, id_or_key: str) -> Completeness:
    """Say how the registry and the traffic of a system compare."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.read", place_of(system.id))
    counted = store.sightings.counts(work, system.id)
    left = counted.get(SightingState.OPEN, 0)
    return Completeness(
        system_id=system.id,
        open=left,
        settled=sum(counted.values()) - left,
        unseen=_unseen(work, system),
        sees_traffic=bool(counted),
    )


def not_ours(work: Work, sighting_id: str, *, reason: str) -> Sighting:
    """Decide that something seen need not be registered, and keep why."""
    found = _open(work, sighting_id)
    return _settle(work, found, SightingState.NOT_OURS, reason)


def reopen_seen(work: Work, sighting_id: str, *, reason: str) -> Sighting:
    """Take back that something seen is not ours; why is kept in the record."""
    found = store.sightings.get(work, sighting_id)
    access.require(work, "registry.write", _place_of_seen(work, found))
    said = require_text(reason, "reason", longest=500, empty=False)
    saved = store.sightings.reopen(work, found.id)
    ledger.record(work, SightingReopened(found.system_id, found.id, said))
    return saved


def register_seen(
    work: Work, sighting_id: str, *, part: str, provider: str = "", text: str = ""
) -> PartVersion:
    """Register what was seen as a version of a part; what serves is still changed by a change."""
    found = _open(work, sighting_id)
    system = _system(work, found.system_id)
    if system is None:
        raise ConflictError(
            "no registered system has this id",
            subject=found.system_id,
            remedy="Register the system first.",
        )
    document = rules_document(work, system, found, part, provider=provider, text=text)
    label = f"{rules.KINDS[found.sort].value}/{part}"
    made = add_version(work, system.id, label, document)
    if not rules.is_of(found, made):
        raise InvalidError(
            "this is not what was seen",
            field="text",
            remedy=f"What was seen has the digest {found.digest or found.name}.",
        )
    _settle(work, found, SightingState.REGISTERED, f"registered as {label} {made.number}")
    return made


def rules_document(
    work: Work, system: System, found: Sighting, part: str, *, provider: str, text: str
) -> dict[str, object]:
    """Write the content that registers what was seen; tools join those allowed so far."""
    kind = rules.KINDS[found.sort]
    if found.sort.value == "model":
        named = {"name": found.name, "provider": provider, "reported": found.reported}
        return {name: value for name, value in named.items() if value}
    if found.sort.value == "prompt":
        return {"text": text}
    there = store.parts.part(work, system.id, kind, part)
    allowed: list[object] = []
    if there is not None:
        newest = store.parts.version_numbered(work, there.id, there.latest)
        allowed = list(newest.document.get("allowed", ()))
    return {"allowed": [*allowed, found.name]}


def follow_predicted(work: Work, entry: FollowedEntry) -> None:
    """Take which model made predictions, as whoever keeps predictions tells."""
    told = rules.read_predicted(entry.body)
    if told is not None:
        seen, until, count = told
        times = Times(seen.at, until, count, Means.PREDICTION, entry.index)
        _take(work, seen, times)


def findings_seen(work: Work, system: System) -> tuple[str, ...]:
    """Say what of the traffic nobody has settled yet."""
    query = store.SightingQuery(system_id=system.id, state=SightingState.OPEN)
    rows = store.sightings.find(work, query, limit=500).rows
    changed = [each for each in rows if each.reported_before]
    found = [
        f"the provider of {each.name} answers as {each.reported}, before as {each.reported_before}"
        for each in changed
    ]
    if left := len(rows) - len(changed):
        found.append(f"{left} thing{'s' if left > 1 else ''} seen in traffic nobody has settled")
    return tuple(found)


def _take(work: Work, seen: Seen, times: Times) -> None:
    system = _system(work, seen.system)
    sighting = _judged(work, seen, system)
    known = store.sightings.same(work, sighting)
    again = known is not None and sighting.reported_before != ""
    if known is None or (again and not store.sightings.has_open_change(work, sighting)):
        store.sightings.add(work, sighting, again=again)
        ledger.record(work, _noted(sighting))
    store.observing.observe(work, (known or sighting).id, times)


def _open(work: Work, sighting_id: str) -> Sighting:
    found = store.sightings.get(work, sighting_id)
    access.require(work, "registry.write", _place_of_seen(work, found))
    if found.state is not SightingState.OPEN:
        raise ConflictError(
            f"this is {found.state.value.replace('_', ' ')} already", subject=found.id
        )
    return found


def _place_of_seen(work: Work, found: Sighting) -> Scope:
    is_known = _system(work, found.system_id) is not None
    return place_of(found.system_id) if is_known else EVERYTHING


def _settle(work: Work, found: Sighting, state: SightingState, reason: str) -> Sighting:
    said = require_text(reason, "reason", longest=500, empty=False)
    settled = replace(
        found, state=state, reason=said, decided_by=author_of(work), decided_at=work.now
    )
    saved = store.sightings.settle(work, settled)
    ledger.record(work, SightingSettled(found.system_id, found.id, state.value, said))
    return saved


def _judged(work: Work, seen: Seen, system: System | None) -> Sighting:
    standing = SightingStanding.UNKNOWN if system is None else _standing(work, system, seen)
    system_id = seen.system if system is None else system.id
    last = store.sightings.reported_last(work, system_id, seen.environment, seen.name)
    declared = _reported_declared(work, system, seen) if system is not None else frozenset()
    before = last if rules.is_silent_change(seen, last, declared) else ""
    sighting = Sighting(
        id=work.new_id("sgt"),
        system_id=system_id,
        environment=seen.environment,
        sort=seen.sort,
        name=seen.name,
        digest=seen.digest,
        reported=seen.reported,
        standing=standing,
        state=SightingState.OPEN,
        first_seen_at=seen.at,
        reported_before=before,
    )
    return sighting if sighting.finding else replace(sighting, state=SightingState.KNOWN)


def _standing(work: Work, system: System, seen: Seen | Sighting) -> SightingStanding:
    kind = rules.KINDS[seen.sort]
    serving = _serving_there(work, system, seen)
    return rules.standing_of(seen, serving, store.parts.every_version(work, system.id, kind))


def _reported_declared(work: Work, system: System, seen: Seen) -> frozenset[str]:
    """Give the names that the provider of a model is declared to call it by."""
    return frozenset(
        str(each.document.get("reported", ""))
        for each in _serving_there(work, system, seen)
        if rules.is_of(seen, each)
    )


def _serving_there(work: Work, system: System, seen: Seen | Sighting) -> list[PartVersion]:
    return [
        version
        for each in store.serving.serving_now(work, system.id)
        if each.environment == seen.environment
        for version in _versions_of(work, [share.set_digest for share in each.shares])
    ]


def _versions_of(work: Work, digests: Iterable[str]) -> list[PartVersion]:
    sets = store.parts.sets_with(work, digests)
    return [version for each in sets.values() for version in versions_in(work, each)]


def _unseen(work: Work, system: System) -> tuple[Unseen, ...]:
    """List what serves and was never seen; of parts that serve nowhere, their newest version."""
    seen = store.sightings.of_system(work, system.id)
    digests = [
        share.set_digest
        for each in store.serving.serving_now(work, system.id)
        for share in each.shares
    ]
    serving = [each for each in _versions_of(work, digests) if rules.is_watched(each.kind)]
    serves = {each.label for each in serving}
    newest = [
        store.parts.version_numbered(work, part.id, part.latest)
        for part in store.parts.parts_of(work, system.id)
        if rules.is_watched(part.kind) and part.label not in serves and part.latest
    ]
    found = {
        (each.label, each.number): Unseen(each.label, each.number, each.digest, each in serving)
        for each in (*serving, *newest)
        if not any(rules.is_of(one, each) for one in seen)
    }
    return tuple(found[name] for name in sorted(found))


def _system(work: Work, named: str) -> System | None:
    try:
        return store.systems.get(work, named)
    except NotFoundError:
        return None


def _noted(sighting: Sighting) -> SightingNoted:
    return SightingNoted(
        system_id=sighting.system_id,
        sighting_id=sighting.id,
        environment=sighting.environment,
        sort=sighting.sort.value,
        name=sighting.name,
        digest=sighting.digest,
        reported=sighting.reported,
        standing=sighting.standing.value,
        reported_before=sighting.reported_before,
    )
