"""Change requests: drafted, checked, asked about, answered, withdrawn; and freezes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from muniment import access, approvals, ledger
from muniment.approvals import Check, Matter, State
from muniment.core.clock import stamp
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.core.page import Page
from muniment.db import Work
from muniment.ledger.kinds.registry import (
    ChangeAnswered,
    ChangeAsked,
    ChangeChecked,
    ChangeDrafted,
    ChangeWithdrawn,
    FreezeLifted,
    Frozen,
)
from muniment.registry import store
from muniment.registry.models import (
    DEPLOY,
    Change,
    ChangeSort,
    ChangeState,
    Freeze,
    Origin,
    System,
    SystemState,
    VersionSet,
)
from muniment.registry.rules import changes as rules
from muniment.registry.rules.parts import read_label
from muniment.registry.rules.profiles import require_text
from muniment.registry.service.checking import findings_of
from muniment.registry.service.standing import ADDRESS, author_of, place_of, visible

_ANSWERS: Final[Mapping[State, ChangeState]] = {
    State.APPROVED: ChangeState.APPROVED,
    State.DENIED: ChangeState.DENIED,
    State.EXPIRED: ChangeState.DENIED,
    State.WITHDRAWN: ChangeState.DRAFT,
}


def draft(
    work: Work,
    id_or_key: str,
    title: str,
    versions: Mapping[str, int | str],
    *,
    reason: str,
    without: Sequence[str] = (),
    sort: ChangeSort = ChangeSort.NORMAL,
    origin: Origin = Origin(),  # noqa: B008 a frozen value
) -> Change:
    """Write a change: these versions in place of those that serve in production now."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.write", place_of(system.id))
    if system.state is SystemState.RETIRED:
        raise ConflictError(f"{system.key} is retired", subject=system.id)
    serving = store.serving.serving_now(work, system.id)
    base = rules.base_of(system, serving)
    made = _set_of(work, system, base, versions, without)
    if made.digest in base.values():
        raise InvalidError(
            "this is what serves already", field="versions", remedy="Name a version that differs."
        )
    change = Change(
        id=work.new_id("chg"),
        system_id=system.id,
        title=require_text(title, "title", longest=200, empty=False),
        reason=require_text(reason, "reason", empty=False),
        author=author_of(work),
        sort=sort,
        set_digest=made.digest,
        base=base,
        state=ChangeState.DRAFT,
        made_at=work.now,
        updated_at=work.now,
        origin=origin,
    )
    store.parts.add_set(work, made)
    store.changes.add(work, change)
    ledger.record(work, ChangeDrafted(change.id, system.id, made.digest, sort.value, change.author))
    return change


def check(work: Work, change_id: str) -> Change:
    """Look at everything a change must answer for, and keep what was found."""
    change = store.changes.hold(work, change_id)
    access.require(work, "registry.write", place_of(change.system_id))
    return _checked(work, store.systems.get(work, change.system_id), change)


def ask(work: Work, change_id: str) -> Change:
    """Put a change before those who approve it; what is known to be wrong does not go there."""
    change = store.changes.hold(work, change_id)
    access.require(work, "registry.write", place_of(change.system_id))
    system = store.systems.get(work, change.system_id)
    change = _checked(work, system, change)
    leave = rules.may_ask(change, change.findings)
    if not leave.ok:
        raise ConflictError(
            "this change cannot be asked about yet",
            subject=change.id,
            reasons=leave.reasons,
            remedy=leave.remedy,
        )
    request = approvals.ask(
        work,
        matter_of(work, system, change),
        approvals.rule_for_tier(system.tier),
        author=change.author,
        owner=system.profile.owner,
    )
    asked = replace(change, state=ChangeState.WAITING, request_id=request.id, updated_at=work.now)
    saved = store.changes.save(work, asked)
    ledger.record(work, ChangeAsked(change.id, system.id, request.id, change.set_digest))
    return saved


