"""What was said and shown beside a request: votes, openings, comments, links, delegations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from muniment.approvals.models import Answer, Comment, Delegation, Opening, State, Vote
from muniment.approvals.store.requests import salt
from muniment.approvals.store.tables import (
    comments_table,
    delegations_table,
    links_table,
    openings_table,
    requests_table,
    votes_table,
)
from muniment.core.digest import Digest
from muniment.db import Work


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link as it is kept: for whom, to what, until when; its secret is not here."""

    id: str
    request_id: str
    person: str
    expires_at: datetime
    followed_at: datetime | None


def add_vote(work: Work, vote: Vote) -> None:
    """Put an answer down."""
    row = {
        "id": vote.id,
        "request_id": vote.request_id,
        "digest": vote.digest,
        "answer": vote.answer.value,
        "person": vote.person,
        "acts_for": vote.acts_for,
        "by_rule": vote.by_rule,
        "roles": sorted(vote.roles),
        "reason": vote.reason,
        "at": vote.at,
        "seconds": vote.seconds,
        "signed_in": vote.signed_in,
        "salt": salt(),
    }
    work.write(insert(votes_table).values(row))


def votes(work: Work, request_id: str) -> tuple[Vote, ...]:
    """List every answer to a request, also those to older versions, the first one first."""
    table = votes_table
    query = select(table).where(table.c.request_id == request_id).order_by(table.c.at, table.c.id)
    return tuple(_vote(row) for row in work.read(query))


def overrides(work: Work, since: datetime, until: datetime) -> tuple[Vote, ...]:
    """List the overrides of a period, for whoever counts exceptions."""
    table = votes_table
    query = select(table).where(
        table.c.answer == Answer.OVERRIDE.value, table.c.at >= since, table.c.at < until
    )
    return tuple(_vote(row) for row in work.read(query.order_by(table.c.at, table.c.id)))


def add_opening(work: Work, opening_id: str, request_id: str, opening: Opening) -> None:
    """Put down that somebody was shown a version."""
    row = {
        "id": opening_id,
        "request_id": request_id,
        "person": opening.person,
        "digest": opening.digest,
        "at": opening.at,
    }
    work.write(insert(openings_table).values(row))


def opening_of(work: Work, request_id: str, person: str, digest: str) -> Opening | None:
    """Find when a person was last shown a version."""
    table = openings_table
    query = (
        select(table)
        .where(
            table.c.request_id == request_id,
            table.c.person == person,
            table.c.digest == digest,
        )
        .order_by(table.c.at.desc(), table.c.id.desc())
        .limit(1)
    )
    row = work.read(query).one_or_none()
    return None if row is None else Opening(row.person, Digest(row.digest), row.at)


def add_comment(work: Work, request_id: str, comment: Comment) -> None:
    """Put a remark down."""
    row = {
        "id": comment.id,
        "request_id": request_id,
        "person": comment.person,
        "text": comment.text,
        "at": comment.at,
        "salt": salt(),
    }
    work.write(insert(comments_table).values(row))


def comments(work: Work, request_id: str) -> tuple[Comment, ...]:
    """List the remarks beside a request, the first one first."""
    table = comments_table
    query = select(table).where(table.c.request_id == request_id).order_by(table.c.at, table.c.id)
    return tuple(Comment(row.id, row.person, row.text, row.at) for row in work.read(query))


def add_link(work: Work, link: Link, secret_digest: str) -> None:
    """Keep a link by the digest of its secret."""
    row = {
        "id": link.id,
        "request_id": link.request_id,
        "person": link.person,
        "secret_digest": secret_digest,
        "made_at": work.now,
        "expires_at": link.expires_at,
    }
    work.write(insert(links_table).values(row))


def link_by(work: Work, secret_digest: str) -> Link | None:
    """Find a link by the digest of its secret."""
    table = links_table
    row = work.read(select(table).where(table.c.secret_digest == secret_digest)).one_or_none()
    if row is None:
        return None
    return Link(row.id, row.request_id, row.person, row.expires_at, row.followed_at)


def follow_link(work: Work, link_id: str) -> bool:
    """Mark a link as followed; tell whether it was the first time."""
    table = links_table
    done = work.write(
        update(table)
        .where(table.c.id == link_id, table.c.followed_at.is_(None))
        .values(followed_at=work.now)
    )
    return done.count == 1


def add_delegation(work: Work, delegation: Delegation) -> None:
    """Put down that somebody may answer for another."""
    row = {
        "id": delegation.id,
        "giver": delegation.giver,
        "taker": delegation.taker,
        "matter": delegation.matter_kind,
        "reason": delegation.reason,
        "starts_at": delegation.starts_at,
        "ends_at": delegation.ends_at,
        "salt": salt(),
    }
    work.write(insert(delegations_table).values(row))


def delegations(work: Work, *, giver: str = "", taker: str = "") -> tuple[Delegation, ...]:
    """List delegations, the newest first."""
    table = delegations_table
    query = select(table).order_by(table.c.id.desc())
    if giver:
        query = query.where(table.c.giver == giver)
    if taker:
        query = query.where(table.c.taker == taker)
    return tuple(_delegation(row) for row in work.read(query))


def delegations_now(work: Work, matter_kind: str) -> tuple[Delegation, ...]:
    """List the delegations that hold now for matters of a kind."""
    table = delegations_table
    query = select(table).where(
        table.c.starts_at <= work.now,
        table.c.ends_at > work.now,
        table.c.ended_at.is_(None),
        table.c.matter.in_(("", matter_kind)),
    )
    return tuple(_delegation(row) for row in work.read(query.order_by(table.c.id)))


def delegation(work: Work, delegation_id: str) -> Delegation | None:
    """Read one delegation."""
    table = delegations_table
    row = work.read(select(table).where(table.c.id == delegation_id)).one_or_none()
    return None if row is None else _delegation(row)


def end_delegation(work: Work, delegation_id: str) -> bool:
    """End a delegation now; tell whether it was still held."""
    table = delegations_table
    done = work.write(
        update(table)
        .where(table.c.id == delegation_id, table.c.ended_at.is_(None))
        .values(ended_at=work.now)
    )
    return done.count == 1


def open_count(work: Work) -> int:
    """Count the open requests, up to a thousand; the inbox and the overview show it."""
    table = requests_table
    query = select(table.c.id).where(table.c.state == State.OPEN.value).limit(1_000)
    return len(work.read(query).all())


def _vote(row: Row[Any]) -> Vote:
    return Vote(
        id=row.id,
        request_id=row.request_id,
        digest=Digest(row.digest),
        answer=Answer(row.answer),
        person=row.person,
        roles=frozenset(row.roles),
        reason=row.reason,
        at=row.at,
        seconds=row.seconds,
        signed_in=row.signed_in,
        acts_for=row.acts_for,
        by_rule=row.by_rule,
    )


def _delegation(row: Row[Any]) -> Delegation:
    return Delegation(
        id=row.id,
        giver=row.giver,
        taker=row.taker,
        matter_kind=row.matter,
        reason=row.reason,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
    )
