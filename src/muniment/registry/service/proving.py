"""Gathers the entries that speak of a change, and says what their order in the log proves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from muniment import access, approvals, ledger
from muniment.core.errors import NotFoundError
from muniment.db import Work
from muniment.ledger import IndexRow, Log, Query
from muniment.registry import store
from muniment.registry.models import Change, Mark, OrderProof, RunSort, Sighting, Source
from muniment.registry.rules import proving as rules
from muniment.registry.rules import sightings
from muniment.registry.service.checking import versions_in
from muniment.registry.service.standing import place_of

_ANSWERS: Final = ("approvals.decided", "approvals.overridden", "approvals.settled_by_rule")
_SEEN: Final = ("exchanges.seen", "monitor.predicted")
_LIMIT: Final = 100


def prove_change(work: Work, log: Log, change_id: str) -> OrderProof:
    """Say whether a change was tested, then approved, then deployed, then seen in traffic."""
    change = store.changes.get(work, change_id)
    access.require(work, "registry.read", place_of(change.system_id))
    marks = (
        *_tests(work, log, change),
        *_approvals(work, log, change),
        *_deployments(work, log, change),
        *_traffic(work, log, change),
    )
    verdict, says = rules.judge_order(marks)
    return OrderProof(change.id, verdict, says, marks, change.origin)


def _tests(work: Work, log: Log, change: Change) -> list[Mark]:
    runs = store.parts.runs(work, change.system_id, of=change.set_digest)
    return [
        Mark("test", f"{each.sort.value}: {each.says}", each.record_id, _index(log, each.record_id))
        for each in runs
        if each.sort is RunSort.EVALUATION
    ]


def _approvals(work: Work, log: Log, change: Change) -> list[Mark]:
    """Find the answer that settled each question about a change: of several votes the last."""
    marks = []
    for request_id in filter(None, (change.request_id, change.review_id)):
        request, _, _ = approvals.get(work, request_id)
        if request.state is not approvals.State.APPROVED:
            continue
        rows = ledger.find(log, Query(subject=f"approval:{request_id}"), limit=_LIMIT).rows
        newest = next((row for row in rows if row.kind in _ANSWERS), None)
        if newest is not None:
            marks.append(Mark("approval", f"answer to {request_id}", newest.id, newest.index))
        else:
            marks.append(Mark("approval", f"answer to {request_id}", "", None))
    return marks


def _deployments(work: Work, log: Log, change: Change) -> list[Mark]:
    versions = versions_in(work, store.parts.version_set(work, change.set_digest))
    has_asserted = any(each.asserted for each in versions)
    return [
        Mark(
            "deployment",
            f"{each.environment}, {each.cause.value}",
            each.record_id,
            _index(log, each.record_id),
            asserted=has_asserted or each.source is Source.ASSERTED,
        )
        for each in store.serving.of_change(work, change.id)
    ]


def _traffic(work: Work, log: Log, change: Change) -> list[Mark]:
    """Find when what this change brought was first seen: by its own entry, not by our note of it.

    A note is written when the entry is followed, which may be after a release that the traffic
    itself stood before.
    """
    old = store.parts.sets_with(work, [each for each in change.base.values() if each])
    known = {digest for each in old.values() for digest in each.versions.values()}
    versions = versions_in(work, store.parts.version_set(work, change.set_digest))
    fresh = [each for each in versions if each.digest not in known]
    seen = {
        each.id: each
        for each in store.sightings.of_system(work, change.system_id)
        if any(sightings.is_of(each, version) for version in fresh)
    }
    first: dict[str, Mark] = {}
    for stretch in store.observing.observed(work, seen):
        sighting = seen[stretch.sighting_id]
        mark = _seen_mark(log, sighting, stretch.entry)
        if mark is not None and mark.index is not None:
            there = first.get(sighting.id)
            if there is None or mark.index < (there.index or 0):
                first[sighting.id] = mark
    left = {each: seen[each] for each in seen if each not in first}
    return [*first.values(), *_noted(log, change.system_id, left), *_heard(work, log, change)]


def _seen_mark(log: Log, seen: Sighting, place: int) -> Mark | None:
    try:
        entry = ledger.entry(log, place)
    except NotFoundError:
        return None
    if entry.kind not in _SEEN:
        return None
    return Mark("traffic", f"{seen.what} in {seen.environment}", entry.id, place)


def _heard(work: Work, log: Log, change: Change) -> list[Mark]:
    """Find when hosts first told that they run exactly this set."""
    hosts = {each.id: each for each in store.observing.hosts(work, change.system_id)}
    found: dict[str, Mark] = {}
    for each in store.observing.heard(work, hosts):
        if each.set_digest == change.set_digest and each.host_id not in found:
            host = hosts[each.host_id]
            place = _index(log, each.record_id)
            said = f"{host.name} runs it in {host.environment}"
            found[host.id] = Mark("traffic", said, each.record_id, place)
    return list(found.values())


def _noted(log: Log, system_id: str, seen: dict[str, Sighting]) -> list[Mark]:
    """Find our notes of what was seen by entries whose place is not known any more."""
    if not seen:
        return []
    asked = Query(kind="registry.sighting_noted", subject=f"system:{system_id}")
    marks: list[Mark] = []
    for row in _every(log, asked):
        body = ledger.entry(log, row.index).value.get("body", {})
        if (found := seen.pop(body.get("sighting_id", ""), None)) is not None:
            said = f"{found.what} in {found.environment}"
            marks.append(Mark("traffic", said, row.id, row.index))
        if not seen:
            break
    return marks


def _every(log: Log, query: Query) -> Iterator[IndexRow]:
    """Read every entry that is asked for, page by page."""
    cursor: str | None = None
    while True:
        page = ledger.find(log, query, cursor=cursor, limit=_LIMIT)
        yield from page.rows
        cursor = page.next_cursor
        if cursor is None:
            return


def _index(log: Log, record_id: str) -> int | None:
    if not record_id:  # an empty id would match any entry
        return None
    try:
        return ledger.find_by_id(log, record_id).index
    except NotFoundError:  # not sealed yet, which the answer says
        return None
