"""Systems: made known, changed, handed over, reviewed, stopped, retired."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from muniment import access, approvals, ledger
from muniment.approvals import Check, Matter
from muniment.core.clock import stamp
from muniment.core.digest import digest_value
from muniment.core.errors import ConflictError, InvalidError
from muniment.core.page import Page
from muniment.db import Work
from muniment.ledger.kinds.registry import (
    OwnerMoved,
    Resumed,
    Retired,
    ReviewAnswered,
    ReviewAsked,
    Suspended,
    SystemChanged,
    SystemRegistered,
)
from muniment.registry import store
from muniment.registry.models import REVIEW, Profile, Suspension, System, SystemState
from muniment.registry.rules import boundary, lifecycle, profiles
from muniment.registry.service.observing import host_findings
from muniment.registry.service.seeing import findings_seen
from muniment.registry.service.standing import (
    author_of,
    href_of,
    id_at,
    is_active,
    place_of,
    require_person,
    visible,
)

_PEOPLE = ("owner", "alert_reviewer", "change_approver")
_STATED = (("decision_logic", "its decision logic"), ("refresh", "how it is refreshed"))


def register(work: Work, key: str, stated: Mapping[str, Any]) -> System:
    """Make a system known; it is proposed until those who may have approved it."""
    access.require(work, "registry.register")
    named = profiles.require_key(key)
    profile = _with_people(work, profiles.read_profile(stated))
    system = System(
        id=work.new_id("sys"),
        key=named,
        profile=profile,
        state=SystemState.PROPOSED,
        created_at=work.now,
        updated_at=work.now,
    )
    store.systems.add(work, system, author_of(work))
    ledger.record(work, SystemRegistered(system.id, key=named, owner=profile.owner))
    return system


def change_system(
    work: Work, id_or_key: str, stated: Mapping[str, Any], *, version: int | None = None
) -> System:
    """State a system anew; what is material asks for a new review."""
    system = store.systems.hold(work, id_or_key)
    access.require(work, "registry.change", place_of(system.id))
    _require_version(system, version)
    if system.state is SystemState.RETIRED:
        raise ConflictError(
            f"{system.key} is retired", subject=system.id, remedy="Register a new system."
        )
    profile = _with_people(work, profiles.read_profile(stated))
    if profile.owner != system.profile.owner:
        raise InvalidError(
            "the owner is not changed here",
            field="owner",
            remedy=f"Hand it over: `muniment registry transfer {system.key}`.",
        )
    _require_served_places(work, system, profile)
    names = [each for each in Profile.__dataclass_fields__ if _differ(each, system, profile)]
    if not names:
        return system
    found = profiles.material(system.profile, profile)
    changed = replace(system, profile=profile, updated_at=work.now)
    if found and system.review_due_at is not None:
        changed = replace(changed, review_due_at=work.now)
    saved = store.systems.save(work, changed, author_of(work))
    ledger.record(work, SystemChanged(system.id, fields=tuple(names), material=found))
    return saved


def transfer(work: Work, id_or_key: str, owner: str, *, reason: str) -> System:
    """Let somebody else answer for a system."""
    system = store.systems.hold(work, id_or_key)
    access.require(work, "registry.transfer", place_of(system.id))
    said = profiles.require_text(reason, "reason", longest=500, empty=False)
    person = require_person(work, owner, "owner")
    if person == system.profile.owner:
        raise InvalidError("they own it already", field="owner", remedy="Name somebody else.")
    profile = replace(system.profile, owner=person)
    changed = replace(system, profile=profile, updated_at=work.now)
    saved = store.systems.save(work, changed, author_of(work))
    ledger.record(work, OwnerMoved(system.id, system.profile.owner, person, reason=said))
    return saved


def submit(work: Work, id_or_key: str) -> System:
    """Put a system before those who approve it; one that serves already is looked at again."""
    system = store.systems.hold(work, id_or_key)
    access.require(work, "registry.change", place_of(system.id))
    changed = replace(system, updated_at=work.now)
    if system.state not in (SystemState.APPROVED, SystemState.LIVE):
        if system.state is not SystemState.IN_REVIEW:
            lifecycle.require_step(system, SystemState.IN_REVIEW)
        changed = replace(changed, state=SystemState.IN_REVIEW)
    request = approvals.ask(
        work,
        _review_matter(work, system),
        approvals.rule_for_tier(system.tier),
        author=author_of(work),
        owner=system.profile.owner,
    )
    saved = store.systems.save(work, replace(changed, request_id=request.id), author_of(work))
    ledger.record(work, ReviewAsked(system.id, request_id=request.id))
    return saved


def take_review(work: Work, system_id: str) -> System:
    """Take what those who were asked about a system have answered, if they have."""
    system = store.systems.hold(work, system_id)
    if not system.request_id:
        return system
    request, _, _ = approvals.get(work, system.request_id)
    if request.state is approvals.State.OPEN:
        return system
    changed = replace(system, request_id="", updated_at=work.now)
    until = None
    if request.state is approvals.State.APPROVED and _still_so(system, request.matter.document):
        until = lifecycle.review_due(system.tier, work.now)
        state = SystemState.APPROVED if system.state is SystemState.IN_REVIEW else system.state
        changed = replace(changed, state=state, review_due_at=until)
    elif system.state is SystemState.IN_REVIEW:
        changed = replace(changed, state=SystemState.PROPOSED)
    saved = store.systems.save(work, changed, author_of(work))
    answer = request.state.value if until or request.state.value != "approved" else "out_of_date"
    ledger.record(
        work, ReviewAnswered(system.id, request.id, answer, stamp(until) if until else "")
    )
    return saved


def suspend(work: Work, id_or_key: str, *, reason: str) -> System:
    """Stop a system at once, in every process, within a second."""
    system = store.systems.hold(work, id_or_key)
    access.require(work, "registry.suspend", place_of(system.id))
    said = profiles.require_text(reason, "reason", longest=500, empty=False)
    lifecycle.require_step(system, SystemState.SUSPENDED)
    store.serving.touch(work, system.id, store.serving.take_turn(work))
    changed = replace(
        system, state=SystemState.SUSPENDED, resumes_as=system.state, updated_at=work.now
    )
    saved = store.systems.save(work, changed, author_of(work))
    record = ledger.record(work, Suspended(system.id, reason=said))
    suspension = Suspension(work.new_id("ssp"), system.id, work.now, said, author_of(work), record)
    store.suspensions.begin(work, suspension)
    return saved


def resume(work: Work, id_or_key: str, *, reason: str) -> System:
    """Let a stopped system go on as it was."""
    system = store.systems.hold(work, id_or_key)
    access.require(work, "registry.suspend", place_of(system.id))
    said = profiles.require_text(reason, "reason", longest=500, empty=False)
    back = system.resumes_as
    if system.state is not SystemState.SUSPENDED or back is None:
        raise ConflictError(f"{system.key} is not suspended", subject=system.id)
    store.serving.touch(work, system.id, store.serving.take_turn(work))
    changed = replace(system, state=back, resumes_as=None, updated_at=work.now)
    saved = store.systems.save(work, changed, author_of(work))
    record = ledger.record(work, Resumed(system.id, reason=said))
    store.suspensions.end(work, system.id, work.now, record)
    return saved


def retire(work: Work, id_or_key: str, disposal: Mapping[str, str]) -> System:
    """Retire a system for good: nothing of it serves any more, and what became of it is told."""
    system = store.systems.hold(work, id_or_key)
    access.require(work, "registry.retire", place_of(system.id))
    lifecycle.require_step(system, SystemState.RETIRED)
    told = lifecycle.read_disposal(disposal)
    serving = store.serving.serving_now(work, system.id)
    turn = store.serving.take_turn(work)
    changed = replace(
        system,
        state=SystemState.RETIRED,
        disposal=told,
        retired_at=work.now,
        updated_at=work.now,
    )
    saved = store.systems.save(work, changed, author_of(work))
    record = ledger.record(work, Retired(system.id, digest_value(told), ended=len(serving)))
    store.suspensions.end(work, system.id, work.now, record)
    for each in serving:
        store.serving.end(work, each.id, work.now, recorded_at=work.now, record=record)
        store.serving.stand(work, system.id, each.environment, "", turn)
    return saved


def remove(work: Work, id_or_key: str) -> None:
    """Refuse to remove a system: what was recorded of it, and what served, is kept."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.retire", place_of(system.id))
    served = store.serving.has_served(work, system.id)
    raise ConflictError(
        f"{system.key} {'has served' if served else 'is on record'} and is not removed",
        subject=system.id,
        remedy=f"Retire it: `muniment registry retire {system.key}`. Its history stays.",
    )


