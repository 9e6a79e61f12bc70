"""As of: what served at a moment, as it was known at another, approved by whom, with proofs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from muniment import access, approvals, ledger
from muniment.approvals import Answer
from muniment.core.clock import stamp
from muniment.core.errors import InvalidError, NotFoundError
from muniment.core.page import Page
from muniment.db import Work
from muniment.ledger import Log
from muniment.ledger.kinds.registry import ServingCorrected
from muniment.registry import store
from muniment.registry.models import (
    Approval,
    Cause,
    Deployment,
    Moment,
    Served,
    Share,
    Suspension,
    System,
)
from muniment.registry.rules import serving as rules
from muniment.registry.rules.profiles import require_text
from muniment.registry.service.observing import with_observed
from muniment.registry.service.standing import author_of, place_of, visible

_AT_ONCE: Final = 200
_YES: Final = (Answer.APPROVE, Answer.APPROVE_WITH_CHANGE, Answer.OVERRIDE)


@dataclass(frozen=True, slots=True)
class Proven:
    """A ledger entry that speaks for an answer, and the proof that it stands in the signed log."""

    what: str
    record_id: str
    index: int | None
    proof: str
    entry: str = ""


def at(
    work: Work,
    id_or_key: str,
    moment: datetime,
    *,
    environment: str = "production",
    known_at: datetime | None = None,
) -> Moment:
    """Say exactly which versions served an environment at a moment, and who had approved them."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.read", place_of(system.id))
    known = known_at or work.now
    if moment > work.now:
        raise InvalidError(
            "this moment has not come yet", field="at", remedy="Ask about now or the past."
        )
    _require_place(work, system, environment)
    found = store.serving.at(work, system.id, environment, moment, known)
    told = _told(work, system, environment, moment, known, found)
    suspended = store.suspensions.at(work, system.id, moment, known)
    return with_observed(work, replace(told, suspended=suspended))


def period(
    work: Work,
    id_or_key: str,
    since: datetime,
    until: datetime,
    *,
    environment: str = "production",
    known_at: datetime | None = None,
) -> Iterator[Moment]:
    """List what served in a period, interval by interval, the first one first."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.read", place_of(system.id))
    if since >= until:
        raise InvalidError("it ends before it begins", field="until", remedy="Swap the times.")
    _require_place(work, system, environment)
    known = known_at or work.now
    after: datetime | None = None
    while rows := store.serving.between(
        work,
        system.id,
        environment,
        since,
        until,
        known_at=known,
        limit=_AT_ONCE,
        after=after,
    ):
        for each in rows:
            yield _told(work, system, environment, max(each.starts_at, since), known, each)
        after = rows[-1].starts_at


def suspensions(
    work: Work,
    id_or_key: str,
    since: datetime,
    until: datetime,
    *,
    known_at: datetime | None = None,
) -> tuple[Suspension, ...]:
    """List when a system was suspended in a period: what is declared then served nobody."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.read", place_of(system.id))
    return store.suspensions.between(work, system.id, since, until, known_at or work.now)


def deployments(
    work: Work, id_or_key: str, *, limit: int = 50, cursor: str | None = None
) -> Page[Deployment]:
    """List every interval of a system, also those we know better now, the newest first."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.read", place_of(system.id))
    return store.serving.find(work, system.id, limit=limit, cursor=cursor)


def find_deployments(
    work: Work, query: store.DeploymentQuery, *, limit: int = 50, cursor: str | None = None
) -> Page[Deployment]:
    """List what served, everywhere: of systems that may be seen, what was recorded last first."""
    page = store.serving.search(work, query, limit=limit, cursor=cursor)
    return Page(visible(work, page.rows, [each.system_id for each in page.rows]), page.next_cursor)


def serving_now(work: Work, id_or_key: str) -> tuple[Deployment, ...]:
    """List what serves in each environment of a system just now."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.read", place_of(system.id))
    return store.serving.serving_now(work, system.id)


def correct(
    work: Work,
    deployment_id: str,
    shares: Sequence[Share],
    *,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
) -> tuple[Deployment, ...]:
    """State what really served in a part of a past interval; what was known before stays."""
    interval = store.serving.get(work, deployment_id)
    access.require(work, "registry.correct", place_of(interval.system_id))
    said = require_text(reason, "reason", longest=500, empty=False)
    if ends_at > work.now:
        raise InvalidError(
            "this time is not over yet",
            field="ends_at",
            remedy="What serves now is changed by a change request.",
        )
    _require_sets(work, interval.system_id, shares)
    pieces = rules.corrected(interval, shares, starts_at, ends_at)
    turn = store.serving.take_turn(work)
    made = [
        Deployment(
            id=work.new_id("dep"),
            system_id=interval.system_id,
            environment=interval.environment,
            shares=piece.shares,
            starts_at=piece.starts_at,
            recorded_at=work.now,
            cause=piece.cause,
            source=piece.source,
            reason=said if piece.cause is Cause.CORRECTION else interval.reason,
            author=author_of(work),
            ends_at=piece.ends_at,
            end_recorded_at=work.now if piece.ends_at is not None else None,
            corrects=interval.id,
        )
        for piece in pieces
    ]
    record = ledger.record(
        work,
        ServingCorrected(
            deployment_id=interval.id,
            system_id=interval.system_id,
            environment=interval.environment,
            pieces=tuple(each.id for each in made),
            starts_at=stamp(starts_at),
            ends_at=stamp(ends_at),
            reason=said,
        ),
    )
    store.serving.mark_corrected(work, interval.id, work.now)
    for each in made:
        store.serving.add(work, replace(each, record_id=record))
    if interval.ends_at is None:
        environment = interval.environment
        store.serving.stand(work, interval.system_id, environment, made[-1].id, turn)
    return tuple(replace(each, record_id=record) for each in made)


