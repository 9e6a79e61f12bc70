"""Quiet hours: until when somebody is left alone. An urgent notice always passes."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Final

from muniment.notices.models import Hours, Severity

DAY_MINUTES: Final = 24 * 60
_SATURDAY: Final = 5
_MOST_STEPS: Final = 4 * DAY_MINUTES // 15


def free_at(hours: Hours | None, zone: tzinfo, severity: Severity, at: datetime) -> datetime:
    """Give the moment from which a notice may disturb somebody: now, or when the quiet ends.

    It is found by walking the local clock, so that days on which clocks change are right too.
    """
    if hours is None or not hours.holds_anything:
        return at
    if severity is Severity.URGENT or severity.rank > hours.holds.rank:
        return at
    moment = at
    for _ in range(_MOST_STEPS):
        if not _is_quiet(hours, moment.astimezone(zone)):
            return moment
        moment = _next_quarter(moment)
    return at  # quiet for four days on end is no quiet but a mistake; nobody is lost in it


def read_minutes(text: str) -> int:
    """Read a time of day such as 22:30 as minutes; raise ValueError for anything else."""
    hour, colon, minute = text.partition(":")
    if not colon or not (hour + minute).isascii() or not (hour + minute).isdigit():
        raise ValueError("not a time of day")
    found = int(hour) * 60 + int(minute)
    if int(minute) > 59 or found >= DAY_MINUTES:
        raise ValueError("not a time of day")
    return found


def write_minutes(minutes: int) -> str:
    """Write minutes of the day as a person reads them."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _is_quiet(hours: Hours, local: datetime) -> bool:
    if hours.weekends and local.weekday() >= _SATURDAY:
        return True
    minute = local.hour * 60 + local.minute
    if hours.starts <= hours.ends:
        return hours.starts <= minute < hours.ends
    return minute >= hours.starts or minute < hours.ends


def _next_quarter(moment: datetime) -> datetime:
    """Step to the next quarter of an hour; every zone in use is a whole number of them from UTC."""
    whole = moment.replace(minute=moment.minute - moment.minute % 15, second=0, microsecond=0)
    return whole + timedelta(minutes=15)
