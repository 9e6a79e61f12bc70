"""Leaves out, before Cedar is asked, the rules whose conditions are plainly false on these facts.

A condition is looked at from the left, as Cedar does. What is understood comes out true or false;
what is not understood, or could fail, comes out as not known. A rule is left out only if a
condition of it is false before anything in it was not known. So what is left out would not have
spoken and could not have failed, and Cedar decides by the others as it would by all of them.

INVARIANT: a wrong "false" would change decisions; a "not known" only costs time. The facts were
found to be such as Cedar can read (`fitting`), so that no text or number means another here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final

from cedarpy import pst

from muniment.policy.models import NAMESPACE, Facts, Thing

Path = tuple[str, ...]
Values = Sequence[object]
Answer = bool | None
Guard = Callable[[Values], Answer]

_ORDERS: Final = {"less": lt, "less_eq": le, "greater": gt, "greater_eq": ge}
_TURNED: Final = {
    "less": "greater",
    "less_eq": "greater_eq",
    "greater": "less",
    "greater_eq": "less_eq",
}
_SAME: Final = {"eq": eq, "not_eq": ne}
_SET_OPS: Final = {
    "contains_all": frozenset.issuperset,
    "contains_any": lambda left, right: not left.isdisjoint(right),
}


class _Mark:
    """Stands for a fact that is not given, or for one that cannot be told."""


ABSENT: Final = _Mark()
STRANGE: Final = _Mark()


class Narrowing:
    """The conditions of some rules, ready to be looked at."""

    def __init__(self, templates: Sequence[pst.Template]) -> None:
        self._slots: dict[Path, int] = {}
        self._guards = tuple(self._guard_of(each) for each in templates)
        self._paths = tuple(self._slots)

    def live(self, facts: Facts) -> tuple[int, ...]:
        """Give the places of the rules that cannot be left out."""
        things = {(each.type, each.id): each for each in facts.others}
        values = [_read(facts, things, path) for path in self._paths]
        return tuple(
            [
                place
                for place, guard in enumerate(self._guards)
                if guard is None or guard(values) is not False
            ]
        )

    def _guard_of(self, template: pst.Template) -> Guard | None:
        found: list[Guard] = []
        for clause in template.clauses:
            guard = self._expr(clause.expr)
            if guard is None:
                break  # what stands behind it is reached only if this does not fail
            found.append(_negated(guard) if isinstance(clause, pst.Unless) else guard)
        whole: Guard | None = None
        for guard in reversed(found):
            whole = guard if whole is None else _both(guard, whole)
        return whole

    def _slot(self, node: object) -> int | None:
        path = _path_of(node)
        return None if path is None else self._slots.setdefault(path, len(self._slots))

    def _expr(self, node: object) -> Guard | None:
        match node:
            case pst.BoolLit(value):
                return lambda _: value
            case pst.UnaryOp("not", arg):
                inner = self._expr(arg)
                return None if inner is None else _negated(inner)
            case pst.BinaryOp(op, left, right):
                joins = op in ("and", "or")
                return (self._joined if joins else self._compared)(op, left, right)
            case _:
                return self._fact(node)

    def _fact(self, node: object) -> Guard | None:
        match node:
            case pst.GetAttr():
                slot = self._slot(node)
                return None if slot is None else _flag(slot)
            case pst.HasAttr(base, (attr,)):
                slot = self._slot(pst.GetAttr(base, attr))
                return None if slot is None else _given(slot)
            case _:
                return None

    def _joined(self, op: str, left: object, right: object) -> Guard | None:
        first = self._expr(left)
        if first is None:
            return None
        second = self._expr(right) or _unknown
        return _both(first, second) if op == "and" else _either(first, second)

    def _compared(self, op: str, left: object, right: object) -> Guard | None:
        here, there = self._slot(left), self._slot(right)
        if here is not None and there is not None:
            return _alike(_SAME[op], here, there) if op in _SAME else None
        if here is not None:
            return _measured(op, here, _literal(right))
        return None if there is None else _turned(op, _literal(left), there)


def _path_of(node: object) -> Path | None:
    names: list[str] = []
    while isinstance(node, pst.GetAttr):
        names.append(node.attr)
        node = node.base
    if not names or not isinstance(node, pst.Var) or node.name == "action":
        return None
    return (node.name, *reversed(names))


def _literal(node: object) -> object:
    match node:
        case pst.StringLit(value) | pst.LongLit(value) | pst.BoolLit(value):
            return value
        case pst.Set(elements) if all(isinstance(each, pst.StringLit) for each in elements):
            return frozenset(each.value for each in elements if isinstance(each, pst.StringLit))
        case _:
            return STRANGE


def _measured(op: str, slot: int, literal: object) -> Guard | None:
    """Compare a fact with what stands in the rule."""
    if op in _SAME and type(literal) in (str, int, bool):
        return _alike_to(_SAME[op], slot, literal)
    if op in _ORDERS and type(literal) is int:
        return _alike_to(_ORDERS[op], slot, literal)
    if op == "contains" and type(literal) is str:
        return _has_member(slot, literal)
    if op in _SET_OPS and isinstance(literal, frozenset):
        return _against_set(_SET_OPS[op], slot, literal)
    return None


def _turned(op: str, literal: object, slot: int) -> Guard | None:
    """Compare what stands in the rule with a fact."""
    if op in _SAME or op in _ORDERS:
        return _measured(_TURNED.get(op, op), slot, literal)
    if op == "contains" and isinstance(literal, frozenset):
        return _is_member(slot, literal)
    return None


def _unknown(_values: Values) -> Answer:
    return None


def _flag(slot: int) -> Guard:
    def look(values: Values) -> Answer:
        value = values[slot]
        return value if value is True or value is False else None

    return look


def _given(slot: int) -> Guard:
    def look(values: Values) -> Answer:
        value = values[slot]
        return None if value is STRANGE else value is not ABSENT

    return look


def _negated(inner: Guard) -> Guard:
    def look(values: Values) -> Answer:
        found = inner(values)
        return None if found is None else not found

    return look


def _both(first: Guard, second: Guard) -> Guard:
    def look(values: Values) -> Answer:
        found = first(values)
        return second(values) if found is True else found

    return look


def _either(first: Guard, second: Guard) -> Guard:
    def look(values: Values) -> Answer:
        found = first(values)
        return second(values) if found is False else found

    return look


def _alike_to(op: Callable[[Any, Any], bool], slot: int, literal: object) -> Guard:
    kind = type(literal)

    def look(values: Values) -> Answer:
        value = values[slot]
        return op(value, literal) if type(value) is kind else None

    return look


def _alike(op: Callable[[Any, Any], bool], here: int, there: int) -> Guard:
    def look(values: Values) -> Answer:
        left, right = values[here], values[there]
        same = type(left) is type(right) and not isinstance(left, _Mark)
        return op(left, right) if same else None

    return look


def _has_member(slot: int, literal: str) -> Guard:
    def look(values: Values) -> Answer:
        value = values[slot]
        return literal in value if isinstance(value, frozenset) else None

    return look


def _is_member(slot: int, literal: frozenset[str]) -> Guard:
    def look(values: Values) -> Answer:
        value = values[slot]
        return value in literal if type(value) is str else None

    return look


def _against_set(
    op: Callable[[frozenset[str], frozenset[str]], bool], slot: int, literal: frozenset[str]
) -> Guard:
    def look(values: Values) -> Answer:
        value = values[slot]
        return op(value, literal) if isinstance(value, frozenset) else None

    return look


def _read(facts: Facts, things: Mapping[tuple[str, str], Thing], path: Path) -> object:
    """Find a fact; a plain value as it is, a set of texts as a set, all else as strange."""
    root = path[0]
    now: object
    if root == "context":
        now = facts.context
    else:
        now = (facts.principal if root == "principal" else facts.resource).attributes
    for depth, name in enumerate(path[1:], 2):
        if type(now) is not dict and not isinstance(now, Mapping):  # most often it is one
            return STRANGE
        if "__entity" in now:
            thing = things.get(_named(now["__entity"]))
            if thing is None:
                return STRANGE  # it may be who acts or what is acted on
            now = thing.attributes
        if name not in now:
            return ABSENT if depth == len(path) else STRANGE  # to look into it fails
        now = now[name]
    return _plain(now)


def _named(meant: Mapping[str, str]) -> tuple[str, str]:
    return meant["type"].removeprefix(f"{NAMESPACE}::"), meant["id"]


def _plain(value: object) -> object:
    if isinstance(value, str | int):  # a truth is a number here, and told apart by its type
        return value
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return frozenset(value)
    return STRANGE
