"""Windows of limits, by the calendar of UTC."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from muniment.exchanges.models import Window

_NOW: Final = "now"


def window_of(window: Window, at: datetime) -> str:
    """Name the window that a moment lies in; names sort as time does."""
    match window:
        case Window.MINUTE:
            return f"{at:%Y-%m-%dT%H:%M}"
        case Window.HOUR:
            return f"{at:%Y-%m-%dT%H}"
        case Window.DAY:
            return f"{at:%Y-%m-%d}"
        case Window.MONTH:
            return f"{at:%Y-%m}"
        case Window.NOW:
            return _NOW


def next_after(window: Window, at: datetime) -> datetime | None:
    """Say when the window after this one begins; what counts only now has none."""
    start = at.replace(second=0, microsecond=0)
    match window:
        case Window.MINUTE:
            return start + timedelta(minutes=1)
        case Window.HOUR:
            return start.replace(minute=0) + timedelta(hours=1)
        case Window.DAY:
            return start.replace(minute=0, hour=0) + timedelta(days=1)
        case Window.MONTH:
            first = start.replace(minute=0, hour=0, day=1)
            return (first + timedelta(days=32)).replace(day=1)
        case Window.NOW:
            return None
