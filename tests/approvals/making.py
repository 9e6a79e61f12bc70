"""Requests, voters and votes for tests, each with what a test does not care about filled in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from muniment.approvals import Answer, Matter, Need, Request, Rule, State, Timing, Version, Vote
from muniment.approvals.models import Voter
from muniment.core.digest import Digest

AT = datetime(2026, 11, 20, 14, 27, tzinfo=UTC)
MATTER = Matter(
    kind="registry.deploy",
    subject=("system", "sys_1"),
    title="Deploy credit-score 4 to production",
    document={"model": "sha256:aa", "share": 10},
    consequence="Credit decisions are made by version 4.",
)


def a_request(
    rule: Rule | None = None,
    *,
    author: str = "per_ada",
    owner: str = "per_olga",
    written_by: str = "",
    expires_at: datetime | None = None,
) -> Request:
    """Make an open request."""
    version = Version(1, MATTER.digest, MATTER.document, written_by or author, AT)
    return Request(
        id="apr_1",
        matter=MATTER,
        rule=rule or Rule(),
        timing=Timing(expires_at=expires_at),
        author=author,
        owner=owner,
        version=version,
        state=State.OPEN,
        asked_at=AT,
    )


def a_voter(person: str = "per_bo", *roles: str, strong: bool = False, acts_for: str = "") -> Voter:
    """Make somebody who is about to answer."""
    return Voter(person, frozenset(roles), strong, acts_for)


def a_vote(
    person: str,
    *roles: str,
    answer: Answer = Answer.APPROVE,
    digest: str = MATTER.digest,
    acts_for: str = "",
) -> Vote:
    """Make an answer to the current version."""
    vote = Vote(
        id=f"vot_{person}",
        request_id="apr_1",
        digest=MATTER.digest,
        answer=answer,
        person=person,
        roles=frozenset(roles),
        reason=f"{person} says so",
        at=AT,
        seconds=31,
        signed_in="passkey",
        acts_for=acts_for,
    )
    return replace(vote, digest=Digest(digest)) if digest != MATTER.digest else vote


def needs(*roles: str) -> tuple[Need, ...]:
    """Ask for one person of each role."""
    return tuple(Need(1, role) for role in roles)
