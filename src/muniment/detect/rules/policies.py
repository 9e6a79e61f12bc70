"""Reads a policy as people write it, in TOML or JSON, and says what is wrong with each field.

name = "support"
default = "mask"
uninspected = "block"

[[rules]]
action = "redact"
families = ["secrets"]
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from muniment.core.errors import InvalidError
from muniment.detect.models import Action, ActionRule, Family, Policy
from muniment.detect.models.findings import TYPE_SHAPE

_MOST_CHARS: Final = 1_000_000
_MOST_RULES: Final = 1_000
_FIELDS: Final = ("name", "default", "uninspected", "rules")
_RULE_FIELDS: Final = ("action", "types", "families", "min_score", "restore", "to")
_UNINSPECTED: Final = (Action.BLOCK, Action.HOLD, Action.ROUTE, Action.TAG, Action.ALLOW)

STANDARD: Final = Policy(
    "standard",
    (
        ActionRule(Action.REDACT, families=(Family.SECRETS,), restore=False),
        ActionRule(Action.TAG, families=(Family.SAFETY,)),
    ),
)


def read_policy(text: str, *, known_types: Iterable[str] = ()) -> Policy:
    """Read a policy from TOML or JSON."""
    if len(text) > _MOST_CHARS:
        raise InvalidError("a policy is not that long", field="policy", remedy="Check the file.")
    return policy_from(_parse(text), known_types=known_types)


def policy_from(value: object, *, known_types: Iterable[str] = ()) -> Policy:
    """Read a policy from plain values."""
    given = _table(value, "policy", _FIELDS)
    known = frozenset(known_types)
    rules = given.get("rules", [])
    if not isinstance(rules, list) or len(rules) > _MOST_RULES:
        raise InvalidError(
            "rules is a list of tables", field="rules", remedy="Write [[rules]] before each."
        )
    uninspected = _action(given.get("uninspected", "block"), "uninspected", _UNINSPECTED)
    return Policy(
        name=_text(given.get("name", "unnamed"), "name"),
        rules=tuple(_rule(each, f"rules[{at}]", known) for at, each in enumerate(rules)),
        default=_action(given.get("default", "mask"), "default", tuple(Action)),
        uninspected=uninspected,
    )


def write_policy(policy: Policy) -> str:
    """Write a policy as JSON."""
    return json.dumps(policy.as_value(), indent=2, ensure_ascii=False)


def _parse(text: str) -> object:
    import tomllib  # noqa: PLC0415  (only who reads a file needs it; it costs each start)

    try:
        if text.lstrip()[:1] == "{":
            return json.loads(text)
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidError(
            f"the policy cannot be read: {str(error)[:200]}",
            field="policy",
            remedy="Write TOML, or a JSON object.",
        ) from error


def _rule(value: object, where: str, known: frozenset[str]) -> ActionRule:
    given = _table(value, where, _RULE_FIELDS)
    if "action" not in given:
        raise InvalidError(
            "a rule says what to do", field=f"{where}.action", remedy=_one_of(tuple(Action))
        )
    action = _action(given["action"], f"{where}.action", tuple(Action))
    to = _text(given.get("to", ""), f"{where}.to")
    if (action is Action.ROUTE) != bool(to):
        raise InvalidError(
            "only a rule that routes says where to, and it must",
            field=f"{where}.to",
            remedy='Write action = "route" together with to = "the restricted model".',
        )
    return ActionRule(
        action=action,
        types=tuple(_type(each, f"{where}.types", known) for each in _list(given, "types", where)),
        families=tuple(
            _family(each, f"{where}.families") for each in _list(given, "families", where)
        ),
        min_score=_score(given.get("min_score", 0.0), f"{where}.min_score"),
        restore=_flag(given.get("restore", True), f"{where}.restore"),
        to=to,
    )


def _table(value: object, where: str, fields: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidError("this is not a table", field=where, remedy="See docs/detect.md.")
    for name in value:
        if name not in fields:
            raise InvalidError(
                f"{str(name)[:60]!r} is not a field here",
                field=where,
                remedy=f"The fields are {', '.join(fields)}.",
            )
    return value


def _list(given: Mapping[str, Any], name: str, where: str) -> list[object]:
    value = given.get(name, [])
    if not isinstance(value, list):
        raise InvalidError(
            f"{name} is a list", field=f"{where}.{name}", remedy='Write ["…", "…"], even for one.'
        )
    return value


def _action(value: object, where: str, allowed: tuple[Action, ...]) -> Action:
    if isinstance(value, str) and value in {each.value for each in allowed}:
        return Action(value)
    raise InvalidError(
        f"{str(value)[:60]!r} is not an action here", field=where, remedy=_one_of(allowed)
    )


def _family(value: object, where: str) -> Family:
    if isinstance(value, str) and value in {each.value for each in Family}:
        return Family(value)
    raise InvalidError(
        f"{str(value)[:60]!r} is not a family", field=where, remedy=_one_of(tuple(Family))
    )


def _type(value: object, where: str, known: frozenset[str]) -> str:
    if not isinstance(value, str) or not TYPE_SHAPE.match(value):
        raise InvalidError(
            f"{str(value)[:60]!r} is not the name of a type",
            field=where,
            remedy="`muniment detect types` lists them, for example EMAIL_ADDRESS.",
        )
    if known and value not in known:
        raise InvalidError(
            f"nothing here finds the type {value!r}, so this rule would never act",
            field=where,
            remedy="`muniment detect types` lists what is found.",
        )
    return value


def _score(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise InvalidError(
            f"{str(value)[:60]!r} is not a score", field=where, remedy="Give a number from 0 to 1."
        )
    return float(value)


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidError(
            f"{str(value)[:60]!r} is neither true nor false", field=where, remedy="Write true."
        )
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or len(value) > 200 or not value.isprintable():
        raise InvalidError("this is not a short text", field=where, remedy="Write one short line.")
    return value


def _one_of(values: Iterable[Action | Family]) -> str:
    return f"Choose one of {', '.join(each.value for each in values)}."
