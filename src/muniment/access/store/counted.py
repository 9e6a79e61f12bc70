"""What is only counted: failures per bucket, refusals per minute, known devices, named sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from muniment.access.store.signin_tables import attempts_table as attempts
from muniment.access.store.signin_tables import devices_table as devices
from muniment.access.store.signin_tables import refusals_table as refusals
from muniment.access.store.signin_tables import sources_table as sources
from muniment.db import Work, insert_on


def failures(work: Work, bucket: str, *, forget_before: datetime) -> tuple[int, datetime | None]:
    """Give how many failures a bucket holds and until when it waits."""
    row = work.read(
        select(attempts.c.failures, attempts.c.until).where(
            attempts.c.bucket == bucket, attempts.c.last_at > forget_before
        )
    ).one_or_none()
    return (0, None) if row is None else (row.failures, row.until)


def hold_failures(work: Work, names: Iterable[str]) -> None:
    """Keep others from counting these buckets until this work ends, in one order for all."""
    for name in sorted(names):
        fresh = {"bucket": name, "failures": 0, "last_at": work.now, "until": work.now}
        work.insert_if_absent(attempts, fresh)
        held = select(attempts.c.bucket).where(attempts.c.bucket == name).with_for_update()
        work.read(held).one_or_none()


def set_failures(work: Work, bucket: str, count: int, until: datetime) -> None:
    """Keep how many failures a bucket holds and until when it waits."""
    values = {"failures": count, "last_at": work.now, "until": until}
    work.write(
        insert_on(work.dialect, attempts)
        .values(bucket=bucket, **values)
        .on_conflict_do_update(index_elements=["bucket"], set_=values)
    )


def clear_failures(work: Work, bucket: str) -> None:
    """Forget a bucket: whoever it slows down has shown who they are."""
    work.write(delete(attempts).where(attempts.c.bucket == bucket))


def forget(work: Work, *, failures_before: datetime, sources_before: datetime) -> None:
    """Erase counts and addresses that are too old to matter."""
    work.write(delete(attempts).where(attempts.c.last_at < failures_before))
    work.write(delete(sources).where(sources.c.seen_at < sources_before))
    work.write(delete(devices).where(devices.c.expires_at <= work.now))


def source_of(work: Work, address: str) -> str:
    """Give the id by which records name an address, making one if there is none."""
    found = work.read(select(sources.c.id).where(sources.c.address == address)).scalar()
    if found is None:
        row = {"address": address, "id": work.new_id("src"), "seen_at": work.now}
        work.insert_if_absent(sources, row)
        found = work.read(select(sources.c.id).where(sources.c.address == address)).scalar_one()
    else:
        work.write(update(sources).where(sources.c.id == found).values(seen_at=work.now))
    return str(found)


def count_refusals(work: Work, source: str, minute: datetime, account: str, times: int = 1) -> bool:
    """Count refusals; tell whether they are the first of their source in this minute."""
    there = work.read(
        select(refusals.c.source).where(refusals.c.source == source, refusals.c.minute == minute)
    ).first()
    work.write(
        insert_on(work.dialect, refusals)
        .values(source=source, minute=minute, account=account, count=times)
        .on_conflict_do_update(
            index_elements=["source", "minute", "account"],
            set_={"count": refusals.c.count + times},
        )
    )
    return there is None


def take_refusals(
    work: Work, before: datetime, *, limit: int
) -> Mapping[tuple[str, datetime], Mapping[str, int]]:
    """Take the counts of minutes that are over, by source and minute; each is given once."""
    asked = select(refusals, refusals.c.count.label("number")).where(refusals.c.minute < before)
    found: dict[tuple[str, datetime], dict[str, int]] = {}
    for row in work.read(asked.order_by(refusals.c.minute, refusals.c.source).limit(limit)):
        found.setdefault((row.source, row.minute), {})[row.account] = row.number
    for (source, minute), accounts in found.items():
        for account in accounts:
            work.write(
                delete(refusals).where(
                    refusals.c.source == source,
                    refusals.c.minute == minute,
                    refusals.c.account == account,
                )
            )
    return found


def add_device(work: Work, digest: str, account: str, days: int) -> None:
    """Remember a browser in which somebody has signed in."""
    expires_at = work.now + timedelta(days=days)
    work.write(insert(devices).values(digest=digest, account=account, expires_at=expires_at))


def knows_device(work: Work, digest: str, account: str) -> bool:
    """Tell whether this person has signed in with this browser before."""
    asked = select(devices.c.digest).where(
        devices.c.digest == digest,
        devices.c.account == account,
        devices.c.expires_at > work.now,
    )
    return work.read(asked).first() is not None
