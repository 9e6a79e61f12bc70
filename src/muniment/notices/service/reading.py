"""What can be read of notices of others: who was told, what left, how it fared."""

from __future__ import annotations

from datetime import timedelta

from muniment import access
from muniment.core.page import Page
from muniment.db import Work
from muniment.notices import store
from muniment.notices.models import (
    Channel,
    Group,
    MessageState,
    Outgoing,
    Severity,
    Subscription,
)
from muniment.notices.service.setting import AREA

READ = "notices.read"


def all_notices(
    work: Work,
    *,
    severity: Severity | None = None,
    unseen_only: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Group]:
    """List every notice, newest first."""
    access.require(work, READ, AREA)
    return store.groups.all_told(
        work, severity=severity, unseen_only=unseen_only, cursor=cursor, limit=limit
    )


def messages(
    work: Work,
    *,
    channel_id: str = "",
    state: MessageState | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Outgoing]:
    """List what left or is about to leave, newest first."""
    access.require(work, READ, AREA)
    return store.messages.find(work, channel_id=channel_id, state=state, cursor=cursor, limit=limit)


def channels(work: Work) -> tuple[Channel, ...]:
    """List every channel; where it leads stays sealed."""
    access.require(work, READ, AREA)
    return store.channels.channels(work)


def channel(work: Work, channel_id: str) -> tuple[Channel, tuple[Subscription, ...]]:
    """Read one channel with who takes notices over it."""
    access.require(work, READ, AREA)
    return store.channels.channel(work, channel_id), store.channels.subscriptions(work, channel_id)


def counts(work: Work, days: int = 7) -> dict[str, dict[MessageState, int]]:
    """Count the messages of some days by channel and how they fared."""
    access.require(work, READ, AREA)
    return store.messages.counts(work, work.now - timedelta(days=days))