def take_answer(work: Work, change_id: str) -> Change:
    """Take what those who were asked about a change have answered, if they have."""
    change = store.changes.hold(work, change_id)
    if change.state is not ChangeState.WAITING:
        return change
    request, _, _ = approvals.get(work, change.request_id)
    state = _ANSWERS.get(request.state)
    if state is None:
        return change
    saved = store.changes.save(work, replace(change, state=state, updated_at=work.now))
    ledger.record(work, ChangeAnswered(change.id, request.id, request.state.value))
    return saved


def withdraw(work: Work, change_id: str, *, reason: str) -> Change:
    """Take a change back that has not been released anywhere."""
    change = store.changes.hold(work, change_id)
    access.require(work, "registry.write", place_of(change.system_id))
    said = require_text(reason, "reason", longest=500, empty=False)
    if change.author != author_of(work):
        raise ForbiddenError(
            "only whoever wrote a change takes it back",
            subject=change.id,
            remedy="Those who approve can deny it.",
        )
    if change.state not in (ChangeState.DRAFT, ChangeState.WAITING, ChangeState.APPROVED):
        raise ConflictError(
            f"this change is {change.state.value.replace('_', ' ')}",
            subject=change.id,
            remedy="Roll back what was released.",
        )
    if change.state is ChangeState.WAITING:
        approvals.withdraw(work, change.request_id, reason=said)
    done = replace(change, state=ChangeState.WITHDRAWN, updated_at=work.now)
    saved = store.changes.save(work, done)
    ledger.record(work, ChangeWithdrawn(change.id, reason=said))
    return saved


def get_change(work: Work, change_id: str) -> Change:
    """Show a change."""
    change = store.changes.get(work, change_id)
    access.require(work, "registry.read", place_of(change.system_id))
    return change


def set_of(work: Work, digest: str) -> VersionSet:
    """Show which versions a set names."""
    found = store.parts.version_set(work, digest)
    access.require(work, "registry.read", place_of(found.system_id))
    return found


def find_changes(
    work: Work, query: store.ChangeQuery, *, limit: int = 50, cursor: str | None = None
) -> Page[Change]:
    """List changes, the newest first: those that may be seen."""
    page = store.changes.find(work, query, limit=limit, cursor=cursor)
    seen = visible(work, page.rows, [each.system_id for each in page.rows])
    return Page(seen, page.next_cursor)


def freeze(
    work: Work,
    *,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    system: str = "",
    environment: str = "",
) -> Freeze:
    """Let nothing new be released for a time; emergencies and going back stay possible."""
    system_id = store.systems.get(work, system).id if system else ""
    if system_id:
        access.require(work, "registry.freeze", place_of(system_id))
    else:
        access.require(work, "registry.freeze")
    if ends_at <= max(starts_at, work.now):
        raise InvalidError(
            "it is over before it begins", field="ends_at", remedy="Give a later time."
        )
    made = Freeze(
        id=work.new_id("frz"),
        system_id=system_id,
        environment=require_text(environment, "environment", longest=100),
        starts_at=starts_at,
        ends_at=ends_at,
        reason=require_text(reason, "reason", longest=500, empty=False),
        author=author_of(work),
    )
    store.changes.add_freeze(work, made)
    ledger.record(
        work,
        Frozen(
            freeze_id=made.id,
            system_id=system_id,
            environment=made.environment,
            starts_at=stamp(starts_at),
            ends_at=stamp(ends_at),
            reason=made.reason,
        ),
    )
    return made


def lift(work: Work, freeze_id: str, *, reason: str) -> Freeze:
    """End a freeze before its time."""
    found = next((each for each in freezes_now(work) if each.id == freeze_id), None)
    if found is None:
        raise NotFoundError(
            "no such freeze stands", subject=freeze_id, remedy="See `muniment registry freezes`."
        )
    place = place_of(found.system_id) if found.system_id else access.EVERYTHING
    access.require(work, "registry.freeze", place)
    said = require_text(reason, "reason", longest=500, empty=False)
    lifted = store.changes.lift_freeze(work, freeze_id, work.now)
    ledger.record(work, FreezeLifted(freeze_id, reason=said))
    return lifted


