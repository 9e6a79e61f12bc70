"""Whose quiet hours hold: one's own, else those of the installation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.notices import rules, store
from muniment.notices.models import Hours
from muniment.settings import Settings


def zone_of(name: str) -> tzinfo:
    """Find a time zone; one this machine does not know is UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def zones() -> tuple[str, ...]:
    """List the time zones there are to choose from."""
    return tuple(sorted(available_timezones() | {"UTC"}))


def hours_for(work: Work, settings: Settings, people: Collection[str]) -> dict[str, Hours | None]:
    """Give the quiet hours of some people; under an empty name those of everybody else."""
    everybody = installation_hours(settings)
    return {"": everybody, **store.channels.hours_of(work, people)}


def installation_hours(settings: Settings) -> Hours | None:
    """Read the quiet hours of whoever has none of their own."""
    given = settings.notices
    if not given.quiet_from and not given.quiet_until:
        return None
    starts = _minutes(given.quiet_from, "notices.quiet_from")
    ends = _minutes(given.quiet_until, "notices.quiet_until")
    hours = Hours("", given.quiet_zone, starts, ends)
    return rules.require_hours(hours, zones())


def _minutes(text: str, field: str) -> int:
    try:
        return rules.read_minutes(text)
    except ValueError:
        raise InvalidError(
            f"{text[:20]!r} is not a time of day", field=field, remedy="Write it as 22:00."
        ) from None
