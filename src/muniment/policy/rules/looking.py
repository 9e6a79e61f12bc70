"""Which facts a set of rules can look at at all.

A rule reads a fact by naming an attribute, a role or team by naming it, and who somebody is by
comparing them. What no rule names cannot change a decision, so it is left out before judging: acts
that differ only in what nobody looks at are one act. Where a rule could see more than it names (a
whole record compared, a principal put beside another thing), nothing of that sort is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

import cedarpy
from cedarpy import pst

from muniment.policy.models import NAMESPACE

_RECORDS: Final = frozenset({"place", "text"})
_WHOLE: Final = frozenset({"eq", "not_eq", "contains", "contains_all", "contains_any", "in"})


@dataclass(frozen=True, slots=True)
class Reads:
    """What rules can see: attributes by name, named things, and whether it matters who is who."""

    names: frozenset[str] | None
    named: frozenset[tuple[str, str]]
    identities: bool


def reads_of(rules: cedarpy.PolicySet) -> Reads:
    """Say what a set of rules can see."""
    tree = rules.to_pst()
    nodes = tuple(_nodes(tree))
    named = {
        (str(uid.type).removeprefix(f"{NAMESPACE}::"), uid.id) for uid in pst.entity_uids(tree)
    }
    return Reads(_names(nodes), frozenset(named), _identities(nodes))


def _names(nodes: tuple[object, ...]) -> frozenset[str] | None:
    names: set[str] = set()
    for node in nodes:
        match node:
            case pst.GetAttr(_, attr):
                names.add(attr)
            case pst.HasAttr(_, attrs):
                names.update(attrs)
            case pst.Record() | pst.BinaryOp(op="get_tag" | "has_tag"):
                return None
            case pst.BinaryOp(op, left, right) if op in _WHOLE and (
                _is_record(left) or _is_record(right)
            ):
                return None
            case pst.Set(elements) if any(_is_record(each) for each in elements):
                return None
            case _:
                pass
    return frozenset(names)


def _is_record(node: object) -> bool:
    match node:
        case pst.Var("context"):
            return True
        case pst.GetAttr(_, attr):
            return attr in _RECORDS
        case pst.IfThenElse(_, one, other):
            return _is_record(one) or _is_record(other)
        case _:
            return False


def _identities(nodes: tuple[object, ...]) -> bool:
    """Tell whether any rule can tell one principal, resource or system from another by its id."""
    return any(_compares(node) for node in nodes)


def _compares(node: object) -> bool:
    seen = False
    match node:
        case pst.Template(_, _, principal, _, resource, _, _):
            seen = isinstance(principal, pst.ScopeEq) or isinstance(resource, pst.ScopeEq)
        case pst.BinaryOp("in", pst.Var(), right):
            seen = not _is_named(right)
        case pst.BinaryOp(_, left, right):
            seen = _is_thing(left) or _is_thing(right)
        case pst.Set(elements):
            seen = any(_is_thing(each) and not isinstance(each, pst.EntityLit) for each in elements)
        case pst.Is(_, _, in_expr):
            seen = in_expr is not None and not _is_named(in_expr)
        case pst.IfThenElse(_, one, other):
            seen = _is_thing(one) or _is_thing(other)
        case pst.Record():
            seen = True
        case _:
            pass
    return seen


def _is_thing(node: object) -> bool:
    """Tell whether an expression may stand for an entity as such."""
    match node:
        case pst.Var(name):
            return name in ("principal", "resource")
        case pst.GetAttr(_, attr):
            return attr == "system"
        case pst.EntityLit():
            return True
        case _:
            return False


def _is_named(node: object) -> bool:
    match node:
        case pst.EntityLit():
            return True
        case pst.Set(elements):
            return all(isinstance(each, pst.EntityLit) for each in elements)
        case _:
            return False


def _nodes(root: object) -> Iterator[object]:
    """Walk a tree of Cedar's, without recursion."""
    stack: list[Any] = [root]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, tuple):
            stack.extend(value)
        elif is_dataclass(value) and not isinstance(value, type):
            yield value
            stack.extend(getattr(value, each.name) for each in fields(value))
