"""What is one's own: the inbox, having seen something, addresses, quiet hours."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from muniment import access, ledger
from muniment.core.actor import ActorKind
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.core.page import Page
from muniment.db import Work
from muniment.ledger.kinds.notices import HoursSet, PutBack, SeenBy, Unsubscribed
from muniment.notices import rules, store
from muniment.notices.models import (
    Channel,
    Hours,
    Seen,
    Severity,
    SubscriberKind,
    Subscription,
    Telling,
)
from muniment.notices.service.courier import Courier
from muniment.notices.service.quiet import zones
from muniment.notices.service.setting import subscribed

_LONGEST_ADDRESS: Final = 254
_MOST_IDS: Final = 500


def inbox(
    work: Work,
    *,
    unseen_only: bool = False,
    severity: Severity | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Seen]:
    """List what the reader was told, newest first, and how it left."""
    if work.actor.kind is not ActorKind.PERSON:
        return Page(())
    page = store.groups.inbox(
        work,
        work.actor.id,
        unseen_only=unseen_only,
        severity=severity,
        cursor=cursor,
        limit=limit,
    )
    sent = store.messages.of_groups(work, [group.id for group, _ in page.rows])
    rows = tuple(
        Seen(group, telling, tuple(m for m in sent[group.id] if m.person in ("", telling.person)))
        for group, telling in page.rows
    )
    return Page(rows, page.next_cursor)


def count_unseen(work: Work) -> int:
    """Count what the reader has not looked at and what still matters."""
    if work.actor.kind is not ActorKind.PERSON:
        return 0
    return store.groups.count_unseen(work, work.actor.id)


def notice(work: Work, notice_id: str) -> tuple[Seen, tuple[Telling, ...]]:
    """Read one notice with whom else it was told: one's own, or any under its permission."""
    found = store.groups.one_told(work, work.actor.id, notice_id)
    if found is None:
        access.require(work, "notices.read", access.Scope.of(console="notices"))
        group = store.groups.get(work, notice_id)
        found = group, Telling("", notice_id, "", "", group.opened_at)
    sent = store.messages.of_groups(work, [notice_id])[notice_id]
    return Seen(*found, sent), store.groups.tellings(work, notice_id)


def is_mine(work: Work, notice_id: str) -> bool:
    """Tell whether the reader was told of a notice."""
    return store.groups.one_told(work, work.actor.id, notice_id) is not None


def is_new(work: Work, notice_id: str) -> bool:
    """Tell whether the reader, acting by themselves, was told of a notice and did not look yet."""
    found = store.groups.one_told(work, work.actor.id, notice_id)
    if found is None or found[1].seen_at is not None:
        return False
    return access.standing(work, work.actor).is_person


def see(work: Work, notice_ids: Collection[str], *, how: str = "opened") -> tuple[str, ...]:
    """Write that the reader has looked at some notices; what was told to others is left alone."""
    person = _me(work)
    if len(notice_ids) > _MOST_IDS:
        raise InvalidError(
            "these are too many at once", field="ids", remedy=f"Give {_MOST_IDS} at most."
        )
    fresh = store.groups.see(work, person, set(notice_ids)) if notice_ids else ()
    if fresh:
        ledger.record(work, SeenBy(fresh, person, how))
    return fresh


def put_back(work: Work, at: datetime) -> tuple[str, ...]:
    """Take back that the reader looked at what they marked at a moment; it is new again."""
    person = _me(work)
    back = store.seeing.put_back(work, person, at)
    if not back:
        raise ConflictError(
            "nothing of yours was marked at this moment, or it is new again already",
            field="at",
            remedy="Look at your notices.",
        )
    ledger.record(work, PutBack(back, person))
    return back


def see_all(work: Work) -> tuple[str, ...]:
    """Write that the reader has looked at everything in the inbox."""
    person = _me(work)
    waiting = store.groups.inbox(work, person, unseen_only=True, limit=_MOST_IDS)
    return see(work, [group.id for group, _ in waiting.rows], how="all at once")


