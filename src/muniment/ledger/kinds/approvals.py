"""What the approvals room records: who was asked, what they were shown, and what they said.

Whoever follows these records learns from them alone who concerns it: `author` asked, holders of the
`roles` at `scope` may answer; an empty role means whoever may decide there. `standing_in` are those
to whom one of these has lent their answer just then.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from muniment.ledger.kinds.base import kind

_REQUEST = ("approval", "request_id")
_REQUESTS = ("approval_requests", "approval_versions")


@kind("approvals.asked", covers=_REQUESTS, subject=_REQUEST)
class Asked(Struct, frozen=True):
    """Somebody asked for a yes to exactly this, under this rule."""

    request_id: str
    matter: str
    about: str
    digest: str
    shown: str
    rule: str
    author: str
    owner: str
    single_use: bool
    roles: tuple[str, ...] = ()
    scope: Mapping[str, str] = field(default_factory=dict)
    standing_in: tuple[str, ...] = ()


@kind("approvals.revised", covers=_REQUESTS, subject=_REQUEST)
class Revised(Struct, frozen=True):
    """What is asked changed; what was said of the older digest is void."""

    request_id: str
    version: int
    old_digest: str
    digest: str
    author: str
    void: int
    roles: tuple[str, ...] = ()
    scope: Mapping[str, str] = field(default_factory=dict)
    shown: str = ""
    standing_in: tuple[str, ...] = ()


@kind("approvals.opened", covers=("approval_openings",), subject=_REQUEST)
class Opened(Struct, frozen=True):
    """A person was shown exactly this version, signed in so."""

    request_id: str
    person: str
    digest: str
    signed_in: str


@kind(
    "approvals.decided",
    covers=("approval_votes", *_REQUESTS),
    subject=_REQUEST,
)
class Decided(Struct, frozen=True):
    """A person answered: to which digest, as whom, why, after how long; and how it stands now."""

    request_id: str
    vote_id: str
    answer: str
    digest: str
    person: str
    acts_for: str
    roles: tuple[str, ...]
    signed_in: str
    seconds: int
    reason: str
    state: str
    missing: tuple[str, ...]
    author: str = ""


@kind("approvals.overridden", covers=("approval_votes", *_REQUESTS), subject=_REQUEST)
class Overridden(Struct, frozen=True):
    """A person put their yes in place of all that were asked for; an exception that is counted."""

    request_id: str
    vote_id: str
    digest: str
    person: str
    acts_for: str
    signed_in: str
    seconds: int
    reason: str
    author: str = ""


@kind("approvals.settled_by_rule", covers=("approval_votes", *_REQUESTS), subject=_REQUEST)
class SettledByRule(Struct, frozen=True):
    """A rule decided, no person did."""

    request_id: str
    vote_id: str
    answer: str
    digest: str
    rule: str
    reason: str
    author: str = ""


@kind("approvals.withdrawn", covers=_REQUESTS, subject=_REQUEST)
class Withdrawn(Struct, frozen=True):
    """Whoever asked took the question back."""

    request_id: str
    reason: str


@kind("approvals.expired", covers=_REQUESTS, subject=_REQUEST)
class Expired(Struct, frozen=True):
    """The time for an answer ran out; that is never a yes."""

    request_id: str
    expires_at: str
    author: str = ""


@kind("approvals.escalated", covers=_REQUESTS, subject=_REQUEST)
class Escalated(Struct, frozen=True):
    """Nobody answered in time, or somebody passed it up: holders of this role may answer too."""

    request_id: str
    role: str
    reason: str
    author: str = ""
    scope: Mapping[str, str] = field(default_factory=dict)
    standing_in: tuple[str, ...] = ()


@kind("approvals.reminded", covers=_REQUESTS, subject=_REQUEST)
class Reminded(Struct, frozen=True):
    """Those who are asked were reminded."""

    request_id: str
    missing: tuple[str, ...]
    author: str = ""
    roles: tuple[str, ...] = ()
    scope: Mapping[str, str] = field(default_factory=dict)
    standing_in: tuple[str, ...] = ()


@kind("approvals.used", covers=_REQUESTS, subject=_REQUEST)
class Used(Struct, frozen=True):
    """A yes that holds once was used, for exactly this digest."""

    request_id: str
    digest: str
    use: str


@kind("approvals.commented", covers=("approval_comments",), subject=_REQUEST)
class Commented(Struct, frozen=True):
    """A person remarked something; the text is kept beside the request."""

    request_id: str
    comment_id: str
    text_digest: str


@kind("approvals.linked", covers=("approval_links",), subject=_REQUEST)
class Linked(Struct, frozen=True):
    """A link was made that opens this decision once, for one person."""

    request_id: str
    link_id: str
    person: str
    expires_at: str


@kind("approvals.link_followed", covers=("approval_links",), subject=_REQUEST)
class LinkFollowed(Struct, frozen=True):
    """The person for whom a link was made came by it, signed in, to the decision."""

    request_id: str
    link_id: str
    person: str


@kind(
    "approvals.delegated",
    covers=("approval_delegations",),
    subject=("delegation", "delegation_id"),
)
class Delegated(Struct, frozen=True):
    """A person let another answer for them, for matters of a kind, for a time."""

    delegation_id: str
    giver: str
    taker: str
    matter: str
    starts_at: str
    ends_at: str
    reason: str


@kind(
    "approvals.delegation_ended",
    covers=("approval_delegations",),
    subject=("delegation", "delegation_id"),
)
class DelegationEnded(Struct, frozen=True):
    """A person no longer answers for another."""

    delegation_id: str
    reason: str
