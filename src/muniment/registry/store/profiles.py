"""How what is stated about a system rests in a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from muniment.registry.models import (
    Action,
    AiRole,
    Autonomy,
    Component,
    ComponentSort,
    Environment,
    Flow,
    Profile,
    Stage,
)


def kept_profile(profile: Profile) -> dict[str, Any]:
    """Write a profile as the row keeps it."""
    kept: dict[str, Any] = _plain(asdict(profile))
    if not profile.eu_class:  # so it stands as it did before there was such a field
        del kept["eu_class"]
    return kept


def read_kept_profile(kept: Mapping[str, Any]) -> Profile:
    """Read a profile back from its row."""
    lists = {
        name: tuple(kept[name])
        for name in ("data_classes", "data_sources", "regions", "commitments")
    }
    return Profile(
        **{
            **kept,
            **lists,
            "autonomy": Autonomy(kept["autonomy"]),
            "role": AiRole(kept["role"]),
            "environments": tuple(
                Environment(each["name"], Stage(each["stage"])) for each in kept["environments"]
            ),
            "components": tuple(_component(each) for each in kept["components"]),
            "flows": tuple(
                Flow(each["source"], each["target"], tuple(each["data_classes"]))
                for each in kept["flows"]
            ),
        }
    )


def _component(kept: Mapping[str, Any]) -> Component:
    return Component(
        **{
            **kept,
            "sort": ComponentSort(kept["sort"]),
            "action": Action(kept["action"]),
            "environments": tuple(kept["environments"]),
            "data_classes": tuple(kept["data_classes"]),
            "made_of": tuple(kept["made_of"]),
        }
    )


def _plain(value: object) -> Any:  # noqa: ANN401 any JSON
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, StrEnum) else value
