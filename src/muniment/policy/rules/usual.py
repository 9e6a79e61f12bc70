"""The facts of an ordinary, harmless act: what a test changes one thing of.

Everything is registered, approved, low and clean. A rule that stops this stops everything.
"""

from __future__ import annotations

from typing import Any, Final

from muniment.core.errors import InvalidError
from muniment.policy.models import NAMESPACE, Facts, Thing
from muniment.policy.rules.places import ACTIONS

_TEXT: Final = {
    "inspected": True,
    "types": [],
    "families": [],
    "signals": [],
    "protected": [],
    "held": [],
}
_PLACE: Final = {"environment": "production", "region": "eu", "purpose": "support"}
_AT: Final = 1_790_000_000
_PRINCIPALS: Final[dict[str, dict[str, Any]]] = {
    "Person": {"strong": True},
    "Application": {"owner": "per_owner"},
    "Agent": {"owner": "per_owner"},
    "Pipeline": {"owner": "per_owner"},
}
SYSTEM: Final[dict[str, Any]] = {
    "registered": True,
    "state": "live",
    "tier": "limited",
    "eu_class": "minimal",
    "autonomy": "assists",
    "data_classes": [],
    "regions": ["eu"],
    "owner": "per_owner",
}
_RESOURCES: Final[dict[str, dict[str, Any]]] = {
    "Model": {
        "registered": True,
        "approved": True,
        "provider": "example",
        "region": "eu",
        "restricted": False,
        "training_allowed": False,
    },
    "Tool": {
        "registered": True,
        "permitted": True,
        "reversible": True,
        "pinned": True,
        "effect": "read",
    },
    "Dataset": {"registered": True, "classes": [], "region": "eu", "checked": True},
    "System": SYSTEM,
    "Area": {},
}
_CONTEXTS: Final[dict[str, dict[str, Any]]] = {
    "call": {
        "place": _PLACE,
        "text": _TEXT,
        "tokens": 500,
        "cost": 1_000,
        "at": _AT,
        "hour": 10,
        "subject_known": True,
    },
    "answer": {"place": _PLACE, "text": _TEXT, "tokens": 500, "at": _AT},
    "use_tool": {"place": _PLACE, "text": _TEXT, "at": _AT, "calls_today": 0},
    "take_result": {"place": _PLACE, "text": _TEXT, "at": _AT},
    "read_data": {"place": _PLACE, "at": _AT, "rows": 100},
    "release": {
        "place": _PLACE,
        "checks": [],
        "missing": [],
        "failed": [],
        "approvers": 2,
        "independent": True,
        "frozen": False,
        "emergency": False,
        "models": [],
        "tools": [],
        "providers": [],
        "share": 100,
    },
    "declare": {
        "place": _PLACE,
        "declared": [],
        "missing": [],
        "models": [],
        "tools": [],
        "providers": [],
    },
    "view": {"at": _AT, "own": False},
    "change": {"at": _AT, "own": False},
}
_WITH_SYSTEM: Final = ("call", "answer", "use_tool", "take_result", "read_data")


def usual(
    action: str,
    *,
    principal: str = "",
    roles: tuple[str, ...] = (),
    teams: tuple[str, ...] = (),
    ids: tuple[str, str, str] = ("somebody", "something", "sys_usual"),
    given: dict[str, dict[str, Any]] | None = None,
) -> Facts:
    """Make the facts of an ordinary act; `given` changes attributes and context, name by name.

    It has the parts principal, resource, system and context. Within the context a part such as
    `text` is changed name by name too; a value of None takes an optional fact away.
    """
    if action not in ACTIONS:
        raise InvalidError(
            f"{action[:40]!r} is not an action",
            field="action",
            remedy=f"Use one of {', '.join(ACTIONS)}.",
        )
    resource, principals = ACTIONS[action]
    kind = principal or ("Person" if action in ("view", "change", "release") else principals[-1])
    if kind not in principals:
        raise InvalidError(
            f"a {kind[:40]} does not {action}",
            field="principal",
            remedy=f"Use one of {', '.join(principals)}.",
        )
    changed = given or {}
    context = _over(_CONTEXTS[action], changed.get("context", {}))
    others: tuple[Thing, ...] = ()
    if action in _WITH_SYSTEM:
        context["system"] = {"__entity": {"type": f"{NAMESPACE}::System", "id": ids[2]}}
        others = (Thing("System", ids[2], _over(SYSTEM, changed.get("system", {}))),)
    parents = (*(("Role", each) for each in roles), *(("Team", each) for each in teams))
    return Facts(
        principal=Thing(
            kind, ids[0], _over(_PRINCIPALS[kind], changed.get("principal", {})), parents
        ),
        action=action,
        resource=Thing(resource, ids[1], _over(_RESOURCES[resource], changed.get("resource", {}))),
        context=context,
        others=others,
    )


def _over(usual_one: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
    found = dict(usual_one)
    for name, value in changed.items():
        before = found.get(name)
        if isinstance(before, dict) and isinstance(value, dict):
            found[name] = _over(before, value)
        elif value is None:
            found.pop(name, None)
        else:
            found[name] = value
    return found
