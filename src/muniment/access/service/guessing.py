"""Slows guessing down, and records refusals without letting a flood fill the ledger.

A try is counted before it is judged, so that many at once cannot slip through together, and given
back when it was right. The first refusal of a source in a minute is recorded at once; the others
are counted and recorded as one number when the minute is over. Whether an account exists makes no
difference to any of this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from muniment.access import store
from muniment.access.models import Caller
from muniment.access.rules.secrets import secret_digest
from muniment.access.rules.throttle import (
    FORGET_AFTER,
    Bucket,
    account_key,
    buckets,
    delay_after,
    source_address,
    wait_seconds,
)
from muniment.access.service.reception import Reception, digest_of, fresh_secret
from muniment.core.actor import system_actor
from muniment.core.clock import stamp
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.signin import SignInFailed, SignInsRefused

SIGN_IN: Final = system_actor("sign-in")
_DEVICE_DAYS: Final = 180
_ROWS_AT_ONCE: Final = 2_000
_PEOPLE_NAMED: Final = 50
_SOURCES_KEPT: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was counted: where, and how long one has to wait before the next."""

    buckets: tuple[Bucket, ...]
    wait_seconds: int = 0


def begin_try(reception: Reception, account: str, caller: Caller, way: str) -> Try:
    """Count a try before it is judged; if one has to wait, nothing is judged at all."""
    key = account_key(account)
    source = source_address(caller.address)
    with reception.database.work(SIGN_IN) as work:
        device = digest_of(caller.device, "device")
        known = bool(device) and store.knows_device(work, device, key)
        named = buckets(key, source, device if known else "")
        store.hold_failures(work, (each.name for each in named))
        wait = max(wait_seconds(_until(work, each), work.now) for each in named)
        if not wait:
            for each in named:
                _count(work, each)
        else:
            refused(work, caller, way=way, why="too many")
    return Try(named, wait)


def end_try(work: Work, tried: Try) -> None:
    """Give a try back: it was right. What a source did to other accounts stays counted."""
    store.clear_failures(work, tried.buckets[0].name)
    for each in tried.buckets[1:]:
        count, until = store.failures(work, each.name, forget_before=work.now - FORGET_AFTER)
        if count:
            store.set_failures(work, each.name, count - 1, min(until or work.now, work.now))


def refused(work: Work, caller: Caller, *, way: str, why: str, person: str = "") -> None:
    """Record a refusal, or count it if its source was refused in this minute before."""
    count_refusals(work, source_address(caller.address), way=way, why=why, person=person)


def count_refusals(
    work: Work, address: str, *, way: str, why: str, person: str = "", times: int = 1
) -> None:
    """Count refusals of a source in this minute; its first is recorded at once."""
    source = store.source_of(work, address)
    minute = work.now.replace(second=0, microsecond=0)
    if store.count_refusals(work, source, minute, person or "-", times):
        record(work, SignInFailed(source=source, way=way, why=why, person=person))


def record_refusals(work: Work) -> int:
    """Record the refusals of minutes that are over, one record a source and minute; give how many.

    The counts are taken in the same transaction, so none is lost and none recorded twice.
    """
    this_minute = work.now.replace(second=0, microsecond=0)
    taken = store.take_refusals(work, this_minute, limit=_ROWS_AT_ONCE)
    return sum(
        _record_minute(work, source, minute, dict(people))
        for (source, minute), people in taken.items()
    )


def forget_old(work: Work) -> None:
    """Erase counts, devices and addresses that are too old to matter."""
    store.forget(
        work,
        failures_before=work.now - FORGET_AFTER,
        sources_before=work.now - _SOURCES_KEPT,
    )


def remember_device(work: Work, account: str, caller: Caller) -> str:
    """Remember the browser in which somebody signed in; give its secret if it is new."""
    key = account_key(account)
    if caller.device:
        shown = digest_of(caller.device, "device")
        if shown and store.knows_device(work, shown, key):
            return ""
    secret, _ = fresh_secret("device")
    store.add_device(work, secret_digest(secret, of="device"), key, _DEVICE_DAYS)
    return secret


def _record_minute(work: Work, source: str, minute: datetime, people: dict[str, int]) -> int:
    count = sum(people.values())
    if count == 1:
        return 0  # its own record stands already
    named = sorted(((n, who) for who, n in people.items() if who != "-"), reverse=True)
    told = {who: number for number, who in named[:_PEOPLE_NAMED]}
    record(work, SignInsRefused(source=source, minute=stamp(minute), count=count, people=told))
    return 1


def _until(work: Work, bucket: Bucket) -> datetime | None:
    return store.failures(work, bucket.name, forget_before=work.now - FORGET_AFTER)[1]


def _count(work: Work, bucket: Bucket) -> None:
    before, _ = store.failures(work, bucket.name, forget_before=work.now - FORGET_AFTER)
    count = before + 1
    store.set_failures(work, bucket.name, count, work.now + delay_after(count, bucket.free))
