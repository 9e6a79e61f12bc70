"""What is asked, who must say yes, and what was said: each bound to one exact digest.

A request is about a matter. The matter's document is what the approver sees, and its digest is what
a vote is bound to: when the document changes, a new version stands, and what was said of the old
one is void. Documents hold facts, digests and short words; content rests in the vault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from muniment.core.digest import Digest, digest_value

ThreeAnswers = Literal["met", "not_met", "could_not_tell"]


class State(StrEnum):
    """Where a request stands; every state but the first is final, save that a yes can be used."""

    OPEN = "open"
    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    USED = "used"


class Answer(StrEnum):
    """What a person says of a matter."""

    APPROVE = "approve"
    APPROVE_WITH_CHANGE = "approve_with_change"
    DENY = "deny"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Check:
    """Something that was looked at before the question was asked, with one of three answers."""

    name: str
    verdict: ThreeAnswers
    says: str


@dataclass(frozen=True, slots=True)
class Need:
    """So many people, of a role if one is named."""

    count: int = 1
    role: str = ""

    def __str__(self) -> str:
        people = "one person" if self.count == 1 else f"{self.count} people"
        return f"{people} with the role {self.role}" if self.role else people


@dataclass(frozen=True, slots=True)
class Rule:
    """Who must say yes: each person counts for one need only.

    `strong` asks for a second factor, as production does. `change_needs_another` lets nobody pass
    alone what they have changed themselves. Holders of `escalate_to` count for any need once the
    request was escalated; holders of `override_role` may put a yes in place of all needs, which is
    counted as an exception.
    """

    needs: tuple[Need, ...] = (Need(),)
    not_author: bool = True
    not_owner: bool = False
    strong: bool = False
    change_needs_another: bool = False
    escalate_to: str = ""
    override_role: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """What is asked: of which kind, about what, and exactly what would be so after a yes."""

    kind: str
    subject: tuple[str, str]
    title: str
    document: Mapping[str, Any]
    consequence: str
    before: Mapping[str, Any] | None = None
    checks: tuple[Check, ...] = ()
    policies: tuple[str, ...] = ()
    scope: Mapping[str, str] = field(default_factory=dict)
    href: str = ""

    @property
    def digest(self) -> Digest:
        """Fingerprint exactly what a yes would allow: the kind, the subject and the document."""
        return matter_digest(self.kind, self.subject, self.document)


def matter_digest(kind: str, subject: tuple[str, str], document: Mapping[str, Any]) -> Digest:
    """Fingerprint a matter from its parts."""
    return digest_value([kind, list(subject), dict(document)])


@dataclass(frozen=True, slots=True)
class Timing:
    """When a request reminds, is escalated and ends; nothing given means it does not."""

    expires_at: datetime | None = None
    escalates_at: datetime | None = None
    remind_every_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Version:
    """One exact document of a request, and who wrote it."""

    number: int
    digest: Digest
    document: Mapping[str, Any]
    author: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """A question that waits for a yes, or got its answer."""

    id: str
    matter: Matter
    rule: Rule
    timing: Timing
    author: str
    owner: str
    version: Version
    state: State
    asked_at: datetime
    single_use: bool = False
    escalated_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    reminded_at: datetime | None = None
    used_at: datetime | None = None
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Voter:
    """Whoever is about to answer: the person, for whom if delegated, and how they signed in."""

    person: str
    roles: frozenset[str]
    strong: bool = False
    acts_for: str = ""


@dataclass(frozen=True, slots=True)
class Vote:
    """An answer of one person to one exact version: what they were shown, how, and for how long."""

    id: str
    request_id: str
    digest: Digest
    answer: Answer
    person: str
    roles: frozenset[str]
    reason: str
    at: datetime
    seconds: int
    signed_in: str
    acts_for: str = ""
    by_rule: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """That a person was shown one exact version, and when."""

    person: str
    digest: Digest
    at: datetime


@dataclass(frozen=True, slots=True)
class Delegation:
    """Leave to answer for somebody else, for a time."""

    id: str
    giver: str
    taker: str
    matter_kind: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Tell whether it holds at a moment."""
        ended = self.ended_at is not None and self.ended_at <= at
        return self.starts_at <= at < self.ends_at and not ended


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark beside a request; it decides nothing."""

    id: str
    person: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a request stands after what was said: its state, what is missing, and why."""

    state: State
    missing: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    overridden: bool = False
