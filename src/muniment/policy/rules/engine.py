"""Decides: allow, deny, or allow once remedies are carried out.

Deny wins; no rule means deny; an error while judging means deny and says so. A forbid that carries
a remedy is not final: the facts are cured and judged again, a few rounds at most, and what is then
allowed is allowed with its remedies. A decision is a pure function of facts and rules, so it is
remembered: first under all facts, then under those the rules can look at, which is what makes it
cheap. Rules are indexed by action and type of resource, for only those can speak.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

import cedarpy
import msgspec

from muniment.policy.models import (
    NAMESPACE,
    Bundle,
    Decision,
    Effect,
    Facts,
    Reason,
    Remedy,
    Rule,
    Thing,
)
from muniment.policy.rules.cure import combined, cured
from muniment.policy.rules.looking import Reads, reads_of

T = TypeVar("T")

MAX_ROUNDS: Final = 4
_REMEMBERED: Final = 20_000
_GROUPS: Final = frozenset({"Role", "Team"})
_encode: Final = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class _Cell:
    """The rules that can speak on one action over one type of resource, ready to judge."""

    rules: tuple[Rule, ...]
    prepared: cedarpy.PolicySet
    reads: Reads


@dataclass(frozen=True, slots=True)
class _Said:
    """What the rules said in one round."""

    allowed: bool
    spoke: tuple[Rule, ...]
    errors: tuple[str, ...]


class Engine:
    """Judges facts by the rules of one bundle; safe to share between threads."""

    def __init__(self, bundle: Bundle, *, remembered: int = _REMEMBERED) -> None:
        self.bundle = bundle
        self._cells: dict[tuple[str, str], _Cell] = {}
        self._whole = _Memory[Decision](remembered)
        self._rounds = _Memory[_Said](remembered)
        self._lock = Lock()

    def decide(self, facts: Facts) -> Decision:
        """Judge the facts."""
        key = _encode(
            (
                facts.action,
                _key(facts.principal),
                _key(facts.resource),
                facts.context,
                [_key(each) for each in facts.others],
            )
        )
        known = self._whole.get(key)
        if known is None:
            known = self._decide(facts)
            self._whole.put(key, known)
        return known

    def _decide(self, facts: Facts) -> Decision:
        applied: tuple[Remedy, ...] = ()
        reasons: list[Reason] = []
        now = facts
        for number in range(1, MAX_ROUNDS + 1):
            said = self._round(now)
            reasons += [_reason(rule) for rule in said.spoke if rule.effect == "forbid"]
            if said.errors:
                return self._deny(reasons, said.errors, "a rule could not be judged", number)
            if said.allowed:
                reasons += [_reason(rule) for rule in said.spoke]
                effect = Effect.CURE if applied else Effect.ALLOW
                return Decision(effect, _once(reasons), applied, self.bundle.digest, rounds=number)
            if not said.spoke:
                return self._deny(reasons, (), "no rule allows it", number)
            cures = [rule.remedy for rule in said.spoke]
            if any(cure is None for cure in cures):
                return self._deny(reasons, (), "a rule forbids it", number)
            wanted = combined([*applied, *(cure for cure in cures if cure is not None)])
            if set(wanted) == set(applied):
                return self._deny(reasons, (), "the remedies do not cure it", number)
            applied = wanted
            now = cured(facts, applied)
        return self._deny(reasons, (), f"{MAX_ROUNDS} rounds of remedies did not end", MAX_ROUNDS)

    def _deny(
        self, reasons: Iterable[Reason], errors: tuple[str, ...], says: str, rounds: int
    ) -> Decision:
        return Decision(
            Effect.DENY, _once(reasons), (), self.bundle.digest, errors, says, rounds=rounds
        )

    def _round(self, facts: Facts) -> _Said:
        cell = self._cell(facts.action, facts.resource.type)
        seen, key_of = _projected(facts, cell.reads)
        key = _encode(key_of)
        known = self._rounds.get(key)
        if known is None:
            known = _ask(cell, seen)
            self._rounds.put(key, known)
        return known

    def _cell(self, action: str, resource: str) -> _Cell:
        found = self._cells.get((action, resource))
        if found is None:
            rules = tuple(each for each in self.bundle.rules if each.may_touch(action, resource))
            prepared = cedarpy.PolicySet.from_str("\n".join(each.text for each in rules))
            found = _Cell(rules, prepared, reads_of(prepared))
            with self._lock:
                self._cells[action, resource] = found
        return found


class _Memory(Generic[T]):
    """Remembers the latest answers, so many at most."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept = OrderedDict[bytes, T]()
        self._lock = Lock()

    def get(self, key: bytes) -> T | None:
        """Give what was remembered."""
        return self._kept.get(key)

    def put(self, key: bytes, value: T) -> None:
        """Remember, and forget the oldest beyond the size."""
        if self._size < 1:
            return
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)


