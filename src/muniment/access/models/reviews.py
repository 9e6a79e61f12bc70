"""Who looked it over: a campaign freezes who can reach what, and somebody else judges each line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from muniment.access.models.may import Grant, Role, Scope
from muniment.access.models.who import Holder, PersonId
from muniment.core.digest import Digest


@dataclass(frozen=True, slots=True)
class Reach:
    """That somebody could do what a role allows, over a scope, through a grant; on some day.

    `through` is the membership by which a team's grant reached them; `state` is what the account
    was then, and only an active one opened anything.
    """

    holder: Holder
    person_id: PersonId | None
    state: str
    grant: Grant
    role: Role
    through: str = ""

    @property
    def open(self) -> bool:
        """Tell whether it really opened anything, or the account was shut."""
        return self.state == "active"


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


class LineSort(StrEnum):
    """What sort of right a line is about."""

    GRANT = "grant"
    MEMBERSHIP = "membership"
    KEY = "key"
    OUTSIDE = "outside"


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
    escalated_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What stands frozen in a line: whose right, to what, over what, through what.

    `target` is what a revocation would end: a grant, a membership, a key, a right elsewhere.
    """

    sort: LineSort
    target: str
    holder: Holder | None
    person_id: PersonId | None
    what: str
    scope: Scope
    grant_id: str = ""
    team_id: str = ""
    account: str = ""
    last_used: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One entitlement under review, who judges it, and what became of it."""

    id: str
    campaign_id: str
    position: int
    entitlement: Entitlement
    reviewer_id: PersonId
    answer: Answer | None = None
    reason: str = ""
    seconds: int = 0
    decided_at: datetime | None = None
    carried_out_at: datetime | None = None
    verified_at: datetime | None = None
    version: int = 1


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


@dataclass(frozen=True, slots=True)
class Told:
    """A right in another system as a file or a feed tells it."""

    account: str
    what: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken, and why."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Import:
    """What bringing in a file would do, or did: nothing at all if a single row is bad."""

    place: str
    rows: int
    bad: tuple[BadRow, ...] = ()
    added: int = 0
    kept: int = 0
    gone: int = 0
    orphans: tuple[str, ...] = ()


class Finding(StrEnum):
    """What a second person found when they looked over an emergency."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


@dataclass(frozen=True, slots=True)
class Emergency:
    """A role somebody took in an emergency; it stays listed until somebody else looked it over."""

    id: str
    grant_id: str
    person_id: PersonId
    broken_at: datetime
    ends_at: datetime
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    finding: Finding | None = None
    words: str = ""
    version: int = 1
