"""Leaves out of the facts what no rule that is asked can look at, before Cedar is handed them.

Two acts that differ only in what was left out are one act, and are decided once. Where it does not
matter who somebody is, they are called by their part in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from muniment.policy.models import NAMESPACE, Facts, Thing
from muniment.policy.rules.looking import Reads

_GROUPS: Final = frozenset({"Role", "Team"})
_Aliases = Mapping[tuple[str, str], str]
_NO_ALIAS: Final[_Aliases] = MappingProxyType({})


def projected(facts: Facts, reads: Reads) -> Facts:
    """Give what of the facts can be looked at."""
    for thing in facts.others:
        if thing.parents and thing.type in _GROUPS:  # groups within groups: keep all
            reads = Reads(reads.names, reads.named, identities=True)
    if not reads.names and reads.names is not None and not reads.identities:
        return Facts(
            _seen(facts.principal, reads, "principal"),
            facts.action,
            _seen(facts.resource, reads, "resource"),
            {},
        )
    alias = _NO_ALIAS if reads.identities else _aliases(facts.others)
    context = _kept(facts.context, reads.names, alias)
    return Facts(
        principal=_seen(facts.principal, reads, "principal"),
        action=facts.action,
        resource=_seen(facts.resource, reads, "resource"),
        context=context,
        others=tuple(_other(each, reads, alias) for each in _reached(facts, context, reads)),
    )


def _reached(facts: Facts, context: Mapping[str, Any], reads: Reads) -> Iterable[Thing]:
    """Keep the things that can be reached: those the kept context names, or all where it matters.

    No thing of the schema names another, so there is nothing behind them to follow.
    """
    if reads.identities or any(_names_a_thing(value) for value in context.values()):
        return facts.others
    return ()


def _names_a_thing(value: object) -> bool:
    return isinstance(value, Mapping) and (
        "__entity" in value or any(_names_a_thing(each) for each in value.values())
    )


def _aliases(things: tuple[Thing, ...]) -> _Aliases:
    """Call things by their place, where it does not matter which one each is."""
    return {
        (thing.type, thing.id): f"other{number}"
        for number, thing in enumerate(things)
        if thing.type not in _GROUPS
    }


def _seen(thing: Thing, reads: Reads, role: str) -> Thing:
    attributes = _kept(thing.attributes, reads.names, _NO_ALIAS)
    if reads.identities:
        return Thing(thing.type, thing.id, attributes, thing.parents)
    parents = tuple([parent for parent in thing.parents if parent in reads.named])
    return Thing(thing.type, role, attributes, parents)


def _other(thing: Thing, reads: Reads, alias: _Aliases) -> Thing:
    named = alias.get((thing.type, thing.id), thing.id)
    return Thing(thing.type, named, _kept(thing.attributes, reads.names, alias), thing.parents)


def _kept(
    facts: Mapping[str, Any], names: frozenset[str] | None, alias: _Aliases
) -> Mapping[str, Any]:
    if names is not None and not names:
        return {}
    return {
        name: _value(value, names, alias) if isinstance(value, Mapping) else value
        for name, value in facts.items()
        if names is None or name in names
    }


def _value(value: Mapping[str, Any], names: frozenset[str] | None, alias: _Aliases) -> object:
    if "__entity" not in value:
        return _kept(value, names, alias)
    meant = value["__entity"]
    kind = str(meant["type"]).removeprefix(f"{NAMESPACE}::")
    named = alias.get((kind, meant["id"]), meant["id"])
    return {"__entity": {"type": meant["type"], "id": named}}
