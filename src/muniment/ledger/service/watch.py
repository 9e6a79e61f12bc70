"""Looks after the log from inside: verifies it now and then, and knows from memory how it is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from muniment.core.errors import MunimentError
from muniment.ledger.models import HealthState, LogHealth, LogStatus
from muniment.verify import MET, NOT_MET, Report, Trust, parse_vkey, verify_folder

if TYPE_CHECKING:
    from muniment.ledger.service.log import Log

_LOOK_EVERY_SECONDS: Final = 2
_VERIFIED_FOR_SECONDS: Final = 2 * 3_600


@dataclass(slots=True)
class Seen:
    """What was seen last: when the whole log verified, what was wrong, and how long it was."""

    verified_at: datetime | None = None
    failed: str = ""
    looked_at: float | None = None  # by the clock that never runs back
    status: LogStatus | None = None


def check(log: Log) -> Report:
    """Verify the whole log on disk with its own keys."""
    keys = tuple(parse_vkey(vkey) for vkey in log.vkeys())
    report = verify_folder(log.tiles.root, Trust(keys=keys))
    if report.answer == MET:
        log.seen.verified_at, log.seen.failed = log.database.clock.now(), ""
    elif report.answer == NOT_MET:
        log.seen.failed = report.findings[0].message if report.findings else report.opening
    return report


def health(log: Log, seen: Seen) -> LogHealth:
    """Say from memory how the log is; the database is asked at most every few seconds."""
    now, ticks = log.database.clock.now(), log.database.clock.monotonic()
    if seen.looked_at is None or ticks - seen.looked_at > _LOOK_EVERY_SECONDS:
        seen.looked_at = ticks
        with suppress(MunimentError):  # not begun, or out of reach: what we saw last stands
            seen.status = log.status()
    status = seen.status
    return LogHealth(
        _state(log.broken or seen.failed, seen.verified_at, now),
        status.size if status else 0,
        status.waiting if status else 0,
        seen.verified_at,
    )


def _state(wrong: str, verified_at: datetime | None, now: datetime) -> HealthState:
    if wrong:
        return HealthState.BROKEN
    if verified_at is None:
        return HealthState.UNKNOWN
    late = (now - verified_at).total_seconds() > _VERIFIED_FOR_SECONDS
    return HealthState.LATE if late else HealthState.VERIFIED
