"""Draws policies and acts from the published schema itself, for tests that hold for every one."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hypothesis import strategies as st

from muniment.policy import NAMESPACE, Bundle, Facts, Thing
from tests.policy.judging import bundle, schema

WORDS = ("a", "high", "eu", "CREDIT_CARD", "~", "é")
NUMBERS = (-1, 0, 1, 100, 101, (1 << 63) - 1)
ROLES = ("caller", "admin")
REMEDIES = ("", "", "mask", "mask:CREDIT_CARD", "redact", "tokenise", "route:restricted", "hold:x")
_TOKEN = re.compile(r"//[^\n]*|[A-Za-z_][A-Za-z0-9_]*|[^\s]")


@dataclass(frozen=True)
class Shape:
    """A type of the schema: plain, a set, a thing by its name, or a record of fields."""

    kind: str
    fields: tuple[tuple[str, Shape, bool], ...] = ()
    name: str = ""


@dataclass
class World:
    """What the schema declares: things, types that were given a name, and actions."""

    things: dict[str, Shape] = field(default_factory=dict)
    types: dict[str, Shape] = field(default_factory=dict)
    actions: dict[str, tuple[list[str], list[str], Shape]] = field(default_factory=dict)


@cache
def world() -> World:
    """Read the published schema; what this cannot read fails the test."""
    left = [each for each in _TOKEN.findall(schema()) if not each.startswith("//")]
    assert left[:3] == ["namespace", NAMESPACE, "{"]
    left, made = left[3:], World()
    while left[0] != "}":
        word, name = left.pop(0), left.pop(0)
        if word == "entity":
            if left[0] == "in":
                del left[: left.index("]") + 1]
            made.things[name] = _type(left, made) if _eaten(left, "=") else Shape("Record")
        elif word == "type":
            assert _eaten(left, "=")
            made.types[name] = _type(left, made)
        else:
            names = [name]
            while _eaten(left, ","):
                names.append(left.pop(0))
            assert (word, left.pop(0)) == ("action", "appliesTo")
            made.actions.update(dict.fromkeys(names, _applies(left, made)))
        assert _eaten(left, ";")
    return made


def _eaten(left: list[str], token: str) -> bool:
    if left[0] != token:
        return False
    left.pop(0)
    return True


def _applies(left: list[str], made: World) -> tuple[list[str], list[str], Shape]:
    found: dict[str, Any] = {"context": Shape("Record")}
    assert _eaten(left, "{")
    while not _eaten(left, "}"):
        name = left.pop(0)
        assert _eaten(left, ":")
        if name == "context":
            found[name] = _type(left, made)
        else:
            end = left.index("]")
            found[name] = [each for each in left[1:end] if each != ","]
            del left[: end + 1]
        _eaten(left, ",")
    return found["principal"], found["resource"], found["context"]


def _type(left: list[str], made: World) -> Shape:
    if _eaten(left, "{"):
        fields = []
        while not _eaten(left, "}"):
            name, free = left.pop(0), _eaten(left, "?")
            assert _eaten(left, ":")
            fields.append((name, _type(left, made), free))
            _eaten(left, ",")
        return Shape("Record", tuple(fields))
    word = left.pop(0)
    if word == "Set":
        assert [left.pop(0) for _ in "<S>"] == ["<", "String", ">"]
        return Shape("Set")
    if word in ("Bool", "Long", "String"):
        return Shape(word)
    return made.types.get(word) or Shape("Entity", name=word)


def _value(shape: Shape) -> st.SearchStrategy[Any]:
    if shape.kind == "Bool":
        return st.booleans()
    if shape.kind == "Long":
        return st.sampled_from(NUMBERS)
    if shape.kind == "Set":
        return st.lists(st.sampled_from(WORDS), max_size=2, unique=True)
    if shape.kind == "Record":
        return _record(shape)
    if shape.kind == "Entity":
        return st.just({"__entity": {"type": f"{NAMESPACE}::{shape.name}", "id": "sys_1"}})
    return st.sampled_from(WORDS)


def _record(shape: Shape) -> st.SearchStrategy[dict[str, Any]]:
    needed = {name: _value(each) for name, each, free in shape.fields if not free}
    optional = {name: _value(each) for name, each, free in shape.fields if free}
    return st.fixed_dictionaries(needed, optional=optional)


@st.composite
def acts(draw: st.DrawFn) -> Facts:
    """Draw an act of the schema: any action, who may do it, on what, with any facts around it."""
    action = draw(st.sampled_from(sorted(world().actions)))
    principals, resources, shape = world().actions[action]
    principal, resource = draw(st.sampled_from(principals)), draw(st.sampled_from(resources))
    context = draw(_record(shape))
    roles = draw(st.sets(st.sampled_from(ROLES)))
    others: tuple[Thing, ...] = ()
    if "system" in context:
        others = (Thing("System", "sys_1", draw(_record(world().things["System"]))),)
    return Facts(
        Thing(
            principal,
            draw(st.sampled_from(("one", "two"))),
            draw(_record(world().things[principal])),
            tuple(("Role", each) for each in sorted(roles)),
        ),
        action,
        Thing(resource, "three", draw(_record(world().things[resource]))),
        context,
        others,
    )


def _facts_of(path: str, shape: Shape) -> list[tuple[str, str, bool]]:
    """List every plain fact below a record: how it is written, its type, whether it may lack."""
    found: list[tuple[str, str, bool]] = []
    for name, each, free in shape.fields:
        inner = f"{path}.{name}"
        if each.kind == "Record":
            found += _facts_of(inner, each)
        elif each.kind == "Entity":
            found += _facts_of(inner, world().things[each.name])
        else:
            found.append((inner, each.kind, free))
    return found


@st.composite
def _asks(draw: st.DrawFn, places: list[tuple[str, str, bool]]) -> str:
    path, kind, may_lack = draw(st.sampled_from(places))
    word = json.dumps(draw(st.sampled_from(WORDS)), ensure_ascii=False)
    number = draw(st.sampled_from(NUMBERS))
    asks = {
        "Bool": [path, f"{path} == {draw(st.sampled_from(('true', 'false')))}"],
        "Long": [
            *(f"{path} {op} {number}" for op in ("<", "<=", ">", ">=", "==", "!=")),
            f"{number} < {path}",
            f"{path} + {number} > 0",  # it may go too far, which is an error
        ],
        "String": [
            *(f"{path} {op} {word}" for op in ("==", "!=")),
            f'["a", {word}].contains({path})',
            f'{path} like "h*"',
        ],
        "Set": [
            f"{path}.contains({word})",
            f'{path}.containsAny(["a", {word}])',
            f'{path}.containsAll(["a", {word}])',
            f"{path}.isEmpty()",
        ],
    }
    said = draw(st.sampled_from(asks[kind]))
    base, _, name = path.rpartition(".")
    return f"({base} has {name} && {said})" if may_lack else said


@st.composite
def _conditions(draw: st.DrawFn, places: list[tuple[str, str, bool]]) -> str:
    one = _asks(places)
    shape = draw(
        st.sampled_from(["{}", "!{}", "{} && {}", "{} || {}", "{} && ({} || {})", "i", "r", "p"])
    )
    if shape == "r":
        return f'principal in {NAMESPACE}::Role::"{draw(st.sampled_from(ROLES))}" && {draw(one)}'
    if shape == "p":
        return f"({draw(one)}) || [principal].contains(principal)"
    if shape == "i":
        return f"if {draw(one)} then {draw(one)} else {draw(one)}"
    return shape.format(*(f"({draw(one)})" for _ in range(shape.count("{}"))))


@st.composite
def rules(draw: st.DrawFn, action: str, number: int, *, effect: str = "") -> str:
    """Draw a rule about an action, made of nothing but what the schema knows there."""
    _, resources, context = world().actions[action]
    places = [
        *_facts_of("context", context),
        *_facts_of("resource", world().things[resources[0]]),
    ]
    when = draw(_conditions(places))
    clause = draw(st.sampled_from(["when", "unless"]))
    kind = effect or draw(st.sampled_from(["permit", "permit", "forbid"]))
    cure = draw(st.sampled_from(REMEDIES)) if kind == "forbid" else ""
    told = f'@remedy("{cure}") ' if cure else ""
    return (
        f'@id("r{number}") @reason("drawn") {told}{kind} (principal, '
        f'action == {NAMESPACE}::Action::"{action}", resource) {clause} {{ {when} }};'
    )


@st.composite
def judgements(draw: st.DrawFn) -> tuple[list[str], Facts]:
    """Draw an act, and rules about what it is."""
    facts = draw(acts())
    many = draw(st.integers(0, 6))
    return [draw(rules(facts.action, number)) for number in range(many)], facts


def read(written: list[str]) -> Bundle:
    """Read drawn rules; a rule that cannot be read is a flaw of the drawing."""
    return bundle(*written)
