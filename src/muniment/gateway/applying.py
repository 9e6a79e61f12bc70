"""Applies a declared file: bootstrap on an empty installation, else a proposal for what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from muniment import access, ledger, policy, registry
from muniment.access import Holder, HolderKind, KeyLimits, PersonId, Scope, ServiceKind
from muniment.core.actor import system_actor
from muniment.core.errors import MunimentError, NotFoundError
from muniment.db import Database, Work
from muniment.gateway.declaring import Declared, DeclaredKey, DeclaredSystem, parts_of
from muniment.ledger.kinds.gateway import Declared as DeclaredRecord
from muniment.policy import Source
from muniment.registry import Autonomy, Change, System

ACTOR: Final = system_actor("declared file")
_REASON: Final = "A file declares it."
_TITLE: Final = "As the gateway's file declares"
_ROLE: Final = "operator"
_AUTONOMY: Final[Mapping[str, Autonomy]] = {
    "assists": Autonomy.SUGGESTS,
    "acts_with_approval": Autonomy.ACTS_AFTER_A_YES,
    "acts": Autonomy.ACTS_ALONE,
}
OPEN_RULES: Final = """
@id("declared.calls-go-on") @reason("The file that declares this gateway names no rules.")
permit (principal, action, resource);
"""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a file: how it was taken, keys that were made, what waits, what was left.

    `policy` is the version of the policy that waits for a yes, 0 for none. What is `left` differs
    from what the file says, and a file changes nothing of its kind: who may call, what is stated.
    """

    outcome: str
    systems: tuple[str, ...]
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    changes: tuple[str, ...] = ()
    policy: int = 0
    left: tuple[str, ...] = ()
    released: tuple[str, ...] = ()


def apply(database: Database, declared: Declared, *, file: str, secret: str = "") -> Applied:
    """Take a file; in one commit, so whoever is killed half-way has done nothing.

    Before that, what it cites as approved is released, each step for itself as always.
    """
    released, refused = _released(database, declared)
    with database.work(ACTOR) as work:
        if access.is_founded(work):
            done = _proposed(work, declared)
            done = replace(done, released=released, left=(*refused, *done.left))
        else:
            done = _bootstrapped(work, declared, file, secret)
        told = DeclaredRecord(
            file, done.outcome, done.systems, done.changes, policy=done.policy, left=done.left
        )
        ledger.record(work, told)
    return done


def _released(database: Database, declared: Declared) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Take the steps of what is approved and cited; say which were taken, and why others not."""
    released, refused = list[str](), list[str]()
    for each in declared.systems:
        try:
            released += _steps_of(database, declared, each) if each.approved else []
        except MunimentError as error:
            refused.append(
                f"systems.{each.key}.approved: {'; '.join((error.message, *error.reasons))}"
            )
    return tuple(released), tuple(refused)


def _steps_of(database: Database, declared: Declared, each: DeclaredSystem) -> list[str]:
    taken: list[str] = []
    while True:
        with database.work(ACTOR) as work:
            if not access.is_founded(work):
                return taken
            parts = parts_of(declared, each)
            change = registry.cited(work, each.key, parts, each.approved)
            step = registry.next_step(work, change) if change is not None else None
            if change is None or step is None:
                return taken
            registry.promote(work, change.id, set_digest=each.approved)
        taken.append(f"{each.key}: {step}")


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
        keys[key.name] = _key(work, key, owner.id, place, given)
    return Applied("bootstrap", tuple(systems), keys)


def _proposed(work: Work, declared: Declared) -> Applied:
    changes, left = [], []
    for each in declared.systems:
        left += _stated_otherwise(work, each)
        change = _change(work, declared, each)
        if change is not None:
            changes.append(change.id)
    named, rules = declared.policies, 0
    if named.packs or named.rules:
        rules = policy.propose_once(work, sources_of(declared), reason=_REASON)
    outcome = "proposed" if changes or rules else "unchanged"
    systems = tuple(each.key for each in declared.systems)
    left += _unknown_keys(work, declared)
    return Applied(outcome, systems, changes=tuple(changes), policy=rules, left=tuple(left))


def _stated_otherwise(work: Work, each: DeclaredSystem) -> list[str]:
    """Name what the registry states of a system otherwise than the file does."""
    try:
        profile = registry.get_system(work, each.key).profile
    except NotFoundError:
        return []
    said, usual = _profile(each, profile.owner), _profile(DeclaredSystem(each.key), profile.owner)
    return [
        f"systems.{each.key}.{name}: state it in the registry"
        for name, value in said.items()
        if value != usual[name] and value != _plain(getattr(profile, name))
    ]


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _unknown_keys(work: Work, declared: Declared) -> list[str]:
    """Name the keys of a file that nobody made: who may call is decided by people."""
    names, cursor = set[str](), None
    while True:
        page = access.services(work, cursor=cursor)
        names |= {each.name for each in page.rows}
        cursor = page.next_cursor
        if cursor is None:
            break
    return [
        f"keys.{each.name}: make it with `muniment access`"
        for each in declared.keys
        if each.name not in names
    ]


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
        "declared_tier": each.tier,
        "eu_class": each.eu_class,
        "autonomy": _AUTONOMY[each.autonomy].value,
    }


def _place(declared: Declared, key: str, system_id: str) -> Scope:
    environment = next(each.environment for each in declared.systems if each.key == key)
    return Scope.of(system=system_id, environment=environment)


def _key(work: Work, key: DeclaredKey, owner: PersonId, place: Scope, secret: str) -> str:
    service = access.add_service(work, ServiceKind(key.kind), key.name, owner)
    holder = Holder(HolderKind.SERVICE, service.id)
    access.grant(work, holder, _ROLE, reason=_REASON, scope=place)
    fresh = access.issue_key(work, holder, key.name, limits=KeyLimits(scope=place), secret=secret)
    return fresh.secret
