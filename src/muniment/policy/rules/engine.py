"""Decides: allow, deny, or allow once remedies are carried out.

Deny wins; no rule means deny; an error while judging means deny and says so. A forbid that carries
a remedy is not final: the facts are cured and judged again, a few rounds at most, and what is then
allowed is allowed with its remedies. A decision is a pure function of facts and rules, which is
what makes it cheap: it is remembered under all facts; rules are indexed by action and type of
resource; those whose conditions are plainly false are left out (`narrowing`); of the facts only
what the others can look at is handed to Cedar (`projecting`), and what it said is remembered too.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from typing import Any, Final, Generic, TypeVar

import cedarpy
import msgspec
from cedarpy import pst

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
from muniment.policy.rules.fitting import misfit
from muniment.policy.rules.looking import Reads, reads_of
from muniment.policy.rules.narrowing import Narrowing
from muniment.policy.rules.projecting import projected

T = TypeVar("T")

MAX_ROUNDS: Final = 4
_REMEMBERED: Final = 5_000
_MOST_PARTS: Final = 256
_packed: Final = msgspec.msgpack.Encoder().encode
_json: Final = msgspec.json.Encoder().encode
_POLICY: Final = re.compile(r"`policy([0-9]+)`")
_THING: Final = re.compile(rf'({NAMESPACE}::\w+)::"(?:[^"\\]|\\.)*"')
_NONE: Final = frozenset[str]()
_NOTHING: Final = cedarpy.Entities.from_json_str("[]")


@dataclass(frozen=True, slots=True)
class _Part:
    """Some rules that are asked together, ready to judge; `number` tells them from others."""

    number: int
    rules: tuple[Rule, ...]
    prepared: cedarpy.PolicySet
    reads: Reads


@dataclass(frozen=True, slots=True)
class _Cell:
    """The rules that can speak on one action over one type of resource, and parts of them."""

    whole: _Part
    narrowing: Narrowing
    parts: dict[tuple[int, ...], _Part] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the rules said in one round."""

    allowed: bool
    spoke: tuple[Rule, ...]
    errors: tuple[str, ...]


_SILENT: Final = _Said(allowed=False, spoke=(), errors=())


class Engine:
    """Judges facts by the rules of one bundle; safe to share between threads."""

    def __init__(self, bundle: Bundle, *, remembered: int = _REMEMBERED) -> None:
        self.bundle = bundle
        self._cells: dict[tuple[str, str], _Cell] = {}
        self._whole = _Memory[Decision](remembered)
        self._rounds = _Memory[_Said](remembered)
        self._numbers = count()
        self._lock = Lock()

    def decide(self, facts: Facts) -> Decision:
        """Judge the facts."""
        try:
            key = _packed(facts)
        except (ValueError, OverflowError, TypeError, RecursionError):
            return self._first(facts, None)
        known = self._whole.get(key)
        if known is None:
            known = self._first(facts, key)
            self._whole.put(key, known)
        return known

    def reads(self, action: str, resource: str, name: str) -> bool:
        """Tell whether any rule on this action over this type of resource can see a fact."""
        names = self._cell(action, resource).whole.reads.names
        return names is None or name in names

    def _first(self, facts: Facts, packed: bytes | None) -> Decision:
        """Judge facts that were never judged before, if they can be judged at all."""
        wrong = misfit(facts, packed)
        if wrong:
            errors = (f"the facts do not fit: {wrong}",)
            return self._deny((), errors, "the facts cannot be judged", 1)
        return self._decide(facts)

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
        live = cell.narrowing.live(facts)
        if not live:
            return _SILENT
        part = self._part(cell, live)
        seen = projected(facts, part.reads)
        key = _packed((part.number, seen))
        known = self._rounds.get(key)
        if known is None:
            known = _ask(part, seen)
            self._rounds.put(key, known)
        return known

    def _cell(self, action: str, resource: str) -> _Cell:
        found = self._cells.get((action, resource))
        if found is None:
            rules = tuple(each for each in self.bundle.rules if each.may_touch(action, resource))
            whole, templates = self._prepare(rules)
            found = _Cell(whole, Narrowing(templates))
            with self._lock:
                self._cells[action, resource] = found
        return found

    def _part(self, cell: _Cell, live: tuple[int, ...]) -> _Part:
        """Give some rules of a cell, held ready if they are few enough to be worth it; else all."""
        found = cell.parts.get(live)
        if found is None:
            if len(live) * 2 > len(cell.whole.rules) or len(cell.parts) >= _MOST_PARTS:
                return cell.whole
            found, _ = self._prepare(tuple(cell.whole.rules[place] for place in live))
            with self._lock:
                cell.parts[live] = found
        return found

    def _prepare(self, rules: tuple[Rule, ...]) -> tuple[_Part, tuple[pst.Template, ...]]:
        prepared = cedarpy.PolicySet.from_str("\n".join(each.text for each in rules))
        written = prepared.to_pst().static_policies
        templates = tuple(written[f"policy{place}"] for place in range(len(rules)))
        return _Part(next(self._numbers), rules, prepared, reads_of(prepared)), templates


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


