"""Tells whether facts are such as Cedar reads at all: text, whole numbers, truths, sets, records.

It is asked of all facts before any rule is, so that what is wrong with a fact is an error whether
or not a rule that is asked looks at it. An error means deny. What nearly every act looks like is
told at once by a decoder; for the rest each value is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from muniment.policy.models import NAMESPACE, Facts, Thing

_FAR: Final = 1 << 63
_DEEPEST: Final = 12
_Number = Annotated[int, Meta(ge=-_FAR, le=_FAR - 1)]
_Leaf = bool | _Number | str
_Inner = _Leaf | list[_Leaf] | dict[str, str]
_Record = dict[str, _Leaf | list[_Leaf] | dict[str, _Inner]]
_Parent = tuple[str, str]


class _Thing(Struct, forbid_unknown_fields=True):
    type: str
    id: str
    attributes: _Record
    parents: list[_Parent]


class _Act(Struct, forbid_unknown_fields=True):
    principal: _Thing
    action: str
    resource: _Thing
    context: _Record
    others: list[_Thing]


_decode: Final = msgspec.msgpack.Decoder(_Act).decode
_MARK: Final = b"__"


def misfit(facts: Facts, packed: bytes | None) -> str:
    """Say what is wrong with the facts, packed if they could be; nothing if they fit."""
    things = (facts.principal, facts.resource, *facts.others)
    known: dict[tuple[str, str], Thing] = {}
    for thing in things:
        if not _is_named(thing):
            return "something is named by what is no name"
        if known.setdefault((thing.type, thing.id), thing) is not thing and (
            known[thing.type, thing.id] != thing
        ):
            return "two facts about one thing contradict each other"
    if packed is not None and _is_usual(facts, packed):
        return ""
    for thing in things:
        if not _is_record(thing.attributes, 0):
            return "an attribute is neither text, whole number, truth, set nor record"
    if not _is_record(facts.context, 0) or not _is_text(facts.action):
        return "the context holds what is neither text, whole number, truth, set nor record"
    return ""


def _is_usual(facts: Facts, packed: bytes) -> bool:
    """Tell whether all is plain, and only the system is named by the context."""
    marks = packed.count(_MARK)
    if marks and (marks > 1 or not _is_reference(facts.context.get("system"))):
        return False
    try:
        _decode(packed)
    except msgspec.DecodeError:
        return False
    return True


def _is_named(thing: Thing) -> bool:
    if not _is_name(thing.type, thing.id):
        return False
    return not thing.parents or all(_is_name(*each) for each in thing.parents)


def _is_name(kind: object, named: object) -> bool:
    return isinstance(kind, str) and kind.isascii() and kind.isidentifier() and _is_text(named)


def _is_record(value: object, depth: int) -> bool:
    if _is_reference(value):
        return depth > 0
    if not isinstance(value, Mapping) or depth > _DEEPEST:
        return False
    return all(
        isinstance(name, str) and name[:2] != "__" and _is_text(name) and _fits(each, depth)
        for name, each in value.items()
    )


def _fits(value: object, depth: int) -> bool:
    if isinstance(value, str):
        return _is_text(value)
    if isinstance(value, int):  # a truth too
        return -_FAR <= value < _FAR
    if isinstance(value, list | tuple):
        return depth < _DEEPEST and all(_fits(each, depth + 1) for each in value)
    return _is_record(value, depth + 1)


def _is_reference(value: object) -> bool:
    """Tell whether it names a thing, as Cedar writes it."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    meant: Any = value.get("__entity")
    if not isinstance(meant, Mapping) or len(meant) != 2:
        return False
    kind = meant.get("type")
    return isinstance(kind, str) and _is_name(kind.removeprefix(_PREFIX), meant.get("id"))


def _is_text(value: object) -> bool:
    """Tell whether it is text; half of a surrogate pair is none."""
    if not isinstance(value, str):
        return False
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


_PREFIX: Final = f"{NAMESPACE}::"
