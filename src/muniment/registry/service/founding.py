"""The first thing that serves where nobody could approve it yet: said by a file, on record as such.

It is for containers and for trying things out, on an installation without people. What came so is
told apart for ever from what was approved, and it can be done only where nothing ever served.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from muniment import ledger
from muniment.core.digest import same_digest
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from muniment.db import Work
from muniment.ledger.kinds.registry import Bootstrapped, WentLive
from muniment.registry import store
from muniment.registry.models import (
    OPEN_STATES,
    Cause,
    Change,
    ChangeState,
    Deployment,
    PartVersion,
    Share,
    Stage,
    System,
    SystemState,
    VersionSet,
)
from muniment.registry.models.parts import version_digest
from muniment.registry.rules.parts import read_label, require_document
from muniment.registry.rules.profiles import require_text
from muniment.registry.service.changes import draft, take_answer
from muniment.registry.service.parts import add_version
from muniment.registry.service.standing import author_of, is_by_itself


def bootstrap(
    work: Work,
    system: System,
    versions: Mapping[str, PartVersion],
    environment: str,
    *,
    file: str,
    reason: str,
) -> Deployment:
    """Let versions serve an environment of a system in which nothing ever served."""
    if not is_by_itself(work):
        raise ForbiddenError(
            "only the machine itself bootstraps",
            subject=system.id,
            remedy="Draft a change and have it approved.",
        )
    said = require_text(reason, "reason", longest=500, empty=False)
    place = system.profile.environment(environment)
    if place is None:
        raise InvalidError(
            f"{system.key} has no environment {environment[:60]}",
            field="environment",
            remedy="State it in the system first.",
        )
    if store.serving.serving_in(work, system.id, environment):
        raise ConflictError(
            f"something served in {environment} already",
            subject=system.id,
            remedy="Draft a change and have it approved.",
        )
    made = VersionSet(system.id, {label: str(each.digest) for label, each in versions.items()})
    turn = store.serving.take_turn(work)
    interval = Deployment(
        id=work.new_id("dep"),
        system_id=system.id,
        environment=environment,
        shares=(Share(made.digest, 100),),
        starts_at=work.now,
        recorded_at=work.now,
        cause=Cause.IMPORT,
        reason=said,
        author=author_of(work),
    )
    told = Bootstrapped(interval.id, system.id, environment, made.digest, file=file, reason=said)
    record = ledger.record(work, told)
    store.parts.add_set(work, made)
    store.serving.add(work, replace(interval, record_id=record))
    store.serving.stand(work, system.id, environment, interval.id, turn)
    _go_live(work, system, production=place.stage is Stage.PRODUCTION)
    return interval


def propose(
    work: Work,
    system: System,
    parts: Mapping[str, Mapping[str, Any]],
    environment: str,
    *,
    title: str,
    reason: str,
) -> Change | None:
    """Draft the change to exactly these parts, or give the one that waits; nothing if they serve.

    The same proposal twice is one change.
    """
    serving = _serving_in(work, system, environment)
    wanted = {label: _digest(label, document) for label, document in parts.items()}
    if serving == wanted:
        return None
    made = VersionSet(system.id, dict(sorted(wanted.items())))
    query = store.ChangeQuery(system_id=system.id, set_digest=made.digest)
    waiting = [each for each in store.changes.find(work, query).rows if each.state in OPEN_STATES]
    if waiting:
        return waiting[0]
    versions = {
        label: add_version(work, system.id, label, document).number
        for label, document in parts.items()
    }
    gone = sorted(set(serving) - set(wanted))
    return draft(work, system.id, title, versions, reason=reason, without=gone)


def cited(
    work: Work, id_or_key: str, parts: Mapping[str, Mapping[str, Any]], set_digest: str
) -> Change | None:
    """Find the change to exactly these parts that people said yes to, by the digest one cites."""
    system = store.systems.get(work, id_or_key)
    wanted = {label: _digest(label, document) for label, document in parts.items()}
    made = VersionSet(system.id, dict(sorted(wanted.items())))
    if not same_digest(made.digest, set_digest):
        raise InvalidError(
            f"what is declared is {made.digest}, and not what is cited",
            field="approved",
            remedy="Cite its own digest, once it is approved.",
        )
    query = store.ChangeQuery(system_id=system.id, set_digest=made.digest)
    for each in store.changes.find(work, query).rows:
        change = take_answer(work, each.id)
        if change.state in (ChangeState.APPROVED, ChangeState.RELEASING):
            return change
    return None


def _serving_in(work: Work, system: System, environment: str) -> dict[str, str]:
    now = [
        each
        for each in store.serving.serving_now(work, system.id)
        if each.environment == environment and each.whole
    ]
    if not now:
        return {}
    return dict(store.parts.version_set(work, now[0].whole).versions)


def _digest(label: str, document: Mapping[str, Any]) -> str:
    kind, _ = read_label(label)
    return str(version_digest(kind, require_document(kind, document)))


def _go_live(work: Work, system: System, *, production: bool) -> None:
    """Let a system that was only proposed run; that nobody reviewed it stays visible."""
    state = SystemState.LIVE if production else SystemState.APPROVED
    if system.state in (SystemState.LIVE, state):
        return
    live = replace(system, state=state, updated_at=work.now)
    store.systems.save(work, live, author_of(work))
    ledger.record(work, WentLive(system.id))
