"""Who looked it over: a campaign freezes who can reach what, and somebody else judges each line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from muniment.access.models.may import Scope
from muniment.access.models.who import Holder, PersonId
from muniment.core.digest import Digest


class CampaignState(StrEnum):
    """Where a review stands."""

    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"


class Answer(StrEnum):
    """What a reviewer says of a line."""

    KEEP = "keep"
    REVOKE = "revoke"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Campaign:
    """A review of a population that was frozen at a moment; the digest names exactly which."""

    id: str
    name: str
    as_of: datetime
    population: Digest
    lines: int
    state: CampaignState
    opened_by: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One entitlement under review: whose, to what, through which grant, and what was decided."""

    id: str
    campaign_id: str
    person_id: PersonId | None
    holder: Holder
    what: str
    scope: Scope
    grant_id: str
    reviewer_id: PersonId
    answer: Answer | None = None
    reason: str = ""
    seconds: int = 0
    decided_at: datetime | None = None
    carried_out_at: datetime | None = None
    verified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outside:
    """An entitlement in another system (a dashboard, a vector store, a cloud), as it was told."""

    id: str
    place: str
    account: str
    person_id: PersonId | None
    what: str
    source: str
    seen_at: datetime
    gone_at: datetime | None = None
