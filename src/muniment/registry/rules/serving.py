"""Corrections of what served: what remains of an interval, and what a statement may claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from muniment.core.errors import ConflictError, InvalidError
from muniment.registry.models import Cause, Deployment, Piece, Share, Source


def require_shares(shares: Sequence[Share]) -> tuple[Share, ...]:
    """Take shares that name each set once and make a hundred together."""
    if not shares:
        raise InvalidError("is empty", field="shares", remedy="Name a set and its share.")
    if any(not 1 <= each.percent <= 100 for each in shares):
        raise InvalidError("is out of range", field="shares", remedy="Give 1 to 100 per cent.")
    if len({each.set_digest for each in shares}) < len(shares):
        raise InvalidError("names a set twice", field="shares", remedy="Name each once.")
    if sum(each.percent for each in shares) != 100:
        raise InvalidError("do not make a hundred", field="shares", remedy="Let them make 100.")
    return tuple(shares)


def corrected(
    interval: Deployment, shares: Sequence[Share], starts_at: datetime, ends_at: datetime
) -> tuple[Piece, ...]:
    """Divide an interval: what is corrected in the middle, what stays as it was around it."""
    if interval.corrected_at is not None:
        raise ConflictError(
            "this interval was corrected already",
            subject=interval.id,
            remedy="Correct the one that stands now.",
        )
    if starts_at >= ends_at:
        raise InvalidError("it ends before it begins", field="ends_at", remedy="Swap the times.")
    end = interval.ends_at
    if starts_at < interval.starts_at or (end is not None and ends_at > end):
        raise InvalidError(
            "the correction reaches beyond the interval",
            field="starts_at",
            remedy="Correct each interval by itself.",
        )
    middle = Piece(require_shares(shares), starts_at, ends_at, Source.ASSERTED, Cause.CORRECTION)
    kept = Piece(interval.shares, interval.starts_at, starts_at, interval.source, interval.cause)
    pieces = [kept] if interval.starts_at < starts_at else []
    pieces.append(middle)
    if end is None or ends_at < end:
        pieces.append(replace(kept, starts_at=ends_at, ends_at=end))
    return tuple(pieces)
