"""Everything the schema lets a rule speak about: which action, by whom, over what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from muniment.policy.models import Bundle
from muniment.policy.rules.analysis import PRINCIPALS, Place

ACTIONS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "call": ("Model", PRINCIPALS),
    "answer": ("Model", PRINCIPALS),
    "use_tool": ("Tool", PRINCIPALS),
    "take_result": ("Tool", PRINCIPALS),
    "read_data": ("Dataset", PRINCIPALS),
    "release": ("System", ("Person", "Pipeline")),
    "declare": ("System", ("Person", "Pipeline")),
    "view": ("Area", PRINCIPALS),
    "change": ("Area", PRINCIPALS),
}


def places_of(bundle: Bundle) -> tuple[Place, ...]:
    """List where the rules of a bundle can speak."""
    return tuple(
        Place(action, principal, resource)
        for action, (resource, principals) in ACTIONS.items()
        if any(each.may_touch(action, resource) for each in bundle.rules)
        for principal in principals
    )


def places_where(action: str) -> tuple[Place, ...]:
    """List who could do an action at all."""
    resource, principals = ACTIONS[action]
    return tuple(Place(action, principal, resource) for principal in principals)