def freezes_now(work: Work) -> tuple[Freeze, ...]:
    """List the freezes that stand or are to come, everywhere and of systems that may be seen."""
    rows = store.changes.freezes(work, work.now)
    own = [each for each in rows if each.system_id]
    seen = visible(work, own, [each.system_id for each in own])
    return tuple(each for each in rows if not each.system_id or each in seen)


def matter_of(work: Work, system: System, change: Change) -> Matter:
    """Write what those who approve are shown: which versions, from which, and the checks."""
    base = next((each for each in change.base.values() if each), "")
    before = store.parts.sets_with(work, [base]).get(base)
    return Matter(
        kind=DEPLOY,
        subject=("change", change.id),
        title=f"{system.profile.name}: {change.title}",
        document=document_of(work, change),
        before={"versions": dict(before.versions)} if before is not None else None,
        consequence=f"{system.key} may be promoted to exactly this set, step by step.",
        checks=tuple(Check(each.name, each.verdict, each.says) for each in change.findings),
        scope=place_of(system.id).as_dict(),
        href=f"{ADDRESS}/changes/{change.id}",
    )


def document_of(work: Work, change: Change) -> dict[str, Any]:
    """Write exactly what a yes to a change allows."""
    versions = store.parts.version_set(work, change.set_digest).versions
    return {**change.document(), "versions": dict(versions)}


def _checked(work: Work, system: System, change: Change) -> Change:
    found = findings_of(work, system, change)
    saved = store.changes.save(work, replace(change, findings=found, updated_at=work.now))
    told = {
        verdict: tuple(each.name for each in found if each.verdict == verdict)
        for verdict in ("met", "not_met", "could_not_tell")
    }
    ledger.record(work, ChangeChecked(change.id, **told))
    return saved


def _set_of(
    work: Work,
    system: System,
    base: Mapping[str, str],
    versions: Mapping[str, int | str],
    without: Sequence[str],
) -> VersionSet:
    """Put named versions over those that serve; a number or a digest names one, latest the last."""
    start = next((each for each in base.values() if each), "")
    known = store.parts.sets_with(work, [start]) if start else {}
    chosen = dict(known[start].versions) if start in known else {}
    for label in without:
        if label not in chosen:
            raise InvalidError(
                f"{label[:110]} does not serve", field="without", remedy="Leave it out."
            )
        del chosen[label]
    for label, named in versions.items():
        chosen[label] = _digest_of(work, system, label, named)
    if not chosen:
        raise InvalidError(
            "names no version", field="versions", remedy="Name one, as prompt/greeting=2."
        )
    return VersionSet(system.id, dict(sorted(chosen.items())))


def _digest_of(work: Work, system: System, label: str, named: int | str) -> str:
    kind, name = read_label(label, "versions")
    part = store.parts.part(work, system.id, kind, name)
    if part is None:
        raise NotFoundError(
            f"{system.key} has no part {label[:110]}",
            subject=system.id,
            field="versions",
            remedy="Write a version of it first.",
        )
    if isinstance(named, str) and named.startswith("sha256:"):
        found = store.parts.version_of(work, part.id, named)
        if found is None:
            raise NotFoundError(
                f"{label} has no version {named[:80]}", subject=part.id, field="versions"
            )
        return found.digest
    number = part.latest if named == "latest" else named
    if type(number) is not int:
        text = str(named)
        if not text.isdecimal() or len(text) > 9:
            raise InvalidError(
                f"{text[:40]!r} names no version of {label}",
                field="versions",
                remedy="Give its number, its digest, or latest.",
            )
        number = int(text)
    return store.parts.version_numbered(work, part.id, number).digest
