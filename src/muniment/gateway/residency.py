"""Where a call may go: the regions its data stays in, and the classes of data a model may be given.

Both are hard constraints that stand beside the rules, and no rule widens them. They come from the
registry; a caller can narrow them for one call and never widen them. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from muniment.core.errors import InvalidError
from muniment.detect import Finding
from muniment.gateway.exchange import Route
from muniment.gateway.facts import is_signal

REGION_HEADER: Final = "x-muniment-region"
CLASSES_HEADER: Final = "x-muniment-data-classes"
INSIDE: Final = frozenset({"echo", "scripted", "fixed"})
"""Providers that answer within this process: nothing leaves, so no border is crossed."""
_MOST: Final = 20
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is demanded of a route; no regions at all means that none was named."""

    regions: frozenset[str] | None = None
    classes: frozenset[str] = frozenset()

    def against(self, route: Route) -> str:
        """Say why a route is out of bounds, or nothing where it is not."""
        if self.regions is not None and not _is_in(route.region.lower(), self.regions):
            where = route.region or "a region that is not known"
            return f"it is in {where}, and the data stays in {_listed(self.regions)}"
        if route.data_classes is not None and not self.classes <= route.data_classes:
            return f"it may not be given {_listed(self.classes - route.data_classes)}"
        return ""


def bounds_of(
    regions: Iterable[str],
    classes: Iterable[str],
    headers: Mapping[str, str],
    findings: Iterable[Finding],
) -> Bounds:
    """Say what is demanded: by what is stated of the system, by the caller, by what was found."""
    stated = frozenset(each.lower() for each in regions)
    asked = _words(headers, REGION_HEADER)
    allowed = stated or asked or None
    if stated and asked:
        allowed = frozenset(each for each in asked if _is_in(each, stated))
    found = frozenset(each.family.value for each in findings if not is_signal(each))
    told = frozenset(each.lower() for each in classes) | _words(headers, CLASSES_HEADER)
    return Bounds(allowed, told | found)


def within(routes: Iterable[Route], bounds: Bounds) -> tuple[tuple[Route, ...], tuple[str, ...]]:
    """Keep the routes within bounds, and say of each other one why it is not."""
    given = tuple(routes)
    kept, reasons = [], []
    for each in given:
        why = "" if each.kind in INSIDE else bounds.against(each)
        if why:
            reasons.append(f"{each.label}: {why}"[:200])
        else:
            kept.append(each)
    return (tuple(kept) if reasons else given), tuple(reasons)


def _is_in(region: str, allowed: frozenset[str]) -> bool:
    """Tell whether a region is one of these, or a part of one: eu-west-1 is in eu."""
    return bool(region) and any(region == each or region.startswith(f"{each}-") for each in allowed)


def _words(headers: Mapping[str, str], name: str) -> frozenset[str]:
    given = [each.strip().lower() for each in headers.get(name, "").split(",") if each.strip()]
    if len(given) > _MOST or any(len(each) > _LONGEST for each in given):
        raise InvalidError(
            f"names more than {_MOST}, or one too long", field=name, remedy="Name fewer."
        )
    return frozenset(given)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or "no region at all"
