"""Everything that comes along: the patterns and data sheets of every detector of ours."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import Final

from muniment.core.errors import InvalidError
from muniment.detect.detectors import (
    banks,
    canaries,
    cards,
    crypto,
    dates,
    emails,
    handles,
    health,
    iban,
    national_ids_au,
    national_ids_br,
    national_ids_ca_sg,
    national_ids_de,
    national_ids_es,
    national_ids_europe,
    national_ids_fr,
    national_ids_in,
    national_ids_it,
    national_ids_nl_pt,
    national_ids_uk,
    national_ids_us,
    national_ids_world,
    network,
    phones,
    places,
    safety_abroad,
    safety_crimes,
    safety_general,
    safety_harm,
    safety_notes,
    safety_orders,
    safety_parts,
    safety_personas,
    safety_prompts,
    safety_reframing,
    safety_roles,
    safety_talk,
    safety_turns,
    safety_unbound,
    safety_voices,
    safety_voided,
    safety_wider,
    secrets_assigned,
    secrets_blocks,
    secrets_keys,
    secrets_urls,
    vehicles,
)
from muniment.detect.models import Configuration, Pattern, Sheet

MODULES: Final[tuple[ModuleType, ...]] = (
    banks,
    canaries,
    cards,
    crypto,
    dates,
    emails,
    handles,
    health,
    iban,
    national_ids_au,
    national_ids_br,
    national_ids_ca_sg,
    national_ids_de,
    national_ids_es,
    national_ids_europe,
    national_ids_fr,
    national_ids_in,
    national_ids_it,
    national_ids_nl_pt,
    national_ids_uk,
    national_ids_us,
    national_ids_world,
    network,
    phones,
    places,
    safety_abroad,
    safety_crimes,
    safety_general,
    safety_harm,
    safety_notes,
    safety_orders,
    safety_parts,
    safety_personas,
    safety_prompts,
    safety_roles,
    safety_talk,
    safety_turns,
    safety_unbound,
    safety_voided,
    safety_voices,
    safety_reframing,
    safety_wider,
    secrets_assigned,
    secrets_blocks,
    secrets_keys,
    secrets_urls,
    vehicles,
)


def patterns() -> tuple[Pattern, ...]:
    """Give the patterns of every detector."""
    return tuple(each for module in MODULES for each in module.PATTERNS)


def sheets() -> tuple[Sheet, ...]:
    """Give the data sheet of every type, in order of families."""
    found = [each for module in MODULES for each in module.SHEETS]
    return tuple(sorted(found, key=lambda sheet: (sheet.family, sheet.type)))


def chosen(configuration: Configuration, own: Iterable[Pattern] = ()) -> tuple[Pattern, ...]:
    """Give the patterns of ours that a configuration asks for, refusing types nobody knows."""
    everything = patterns()
    known = {each.type for each in (*everything, *own)}
    asked = (*configuration.types, *configuration.without, *configuration.also)
    unknown = sorted(set(asked) - known - _TYPES_OF_LAYERS)
    if unknown:
        raise InvalidError(
            f"there is no type {unknown[0][:80]!r}",
            field="types",
            remedy="`muniment.detect.sheets()` lists every type.",
        )
    return tuple(each for each in everything if each.blocks or wants(configuration, each))


def wants(configuration: Configuration, pattern: Pattern) -> bool:
    """Tell whether what this pattern finds is to be reported."""
    if pattern.type in configuration.without:
        return False
    if configuration.types:
        return pattern.type in configuration.types
    return not pattern.quiet or pattern.type in configuration.also


def facts(pattern: Pattern) -> list[str]:
    """Give everything about a pattern that changes what it finds, for the digest of a build."""
    numbers = (pattern.score, pattern.context_score, pattern.reach, pattern.group)
    switches = (pattern.ignore_case, pattern.firm, pattern.blocks)
    check = pattern.validator.__qualname__ if pattern.validator else ""
    words = sorted(pattern.context.phrases()) if pattern.context else []
    return [
        *(pattern.id, pattern.type, pattern.trigger, pattern.regex, pattern.joins, check),
        *(repr(each) for each in (*numbers, *switches, pattern.stops)),
        *words,
    ]


# Types that other layers than the patterns give, so that a configuration may name them.
_TYPES_OF_LAYERS: Final = frozenset(
    {"PERSON", "LOCATION", "ORGANIZATION", "NRP", "JOB_TITLE", "STREET_ADDRESS"}
)