def offered_channels(work: Work) -> tuple[Channel, ...]:
    """List the channels a person can choose."""
    return tuple(each for each in store.channels.channels(work) if each.active and each.personal)


def channel_names(work: Work) -> tuple[Channel, ...]:
    """List every channel, to name what a reader's own notices left by; where to stays sealed."""
    return store.channels.channels(work)


def own_subscriptions(work: Work) -> tuple[Subscription, ...]:
    """List what the reader takes notices over."""
    if work.actor.kind is not ActorKind.PERSON:
        return ()
    found = store.channels.subscriptions_of(work, [work.actor.id], [])
    return tuple(each for each in found if each.kind is SubscriberKind.PERSON)


def subscribe(
    work: Work,
    courier: Courier,
    channel_id: str,
    address: str,
    *,
    least: Severity = Severity.INFO,
) -> Subscription:
    """Take notices over a channel, at one's own address."""
    person = _me(work)
    channel = store.channels.channel(work, channel_id)
    if not channel.personal or not channel.active:
        raise NotFoundError(
            "this channel is not offered", subject=channel_id[:60], remedy="Choose another."
        )
    said = address.strip()
    if not said or len(said) > _LONGEST_ADDRESS or not said.isprintable():
        raise InvalidError(
            "is empty or too long", field="address", remedy="Give an address of yours."
        )
    made_id = work.new_id("sub")
    placed = courier.place(channel, courier.open(channel), said)
    courier.notifier(channel.via).require(placed)
    key_id, sealed = courier.seal_address(made_id, said)
    made = Subscription(
        made_id,
        channel_id,
        SubscriberKind.PERSON,
        person,
        Severity(least),
        work.now,
        key_id,
        sealed,
    )
    store.channels.subscribe(work, made)
    ledger.record(work, subscribed(made))
    return made


def unsubscribe(work: Work, subscription_id: str) -> None:
    """Take no more notices over a channel; the address is removed."""
    person = _me(work)
    gone = store.channels.remove_subscriptions(
        work, person, kind=SubscriberKind.PERSON, ids=[subscription_id]
    )
    if not gone:
        raise NotFoundError("you have no such subscription", subject=subscription_id[:60])
    ledger.record(work, Unsubscribed(gone, person, why="ended"))


def own_hours(work: Work) -> Hours | None:
    """Read the reader's quiet hours."""
    return store.channels.hours_of(work, [work.actor.id]).get(work.actor.id)


def set_hours(
    work: Work,
    *,
    zone: str,
    starts: str,
    ends: str,
    weekends: bool = False,
    holds: Severity = Severity.LOOK,
) -> Hours:
    """Be left alone at some hours, up to a severity; what is urgent comes at all hours."""
    person = _me(work)
    if holds is Severity.URGENT:
        raise InvalidError(
            "what is urgent is never held back", field="holds", remedy="Choose info or look."
        )
    hours = Hours(
        person,
        zone.strip() or "UTC",
        _minutes(starts, "starts"),
        _minutes(ends, "ends"),
        weekends,
        Severity(holds),
    )
    rules.require_hours(hours, zones())
    store.channels.set_hours(work, hours)
    ledger.record(work, HoursSet(person))
    return hours


def clear_hours(work: Work) -> bool:
    """Have no quiet hours of one's own any more."""
    person = _me(work)
    removed = store.channels.remove_hours(work, person)
    if removed:
        ledger.record(work, HoursSet(person))
    return removed


def _minutes(text: str, field: str) -> int:
    try:
        return rules.read_minutes(text.strip())
    except ValueError:
        raise InvalidError(
            f"{text[:20]!r} is not a time of day", field=field, remedy="Write it as 22:00."
        ) from None


def _me(work: Work) -> str:
    """Name the person who acts by themselves, signed in; a key looks at nothing and has no ears."""
    if work.actor.kind is ActorKind.PERSON:
        found = access.standing(work, work.actor)
        if found.is_person and not found.problem and found.person_id is not None:
            return found.person_id
    raise ForbiddenError("this is for a person who is signed in", remedy="Do it in the console.")
