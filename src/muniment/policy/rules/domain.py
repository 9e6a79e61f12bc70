"""Every case a set of rules can tell apart, made from what the rules themselves ask about.

A rule looks at facts through comparisons: a number against a bound, a text against a word, a set
for a member. Two facts that answer all comparisons alike are one case. So the values worth trying
are finite: the words that stand in the rules and one that does not, each bound and its neighbours,
each combination of the members asked for. Where a rule computes, so that this no longer holds, the
cases are a sample, and whoever relies on them is told so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from itertools import chain, combinations, product
from typing import Any, Final

import cedarpy
from cedarpy import pst

Path = tuple[str, ...]

OTHER: Final = "~other"
MAX_MEMBERS: Final = 4
_ORDERS: Final = frozenset({"less", "less_eq", "greater", "greater_eq", "eq", "not_eq"})
_SETS: Final = frozenset({"contains", "contains_all", "contains_any"})
_COMPUTES: Final = frozenset({"add", "sub", "mul"})


class _Absent:
    """Stands for a fact that is not given."""

    def __repr__(self) -> str:
        return "(not given)"


ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True)
class Domain:
    """The values of each fact worth trying, and whether together they are every case."""

    values: Mapping[Path, tuple[object, ...]]
    groups: tuple[tuple[str, str], ...]
    whole: bool

    @property
    def cases(self) -> int:
        """Count the cases."""
        total: int = len(_subsets(self.groups))
        for values in self.values.values():
            total *= len(values)
        return total

    def assignments(self, most: int) -> Iterator[tuple[dict[Path, object], tuple[Path, ...]]]:
        """Give the cases, `most` of them at the most: facts by path, and groups one is in."""
        paths = tuple(self.values)
        members = _subsets(self.groups)
        step = -(-self.cases // most) | 1 if self.cases > most else 1
        everything = product(*(self.values[path] for path in paths), members)
        for number, case in enumerate(everything):
            if number % step == 0:
                yield dict(zip(paths, case[:-1], strict=True)), case[-1]  # type: ignore[misc]


@dataclass(slots=True)
class _Asked:
    """What the rules ask about each fact, as it is collected."""

    words: dict[Path, set[str]] = field(default_factory=lambda: defaultdict(set))
    numbers: dict[Path, set[int]] = field(default_factory=lambda: defaultdict(set))
    members: dict[Path, set[str]] = field(default_factory=lambda: defaultdict(set))
    optional: set[Path] = field(default_factory=set)
    read: set[Path] = field(default_factory=set)
    groups: set[tuple[str, str]] = field(default_factory=set)
    whole: bool = True


def domain_of(rules: cedarpy.PolicySet, namespace: str) -> Domain:
    """Collect what the rules of a set ask about."""
    asked = _Asked()
    tree = rules.to_pst()
    for node in _nodes(tree):
        _note(node, asked)
    asked.groups = {
        (str(uid.type).removeprefix(f"{namespace}::"), uid.id)
        for uid in pst.entity_uids(tree)
        if str(uid.type) in (f"{namespace}::Role", f"{namespace}::Team")
    }
    leaves = {path for path in asked.read if not any(_inside(other, path) for other in asked.read)}
    values = {path: _values(path, asked) for path in sorted(leaves)}
    return Domain(values, tuple(sorted(asked.groups)), asked.whole)


def path_of(node: object) -> Path | None:
    """Name the fact an expression reads, if it only reads one."""
    match node:
        case pst.Var(name):
            return (name,)
        case pst.GetAttr(base, attr):
            inner = path_of(base)
            return None if inner is None else (*inner, attr)
        case _:
            return None


def _note(node: object, asked: _Asked) -> None:
    match node:
        case pst.GetAttr():
            path = path_of(node)
            if path is None:
                asked.whole = False
            else:
                asked.read.add(path)
        case pst.HasAttr(base, attrs):
            inner = path_of(base)
            if inner is not None:
                asked.read.add((*inner, *attrs))
                asked.optional.add((*inner, *attrs))
        case pst.BinaryOp(op, left, right):
            _note_comparison(op, left, right, asked)
        case pst.Like(base, pattern):
            _note_pattern(base, pattern, asked)
        case pst.UnaryOp(op) if op not in ("not", "neg", "is_empty"):
            asked.whole = False
        case pst.Record():
            asked.whole = False
        case _:
            pass


def _note_comparison(op: str, left: object, right: object, asked: _Asked) -> None:
    if op in _COMPUTES or op in ("get_tag", "has_tag"):
        asked.whole = False
    for one, other in ((left, right), (right, left)):
        path = path_of(one)
        if path is None or len(path) < 2:
            continue
        if op in _ORDERS:
            _note_value(path, other, asked)
        elif op in _SETS and one is left:
            _note_members(path, other, asked)


def _note_value(path: Path, other: object, asked: _Asked) -> None:
    match other:
        case pst.StringLit(value):
            asked.words[path].add(value)
        case pst.LongLit(value):
            asked.numbers[path].add(value)
        case pst.Set(elements):
            asked.members[path].update(_words(elements))
        case pst.BoolLit():
            pass
        case _:
            asked.whole = False


def _note_members(path: Path, other: object, asked: _Asked) -> None:
    match other:
        case pst.StringLit(value):
            asked.members[path].add(value)
        case pst.Set(elements):
            asked.members[path].update(_words(elements))
        case _:
            asked.whole = False
            asked.members[path].update(())


def _note_pattern(base: object, pattern: tuple[pst.PatternElem, ...], asked: _Asked) -> None:
    path = path_of(base)
    if path is None:
        asked.whole = False
        return
    asked.words[path].add(
        "".join(each.value if isinstance(each, pst.Char) else "" for each in pattern)
    )
    asked.whole = asked.whole and len(asked.words[path]) == 1


def _words(elements: tuple[object, ...]) -> set[str]:
    return {each.value for each in elements if isinstance(each, pst.StringLit)}


def _values(path: Path, asked: _Asked) -> tuple[object, ...]:
    found: Sequence[object]
    if path in asked.members:
        found = [sorted(each) for each in _sets(asked.members[path], asked)]
    elif path in asked.words:
        found = [*sorted(asked.words[path]), OTHER]
    elif path in asked.numbers:
        bounds = asked.numbers[path]
        found = sorted({near for bound in bounds for near in (bound - 1, bound, bound + 1)})
    else:
        found = [False, True]
    return (*found, ABSENT) if path in asked.optional else tuple(found)


def _sets(members: set[str], asked: _Asked) -> Iterator[tuple[str, ...]]:
    ordered = sorted(members)
    if len(ordered) <= MAX_MEMBERS:
        for chosen in _subsets(tuple(ordered)):
            yield chosen
            yield (*chosen, OTHER)
        return
    asked.whole = False
    yield ()
    yield (OTHER,)
    yield tuple(ordered)
    for one in ordered:
        yield (one,)


def _subsets(items: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    sizes = range(min(len(items), MAX_MEMBERS) + 1)
    return list(chain.from_iterable(combinations(items, size) for size in sizes))


def _inside(other: Path, path: Path) -> bool:
    return len(other) > len(path) and other[: len(path)] == path


def _nodes(root: object) -> Iterator[object]:
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