def _ask(part: _Part, facts: Facts) -> _Said:
    request: dict[str, Any] = {
        "principal": _uid(facts.principal),
        "action": {"type": f"{NAMESPACE}::Action", "id": facts.action},
        "resource": _uid(facts.resource),
    }
    things = [
        _entity(each)
        for each in (facts.principal, facts.resource, *facts.others)
        if part.reads.names != _NONE or each.parents  # else nothing is asked of it but its name
    ]
    if facts.context:
        request["context"] = _json(facts.context).decode()
    entities = _json(things).decode() if things else _NOTHING
    try:
        answer = cedarpy.is_authorized(request, part.prepared, entities)
    except (ValueError, TypeError) as error:
        return _Said(allowed=False, spoke=(), errors=(f"the facts do not fit: {error}",))
    return _understood(part, answer)


def _understood(part: _Part, answer: cedarpy.AuthzResult) -> _Said:
    told = tuple(sorted(_by_name(each, part.rules) for each in answer.diagnostics.errors))
    if answer.decision is cedarpy.Decision.NoDecision:
        errors = told or ("the facts do not fit the schema",)
        return _Said(allowed=False, spoke=(), errors=errors)
    spoke = tuple(
        part.rules[int(named.removeprefix("policy"))]
        for named in sorted(answer.diagnostics.reasons, key=lambda each: int(each[6:]))
    )
    return _Said(answer.allowed, spoke, told)


def _by_name(error: str, rules: tuple[Rule, ...]) -> str:
    """Name the rule that could not be judged by its id, and things by their sort.

    So it reads the same, whatever it was asked together with and whatever things are called.
    """
    error = _THING.sub(r"\1", error)
    found = _POLICY.search(error)
    if found is None or int(found[1]) >= len(rules):
        return error
    return f"{error[: found.start()]}`{rules[int(found[1])].id}`{error[found.end() :]}"


def _entity(thing: Thing) -> dict[str, Any]:
    return {
        "uid": _uid(thing),
        "attrs": thing.attributes,
        "parents": [{"type": f"{NAMESPACE}::{kind}", "id": named} for kind, named in thing.parents],
    }


def _uid(thing: Thing) -> dict[str, str]:
    return {"type": f"{NAMESPACE}::{thing.type}", "id": thing.id}


def _reason(rule: Rule) -> Reason:
    cure = "" if rule.remedy is None else str(rule.remedy)
    return Reason(rule.id, rule.effect, rule.reason, rule.controls, cure)


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Give each reason once: what forbids first, as a person would say it."""
    seen = {reason.rule: reason for reason in reasons}
    return tuple(sorted(seen.values(), key=lambda each: (each.effect != "forbid",)))
