"""That somebody checked the log away from this server is itself worth a line in it."""

from __future__ import annotations

from typing import Final

from muniment.core.actor import ActorKind
from muniment.core.errors import ForbiddenError, InvalidError
from muniment.db import Work
from muniment.ledger.kinds import Verified
from muniment.ledger.service.log import Log
from muniment.ledger.service.record import record

WAYS: Final = ("offline", "browser")


def note_verified(work: Work, log: Log, size: int, how: str) -> None:
    """Record that a person says they checked the log, up to so many entries, and how.

    It is their word and no proof; only who checks again knows.
    """
    if work.actor.kind is not ActorKind.PERSON:
        raise ForbiddenError(
            "only a person says that they checked it", remedy="Let a person sign in and say it."
        )
    if how not in WAYS:
        raise InvalidError("this is no way to check it", field="how", remedy="offline, or browser.")
    there = log.status().size
    if not 0 < size <= there:
        raise InvalidError(
            f"the ledger has {there:,} entries and never had {size:,}",
            field="size",
            remedy="Load the page again.",
        )
    record(work, Verified(size, how))
