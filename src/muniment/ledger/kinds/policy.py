"""What the room policy records: versions, what is in force, decisions, written policies."""

from __future__ import annotations

from msgspec import Struct

from muniment.ledger.kinds.base import kind

_VERSION = ("policy", "version")
_STANDING = ("policy_head", "policy_changes")
_DOCUMENT = ("document", "document")


@kind("policy.drafted", covers=("policy_bundles", "policy_versions"), subject=_VERSION)
class Drafted(Struct, frozen=True):
    """Somebody wrote a version of the policy; it is not in force."""

    version: int
    bundle: str
    based_on: int
    rules: int
    author: str
    reason: str


@kind("policy.review_asked", covers=("policy_requests",), subject=_VERSION)
class ReviewAsked(Struct, frozen=True):
    """A yes to exactly this version was asked for."""

    version: int
    bundle: str
    request_id: str
    document: str


@kind("policy.enforced", covers=_STANDING, subject=_VERSION)
class Enforced(Struct, frozen=True):
    """A version came into force, in place of another, on the yes of this request."""

    version: int
    revision: int
    bundle: str
    before: int
    how: str
    request_id: str
    reason: str


@kind("policy.shadowed", covers=_STANDING, subject=_VERSION)
class Shadowed(Struct, frozen=True):
    """A version is judged beside the one in force and decides nothing."""

    version: int
    revision: int
    bundle: str
    reason: str


@kind("policy.shadow_ended", covers=_STANDING, subject=_VERSION)
class ShadowEnded(Struct, frozen=True):
    """A version is no longer judged beside the one in force."""

    version: int
    revision: int
    reason: str


@kind(
    "policy.decided",
    covers=("policy_decisions", "policy_facts"),
    subject=("decision", "decision_id"),
)
class Decided(Struct, frozen=True):
    """A decision was made: on which facts, by which version, what came of it, and by which rules.

    What the version in shadow would have said stands beside it and decided nothing.
    """

    decision_id: str
    version: int
    bundle: str
    facts: str
    action: str
    effect: str
    rules: tuple[str, ...]
    remedies: tuple[str, ...]
    errors: int
    shadow_version: int
    shadow_effect: str


@kind("policy.document_written", covers=("policy_documents",), subject=_DOCUMENT)
class DocumentWritten(Struct, frozen=True):
    """Somebody wrote a version of a policy for people; it does not hold yet."""

    document: str
    version: int
    digest: str
    owner: str
    author: str
    review_by: str
    reason: str


@kind("policy.document_published", covers=("policy_documents_in_force",), subject=_DOCUMENT)
class DocumentPublished(Struct, frozen=True):
    """A version of a policy for people holds now, on the yes of this request."""

    document: str
    version: int
    digest: str
    owner: str
    review_by: str
    request_id: str


@kind("policy.acknowledged", covers=("policy_acknowledgements",), subject=_DOCUMENT)
class Acknowledged(Struct, frozen=True):
    """A person said that they read exactly this version of a policy for people."""

    document: str
    version: int
    digest: str
    person: str


@kind("policy.review_due", covers=("policy_documents_in_force",), subject=_DOCUMENT)
class ReviewDue(Struct, frozen=True):
    """A policy for people is past the day on which it was to be looked at again."""

    document: str
    version: int
    owner: str
    review_by: str


@kind("policy.held", covers=("policy_holds",), subject=("hold", "hold_id"))
class Held(Struct, frozen=True):
    """The facts of some decisions stay, however old they are, until this is lifted."""

    hold_id: str
    sort: str
    subject: str
    reason: str


@kind("policy.hold_lifted", covers=("policy_holds",), subject=("hold", "hold_id"))
class HoldLifted(Struct, frozen=True):
    """A hold ended; what is old enough may be pruned from now on."""

    hold_id: str
    reason: str


@kind("policy.facts_pruned", covers=("policy_facts",))
class FactsPruned(Struct, frozen=True):
    """Facts of decisions that are all older than this were pruned; these, by their digests.

    The decisions, their reasons and the rules they were made by stay.
    """

    older_than: str
    days: int
    facts: tuple[str, ...]
