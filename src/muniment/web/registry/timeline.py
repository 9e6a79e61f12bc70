"""The timeline of a system: what served in each environment, what was seen, and a date to go to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from muniment import registry
from muniment.core.clock import stamp
from muniment.db import Work
from muniment.registry import Deployment, Source, System
from muniment.web.plots import Intervals, Span, Tone, intervals
from muniment.web.registry.cells import SYSTEMS, shares_text
from muniment.web.shows import Inset

_SHOWN: Final = 200
_LEAST: Final = timedelta(minutes=1)


def timeline_of(
    work: Work, system: System, *, environment: str, at: datetime | None = None
) -> Inset:
    """Draw what served when, with a line at a moment if one is meant."""
    found = [
        each
        for each in registry.deployments(work, system.id, limit=_SHOWN).rows
        if each.corrected_at is None
    ]
    here = f"{SYSTEMS}/{system.id}/at"
    names = [each.name for each in registry.environments_in_order(system.profile.environments)]
    return Inset(
        "Timeline",
        "registry/timeline.html",
        {
            "plot": _plot(work, system, found, at),
            "label": f"What served of {system.key}, and when",
            "action": here,
            "at": f"{at or work.now:%Y-%m-%d}",
            "environment": environment,
            "environments": tuple((name, name) for name in names),
            "steps": _steps(here, found, environment, at or work.now),
        },
        note=f"the newest {_SHOWN} intervals",
    )


def _plot(
    work: Work, system: System, found: list[Deployment], at: datetime | None
) -> Intervals | None:
    if not found:
        return None
    first = min(each.starts_at for each in found)
    lanes: list[tuple[str, list[Span]]] = []
    for place in registry.environments_in_order(system.profile.environments):
        mine = [_span(each, system) for each in found if each.environment == place.name]
        if mine:
            lanes.append((place.name, mine))
        seen = [
            Span(f"{each.name}, {each.by}", max(each.starts_at, first), each.ends_at, "info")
            for each in registry.observations(
                work, system.id, first, work.now, environment=place.name
            )
            if each.ends_at > each.starts_at
        ]
        if seen:
            lanes.append((f"seen in {place.name}", seen))
    suspended = [
        Span(f"suspended: {each.reason}", max(each.starts_at, first), each.ends_at, "stop")
        for each in registry.suspensions(work, system.id, first, work.now)
    ]
    if suspended:
        lanes.append(("suspended", suspended))
    start = min(first, at) if at is not None else first
    return intervals(
        [(name, tuple(spans)) for name, spans in lanes],
        start=start,
        end=max(work.now, start + _LEAST),
        cursor=at,
    )


def _span(each: Deployment, system: System) -> Span:
    tone: Tone = "unknown" if each.source is Source.ASSERTED else "accent"
    if each.cause.value == "rollback":
        tone = "look"
    query = urlencode({"environment": each.environment, "at": stamp(each.starts_at)})
    href = f"{SYSTEMS}/{system.id}/at?{query}"
    return Span(shares_text(each), each.starts_at, each.ends_at, tone, href)


def _steps(
    here: str, found: list[Deployment], environment: str, at: datetime
) -> tuple[tuple[str, str], ...]:
    """Link to the change before a moment, and to the one after it."""
    begun = sorted(each.starts_at for each in found if each.environment == environment)
    before = [each for each in begun if each < at]
    later = [each for each in begun if each > at]
    places = []
    if before:
        places.append(("The change before", before[-1]))
    if later:
        places.append(("The change after", later[0]))
    return tuple(
        (name, f"{here}?{urlencode({'environment': environment, 'at': stamp(when)})}")
        for name, when in places
    )