def get_system(work: Work, id_or_key: str) -> System:
    """Show a system."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.read", place_of(system.id))
    return system


def stated(work: Work, id_or_key: str) -> tuple[store.Stated, ...]:
    """List everything that was stated of a system, the first one first."""
    return store.systems.stated(work, get_system(work, id_or_key).id)


def find_systems(
    work: Work, query: store.SystemQuery, *, limit: int = 50, cursor: str | None = None
) -> Page[System]:
    """List systems, the newest first: those that may be seen. An owner is an id or an address."""
    if "@" in query.owner:
        query = replace(query, owner=id_at(work, query.owner))
    page = store.systems.find(work, query, limit=limit, cursor=cursor)
    return Page(visible(work, page.rows, [each.id for each in page.rows]), page.next_cursor)


def keys_of(work: Work, ids: Iterable[str]) -> dict[str, str]:
    """Give the keys of systems that rows of a list name; the list has asked who may see them."""
    return store.systems.keys(work, ids)


def id_of(work: Work, id_or_key: str) -> str:
    """Give the id that a list is narrowed to; a key that no system has narrows it to nothing."""
    if not id_or_key or id_or_key.startswith("sys_"):
        return id_or_key
    return store.systems.id_of_key(work, id_or_key) or id_or_key


def count_systems(work: Work, query: store.SystemQuery) -> int:
    """Count the systems that are wanted."""
    access.require(work, "registry.read")
    return store.systems.count(work, query)


def gaps(work: Work, system: System) -> tuple[str, ...]:
    """Say what a system lacks: people who could act, what it must state, a review that holds."""
    found = [
        f"its {name.replace('_', ' ')} is not named or has left"
        for name in _PEOPLE
        if not is_active(work, getattr(system.profile, name))
    ]
    found += [
        f"{said} is not stated" for name, said in _STATED if not getattr(system.profile, name)
    ]
    if not system.tier:
        found.append("its risk tier is not known")
    kinds = [each.kind for each in store.parts.parts_of(work, system.id)]
    found += [
        f"the boundary does not show {each}"
        for each in boundary.missing_components(system.profile, kinds)
    ]
    found += boundary.remarks(system.profile)
    found += findings_seen(work, system)
    found += host_findings(work, system)
    if system.review_due_at is not None and system.review_due_at <= work.now:
        found.append("its review no longer holds")
    return tuple(found)


def _with_people(work: Work, profile: Profile) -> Profile:
    """Put ids in the place of names, and refuse who could not act."""
    known: dict[str, Any] = {
        name: require_person(work, getattr(profile, name), name)
        for name in _PEOPLE
        if getattr(profile, name)
    }
    return replace(profile, **known)


def _differ(name: str, system: System, profile: Profile) -> bool:
    return bool(getattr(system.profile, name) != getattr(profile, name))


def _require_served_places(work: Work, system: System, profile: Profile) -> None:
    """Refuse to take away an environment in which something serves now."""
    for each in store.serving.serving_now(work, system.id):
        if profile.environment(each.environment) is None:
            raise InvalidError(
                f"something serves {each.environment}",
                field="environments",
                remedy=f"Keep {each.environment}; what was stated of it answers for what serves.",
            )


def _require_version(system: System, version: int | None) -> None:
    if version is not None and version != system.version:
        raise ConflictError(
            "somebody else changed this system meanwhile",
            subject=system.id,
            field="version",
            remedy="Read it again, then change what it says now.",
        )


def _review_matter(work: Work, system: System) -> Matter:
    said = gaps(work, system)
    check = Check(
        "told_completely", "not_met" if said else "met", "; ".join(said)[:400] or "It is."
    )
    tier = system.tier or "unknown"
    return Matter(
        kind=REVIEW,
        subject=("system", system.id),
        title=f"Let {system.profile.name} run",
        document=_review_document(system),
        consequence=f"{system.key} may be released to users; its tier is {tier}.",
        checks=(check,),
        scope=place_of(system.id).as_dict(),
        href=href_of(system),
    )


def _review_document(system: System) -> dict[str, Any]:
    return {"key": system.key, "tier": system.tier, "profile": store.kept_profile(system.profile)}


def _still_so(system: System, document: Mapping[str, Any]) -> bool:
    return digest_value(_review_document(system)) == digest_value(dict(document))
