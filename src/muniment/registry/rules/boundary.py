"""Whether the boundary of a system is told completely, and what in it deserves a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from muniment.registry.models import Action, ComponentSort, Finding, PartKind, Profile

_ALWAYS: Final = (ComponentSort.MODEL_ENDPOINT, ComponentSort.PROMPT_LOG)


def missing_components(profile: Profile, kinds: Sequence[PartKind]) -> tuple[str, ...]:
    """Name the components that a system of this sort has and its boundary does not show."""
    there = {each.sort for each in profile.components}
    wanted = list(_ALWAYS)
    if PartKind.TOOLS in kinds:
        wanted.append(ComponentSort.TOOL)
    if ComponentSort.EMBEDDING_STORE in there:
        wanted.append(ComponentSort.RETRIEVER)
    if ComponentSort.RETRIEVER in there:
        wanted.append(ComponentSort.EMBEDDING_STORE)
    found = [each.value.replace("_", " ") for each in wanted if each not in there]
    if not any(each.entry_point for each in profile.components):
        found.append("an entry point")
    return tuple(found)


def remarks(profile: Profile) -> tuple[str, ...]:
    """Say what in a boundary is a finding by itself: what is shared, and acts beyond recall."""
    found = []
    for each in profile.components:
        if len(each.environments) > 1:
            places = " and ".join(sorted(each.environments))
            found.append(f"{each.name} is shared by {places}; they should be separate")
        if each.action is Action.IRREVERSIBLE and not _has_review(profile):
            found.append(f"{each.name} does what cannot be undone, and nobody looks at it before")
    return (*found, *_loose(profile))


def boundary_finding(profile: Profile, kinds: Sequence[PartKind]) -> Finding:
    """Judge the boundary as one check."""
    missing = missing_components(profile, kinds)
    if missing:
        return Finding("boundary", "not_met", f"The boundary does not show {', '.join(missing)}.")
    if said := remarks(profile):
        return Finding("boundary", "not_met", f"{said[0][:1].upper()}{said[0][1:]}.")
    told = (("component", len(profile.components)), ("flow", len(profile.flows)))
    counted = " and ".join(f"{count} {noun}{'' if count == 1 else 's'}" for noun, count in told)
    return Finding("boundary", "met", f"{counted} are told.")


def _has_review(profile: Profile) -> bool:
    return any(each.sort is ComponentSort.REVIEW_QUEUE for each in profile.components)


def _loose(profile: Profile) -> tuple[str, ...]:
    """Name data that flows into a component which is not said to hold data of that class."""
    holds: Mapping[str, set[str]] = {
        each.name: set(each.data_classes) for each in profile.components
    }
    found = []
    for flow in profile.flows:
        extra = sorted(set(flow.data_classes) - holds.get(flow.target, set()))
        if extra:
            found.append(f"{', '.join(extra)} flows into {flow.target}, which does not state it")
    return tuple(found)