def prove(log: Log, moment: Moment) -> tuple[Proven, ...]:
    """Give the entries that speak for an answer, each with its proof once it is sealed."""
    found = moment.deployment
    if found is None:
        return ()
    named = [("deployed", found.record_id), ("ended", found.end_record_id)]
    if moment.suspended is not None:
        named += [
            ("suspended", moment.suspended.record_id),
            ("resumed", moment.suspended.end_record_id),
        ]
    proven = [_proven(log, what, record) for what, record in named if record]
    for each in moment.approvals.values():
        if each.request_id:
            row = _last_answer(log, each.request_id)
            proven.append(_proven(log, "approved", row))
    return tuple(proven)


def in_order(proven: Iterable[Proven]) -> bool | None:
    """Tell by places in the log whether the approval stood before the deployment did."""
    places = {each.what: each.index for each in proven}
    first, then = places.get("approved"), places.get("deployed")
    return None if first is None or then is None else first < then


def _proven(log: Log, what: str, record_id: str) -> Proven:
    if not record_id:  # an empty id would match any entry
        return Proven(what, "", None, "")
    try:
        entry = ledger.find_by_id(log, record_id)
        proof = ledger.prove(log, entry.index).decode()
    except NotFoundError:  # not sealed yet, which the answer says
        return Proven(what, record_id, None, "")
    return Proven(what, record_id, entry.index, proof, entry.data.decode())


def _last_answer(log: Log, request_id: str) -> str:
    query = ledger.Query(subject=f"approval:{request_id}")
    rows = ledger.find(log, query, limit=50).rows
    told = ("approvals.decided", "approvals.overridden", "approvals.settled_by_rule")
    return next((row.id for row in rows if row.kind in told), "")


def _require_place(work: Work, system: System, environment: str) -> None:
    """Refuse an environment that never was; a slip of the pen is not: nothing served."""
    if system.profile.environment(environment) is None and not store.serving.serving_in(
        work, system.id, environment
    ):
        names = ", ".join(each.name for each in system.profile.environments)
        raise InvalidError(
            f"{system.key} has no environment {environment[:60]!r}",
            field="environment",
            remedy=f"It has {names}.",
        )


def _require_sets(work: Work, system_id: str, shares: Sequence[Share]) -> None:
    known = store.parts.sets_with(work, [each.set_digest for each in shares])
    for each in shares:
        found = known.get(each.set_digest)
        if found is None or found.system_id != system_id:
            raise NotFoundError(
                f"there is no version set {each.set_digest[:80]} of this system",
                subject=system_id,
                field="shares",
                remedy="Draft a change of these versions; it names their set.",
            )


def _told(
    work: Work,
    system: System,
    environment: str,
    moment: datetime,
    known_at: datetime,
    found: Deployment | None,
) -> Moment:
    shares = found.shares if found is not None else ()
    return Moment(
        system_id=system.id,
        key=system.key,
        environment=environment,
        at=moment,
        known_at=known_at,
        deployment=found,
        versions=_versions(work, system.id, shares),
        approvals=_approvals(work, shares),
    )


def _versions(
    work: Work, system_id: str, shares: Sequence[Share]
) -> Mapping[str, tuple[Served, ...]]:
    sets = store.parts.sets_with(work, [each.set_digest for each in shares])
    digests = [digest for each in sets.values() for digest in each.versions.values()]
    known = store.parts.versions_with(work, system_id, digests)
    told = {}
    for digest, each in sets.items():
        rows = [known[label, one] for label, one in sorted(each.versions.items())]
        told[digest] = tuple(
            Served(row.label, row.number, row.digest, row.document, row.asserted) for row in rows
        )
    return told


def _approvals(work: Work, shares: Sequence[Share]) -> Mapping[str, Approval]:
    changes = store.changes.named(work, [each.change_id for each in shares if each.change_id])
    found = {}
    for change in changes.values():
        request_id = change.request_id or change.review_id
        if not request_id:
            continue
        request, votes, _ = approvals.get(work, request_id)
        yes = [each for each in votes if each.answer in _YES]
        found[change.id] = Approval(
            change_id=change.id,
            title=change.title,
            author=change.author,
            request_id=request_id,
            state=request.state.value,
            approved_by=tuple(dict.fromkeys(each.person or each.by_rule for each in yes)),
            approved_at=request.closed_at if yes else None,
        )
    return found
