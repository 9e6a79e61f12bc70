"""What is recorded of looking over: reviews of access, rights elsewhere, emergencies, chores."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from muniment.ledger.kinds.base import kind

_REVIEW = ("access_campaigns", "access_review_lines")


@kind("access.review_opened", covers=_REVIEW, subject=("review", "review"))
class ReviewOpened(Struct, frozen=True):
    """A review began over a population frozen as of a moment; the digest names exactly which."""

    review: str
    as_of: str
    population: str
    lines: int
    reviewers: tuple[str, ...]
    due: str


@kind(
    "access.line_answered",
    covers=(*_REVIEW, "access_grants", "access_members", "access_keys", "access_outside"),
    subject=("review", "review"),
)
class LineAnswered(Struct, frozen=True):
    """A reviewer kept, revoked or changed a right after so many seconds, and it was carried out."""

    review: str
    line: str
    answer: str
    sort: str
    target: str
    seconds: int
    successor: str = ""


@kind("access.lines_verified", covers=_REVIEW, subject=("review", "review"))
class LinesVerified(Struct, frozen=True):
    """What reviewers ended was read again: which rights are gone, and which are still there."""

    review: str
    gone: tuple[str, ...]
    still_there: tuple[str, ...]


@kind("access.line_reassigned", covers=_REVIEW, subject=("review", "review"))
class LineReassigned(Struct, frozen=True):
    """A line was given to another reviewer."""

    review: str
    line: str
    reviewer: str
    before: str


@kind("access.review_overdue", covers=_REVIEW, subject=("review", "review"))
class ReviewOverdue(Struct, frozen=True):
    """A review is late: so many lines have no answer, and these people owe them."""

    review: str
    unanswered: int
    reviewers: tuple[str, ...]


@kind("access.review_closed", covers=_REVIEW, subject=("review", "review"))
class ReviewClosed(Struct, frozen=True):
    """A review was closed: how many rights were kept, revoked, changed, left with an excuse.

    `open_outside` are rights in other systems that were to end there and were not seen gone yet.
    """

    review: str
    population: str
    kept: int
    revoked: int
    changed: int
    excused: int
    open_outside: int


@kind("access.outside_imported", covers=("access_outside",), subject=("place", "place"))
class OutsideImported(Struct, frozen=True):
    """Rights in another system were brought in: how many are new, as before, and gone."""

    place: str
    source: str
    file: str
    added: int
    kept: int
    gone: int
    orphans: int


@kind("access.outside_unread")
class OutsideUnread(Struct, frozen=True):
    """A feed could not tell the rights of a place; what stood before stands, and may be old."""

    place: str
    source: str
    because: str


@kind("access.outside_resolved", covers=("access_outside",), subject=("person", "person"))
class OutsideResolved(Struct, frozen=True):
    """An account in another system was found to be somebody's."""

    right: str
    person: str


@kind(
    "access.glass_broken",
    covers=("access_grants", "access_emergencies"),
    subject=("grant", "grant"),
)
class GlassBroken(Struct, frozen=True):
    """Somebody took a role in an emergency; everybody should know, and somebody look it over."""

    grant: str
    emergency: str
    person: str
    role: str
    scope: Mapping[str, str]
    ends: str
    flags: tuple[str, ...]


@kind(
    "access.emergency_reviewed",
    covers=("access_emergencies", "access_grants"),
    subject=("emergency", "emergency"),
)
class EmergencyReviewed(Struct, frozen=True):
    """A second person looked over an emergency."""

    emergency: str
    grant: str
    person: str
    finding: str


@kind("access.emergencies_unreviewed")
class EmergenciesUnreviewed(Struct, frozen=True):
    """These emergencies should have been looked over by now, and were not."""

    emergencies: tuple[str, ...]


@kind("access.grants_ended")
class GrantsEnded(Struct, frozen=True):
    """These grants ran out by themselves since the last look."""

    grants: tuple[str, ...]


@kind("access.services_stopped", covers=("access_services", "access_states"))
class ServicesStopped(Struct, frozen=True):
    """Services were stopped because nobody answers for them any more."""

    services: tuple[str, ...]