def _ask(cell: _Cell, facts: Facts) -> _Said:
    things = [facts.principal, facts.resource, *facts.others]
    request = {
        "principal": _uid(facts.principal),
        "action": {"type": f"{NAMESPACE}::Action", "id": facts.action},
        "resource": _uid(facts.resource),
        "context": json.dumps(facts.context),
    }
    try:
        answer = cedarpy.is_authorized(
            request, cell.prepared, json.dumps([_entity(each) for each in things])
        )
    except (ValueError, TypeError) as error:
        return _Said(allowed=False, spoke=(), errors=(f"the facts do not fit: {error}",))
    if answer.decision is cedarpy.Decision.NoDecision:
        errors = tuple(answer.diagnostics.errors) or ("the facts do not fit the schema",)
        return _Said(allowed=False, spoke=(), errors=errors)
    spoke = tuple(
        cell.rules[int(named.removeprefix("policy"))]
        for named in sorted(answer.diagnostics.reasons, key=lambda each: int(each[6:]))
    )
    return _Said(answer.allowed, spoke, tuple(answer.diagnostics.errors))


def _projected(facts: Facts, reads: Reads) -> tuple[Facts, tuple[object, ...]]:
    """Leave out every fact that no rule can look at, and make the key of what remains."""
    if any(thing.type in _GROUPS and thing.parents for thing in facts.others):
        reads = Reads(reads.names, reads.named, identities=True)  # groups within groups: keep all
    alias = {} if reads.identities else _aliases(facts.others)
    seen = Facts(
        principal=_seen(facts.principal, reads, "principal"),
        action=facts.action,
        resource=_seen(facts.resource, reads, "resource"),
        context=_kept(facts.context, reads.names, alias),
        others=tuple(_other(each, reads, alias) for each in facts.others),
    )
    others = [_key(each) for each in seen.others]
    return seen, (seen.action, _key(seen.principal), _key(seen.resource), seen.context, others)


def _aliases(things: tuple[Thing, ...]) -> dict[tuple[str, str], str]:
    """Call things by their place, where it does not matter which one each is."""
    return {
        (thing.type, thing.id): f"other{number}"
        for number, thing in enumerate(things)
        if thing.type not in _GROUPS
    }


def _seen(thing: Thing, reads: Reads, role: str) -> Thing:
    attributes = _kept(thing.attributes, reads.names)
    if reads.identities:
        return Thing(thing.type, thing.id, attributes, thing.parents)
    parents = tuple(parent for parent in thing.parents if parent in reads.named)
    return Thing(thing.type, role, attributes, parents)


def _other(thing: Thing, reads: Reads, alias: Mapping[tuple[str, str], str]) -> Thing:
    named = alias.get((thing.type, thing.id), thing.id)
    return Thing(thing.type, named, _kept(thing.attributes, reads.names, alias), thing.parents)


def _kept(
    facts: Mapping[str, Any],
    names: frozenset[str] | None,
    alias: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> Mapping[str, Any]:
    return {
        name: _value(value, names, alias)
        for name, value in facts.items()
        if names is None or name in names
    }


def _value(
    value: object, names: frozenset[str] | None, alias: Mapping[tuple[str, str], str]
) -> object:
    if not isinstance(value, Mapping):
        return value
    if "__entity" not in value:
        return _kept(value, names, alias)
    meant = value["__entity"]
    kind = str(meant["type"]).removeprefix(f"{NAMESPACE}::")
    named = alias.get((kind, meant["id"]), meant["id"])
    return {"__entity": {"type": meant["type"], "id": named}}


def _entity(thing: Thing) -> dict[str, Any]:
    return {
        "uid": _uid(thing),
        "attrs": thing.attributes,
        "parents": [{"type": f"{NAMESPACE}::{kind}", "id": named} for kind, named in thing.parents],
    }


def _uid(thing: Thing) -> dict[str, str]:
    return {"type": f"{NAMESPACE}::{thing.type}", "id": thing.id}


def _key(thing: Thing) -> tuple[str, str, Mapping[str, Any], tuple[tuple[str, str], ...]]:
    return thing.type, thing.id, thing.attributes, thing.parents


def _reason(rule: Rule) -> Reason:
    cure = "" if rule.remedy is None else str(rule.remedy)
    return Reason(rule.id, rule.effect, rule.reason, rule.controls, cure)


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Give each reason once: what forbids first, as a person would say it."""
    seen = {reason.rule: reason for reason in reasons}
    return tuple(sorted(seen.values(), key=lambda each: (each.effect != "forbid",)))
