"""Applies a declared file: bootstrap on an empty installation, else a proposal for what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from muniment import access, ledger, policy, registry
from muniment.access import Holder, HolderKind, KeyLimits, PersonId, Scope, ServiceKind
from muniment.core.actor import system_actor
from muniment.core.errors import NotFoundError
from muniment.db import Database, Work
from muniment.gateway.declaring import Declared, DeclaredSystem, parts_of
from muniment.ledger.kinds.gateway import Declared as DeclaredRecord
from muniment.policy import Source
from muniment.registry import Change, System

ACTOR: Final = system_actor("declared file")
_REASON: Final = "A file declares it."
_TITLE: Final = "As the gateway's file declares"
_ROLE: Final = "operator"
OPEN_RULES: Final = """
@id("declared.calls-go-on") @reason("The file that declares this gateway names no rules.")
permit (principal, action, resource);
"""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a file: how it was taken, keys that were made, changes that wait."""

    outcome: str
    systems: tuple[str, ...]
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    changes: tuple[str, ...] = ()


def apply(database: Database, declared: Declared, *, file: str, secret: str = "") -> Applied:
    """Take a file; in one commit, so whoever is killed half-way has done nothing."""
    with database.work(ACTOR) as work:
        if access.is_founded(work):
            done = _proposed(work, declared)
        else:
            done = _bootstrapped(work, declared, file, secret)
        told = DeclaredRecord(file, done.outcome, done.systems, done.changes)
        ledger.record(work, told)
    return done


def sources_of(declared: Declared) -> tuple[Source, ...]:
    """Give the rules that a file names; one that names none lets everything pass."""
    sources = [
        Source(f"{name}/{each.name}", each.text)
        for name in declared.policies.packs
        for each in policy.pack(name).sources
    ]
    if declared.policies.rules:
        sources.append(Source("declared.cedar", declared.policies.rules))
    return tuple(sources) or (Source("open.cedar", OPEN_RULES),)


def _bootstrapped(work: Work, declared: Declared, file: str, secret: str) -> Applied:
    owner = access.found(work, declared.owner.name, declared.owner.email)
    systems: dict[str, System] = {}
    for each in declared.systems:
        made = registry.register(work, each.key, _profile(each, owner.id))
        versions = {
            label: registry.add_version(work, made.id, label, document, answered_by=owner.id)
            for label, document in parts_of(declared, each).items()
        }
        registry.bootstrap(work, made, versions, each.environment, file=file, reason=_REASON)
        systems[each.key] = made
    if not policy.is_ruled(work):
        policy.bootstrap(work, sources_of(declared), reason=_REASON)
    keys = {}
    for number, key in enumerate(declared.keys):
        given = secret if number == 0 else ""
        place = _place(declared, key.system, systems[key.system].id)
        keys[key.name] = _key(work, key.name, owner.id, place, given)
    return Applied("bootstrap", tuple(systems), keys)


def _proposed(work: Work, declared: Declared) -> Applied:
    changes = []
    for each in declared.systems:
        change = _change(work, declared, each)
        if change is not None:
            changes.append(change.id)
    outcome = "proposed" if changes else "unchanged"
    return Applied(outcome, tuple(each.key for each in declared.systems), changes=tuple(changes))


def _change(work: Work, declared: Declared, each: DeclaredSystem) -> Change | None:
    """Draft the change of a system to what the file says, unless it serves or waits already."""
    parts = parts_of(declared, each)
    try:
        system = registry.get_system(work, each.key)
    except NotFoundError:
        owner = access.person_by_address(work, declared.owner.email)
        if owner is None:
            raise
        system = registry.register(work, each.key, _profile(each, owner.id))
    return registry.propose(work, system, parts, each.environment, title=_TITLE, reason=_REASON)


def _profile(each: DeclaredSystem, owner: str) -> dict[str, Any]:
    return {
        "name": each.name or each.key,
        "purpose": each.purpose,
        "owner": owner,
        "regions": list(each.regions),
        "data_classes": list(each.data_classes),
    }


def _place(declared: Declared, key: str, system_id: str) -> Scope:
    environment = next(each.environment for each in declared.systems if each.key == key)
    return Scope.of(system=system_id, environment=environment)


def _key(work: Work, name: str, owner: PersonId, place: Scope, secret: str) -> str:
    service = access.add_service(work, ServiceKind.APPLICATION, name, owner)
    holder = Holder(HolderKind.SERVICE, service.id)
    access.grant(work, holder, _ROLE, reason=_REASON, scope=place)
    fresh = access.issue_key(work, holder, name, limits=KeyLimits(scope=place), secret=secret)
    return fresh.secret
