"""Policies for people: written by one, approved by another, read by everybody they are for.

Each names its owner and the day on which it is looked at again. Who must read it, and whether they
did, other rooms follow from what is recorded here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from muniment import access, approvals, ledger
from muniment.access import PersonId
from muniment.approvals import Matter, Request
from muniment.core.actor import ActorKind, system_actor
from muniment.core.clock import stamp
from muniment.core.digest import digest_value
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.db import Work
from muniment.ledger.kinds.policy import (
    Acknowledged,
    DocumentPublished,
    DocumentWritten,
    ReviewDue,
)
from muniment.policy import store
from muniment.policy.models import Acknowledgement, Document, DocumentInForce
from muniment.policy.service.gate import AREA, author_of
from muniment.policy.service.publishing import PEER_REVIEW, require_reason

DOCUMENT_MATTER: Final = "policy.document"
MOST_TEXT_BYTES: Final = 100_000
_READER: Final = system_actor("policy")
_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,59}\Z")


def write_document(
    work: Work,
    document_id: str,
    *,
    title: str,
    text: str,
    owner: str,
    review_by: datetime,
    reason: str,
    controls: Iterable[str] = (),
) -> Document:
    """Write a version of a policy for people; it does not hold yet."""
    access.require(work, "policy.propose", AREA)
    said = require_reason(reason)
    _require_written(work, document_id, title, text, review_by)
    access.person(work.apart(_READER), PersonId(owner))  # an owner is somebody there is
    served = tuple(controls)
    made = Document(
        id=document_id,
        version=store.last_document_version(work, document_id) + 1,
        title=title.strip(),
        text=text,
        controls=served,
        digest=digest_value([document_id, title.strip(), text, list(served)]),
        owner=owner,
        author=author_of(work),
        reason=said,
        review_by=review_by,
        made_at=work.now,
    )
    store.add_document(work, made)
    ledger.record(
        work,
        DocumentWritten(
            document=made.id,
            version=made.version,
            digest=made.digest,
            owner=made.owner,
            author=made.author,
            review_by=stamp(review_by),
            reason=said,
        ),
    )
    return made


def ask_for_document(work: Work, document_id: str, version: int) -> Request:
    """Ask a peer for a yes to exactly this version."""
    access.require(work, "policy.propose", AREA)
    made = _require_document(work, document_id, version)
    return approvals.ask(
        work, _matter(work, made), PEER_REVIEW, author=made.author, owner=made.owner
    )


def publish_document(work: Work, document_id: str, version: int) -> DocumentInForce:
    """Let a version hold that a peer said yes to; who read an older one has not read this."""
    access.require(work, "policy.publish", AREA)
    made = _require_document(work, document_id, version)
    matter = _matter(work, made)
    request = approvals.standing(work, matter.kind, matter.subject, matter.document)
    if request is None:
        raise ConflictError(
            f"nobody but its author has said yes to version {version} of {document_id}",
            subject=document_id,
            remedy="Ask a peer first.",
        )
    before = store.document_in_force(work, document_id)
    store.put_document_in_force(work, made, before.document.version if before else 0, request.id)
    ledger.record(
        work,
        DocumentPublished(
            document=made.id,
            version=made.version,
            digest=made.digest,
            owner=made.owner,
            review_by=stamp(made.review_by),
            request_id=request.id,
        ),
    )
    return DocumentInForce(made, work.now, request.id)


def acknowledge(work: Work, document_id: str, *, digest: str) -> Acknowledgement:
    """Say that one has read the version that holds; twice is once."""
    if work.actor.kind is not ActorKind.PERSON:
        raise ForbiddenError(
            "a program reads nothing for a person",
            subject=document_id,
            remedy="A person signs in and says so.",
        )
    access.require(work, "policy.read", AREA)
    held = _require_in_force(work, document_id)
    if held.document.digest != digest:
        raise InvalidError(
            "this is not the version that holds",
            field="digest",
            remedy="Read it again; it was changed.",
        )
    person = author_of(work)
    made = Acknowledgement(
        document_id, held.document.version, person, held.document.digest, work.now
    )
    if store.acknowledge(work, made):
        ledger.record(work, Acknowledged(document_id, made.version, made.digest, person))
    return made


def documents(work: Work) -> tuple[DocumentInForce, ...]:
    """List the policies for people that hold."""
    access.require(work, "policy.read", AREA)
    return store.documents_in_force(work)


def document(work: Work, document_id: str) -> tuple[DocumentInForce, tuple[Acknowledgement, ...]]:
    """Show the version of a policy for people that holds, and who has read it."""
    access.require(work, "policy.read", AREA)
    held = _require_in_force(work, document_id)
    return held, store.acknowledgements(work, document_id, held.document.version)


def tell_due(work: Work) -> int:
    """Record once that the review of a document is due; whoever must know follows that."""
    due = store.documents_due(work)
    for each in due:
        store.note_due(work, each.document.id)
        what = each.document
        ledger.record(work, ReviewDue(what.id, what.version, what.owner, stamp(what.review_by)))
    return len(due)


def _matter(work: Work, made: Document) -> Matter:
    before = store.document(work, made.id, made.version - 1)
    return Matter(
        kind=DOCUMENT_MATTER,
        subject=("document", f"{made.id} {made.version}"),
        title=f"{made.title}, version {made.version}",
        document=_shown(made),
        consequence="It holds for everybody it is for, and they are asked to read it.",
        before=None if before is None else _shown(before),
        scope=AREA.as_dict(),
    )


def _shown(made: Document) -> dict[str, str]:
    return {
        "title": made.title,
        "text": made.text,
        "digest": made.digest,
        "owner": made.owner,
        "review_by": stamp(made.review_by),
    }


def _require_written(
    work: Work, document_id: str, title: str, text: str, review_by: datetime
) -> None:
    if not _ID.match(document_id):
        raise InvalidError(
            f"{document_id[:40]!r} is not an id",
            field="id",
            remedy="Use small letters, digits and hyphens, 60 at most.",
        )
    if not title.strip() or len(title) > 200 or not title.isprintable():
        raise InvalidError("a title is missing", field="title", remedy="Write one line.")
    if not text.strip() or len(text.encode("utf-8", "replace")) > MOST_TEXT_BYTES:
        raise InvalidError(
            "the text is missing or a book",
            field="text",
            remedy=f"Write {MOST_TEXT_BYTES:,} bytes at most.",
        )
    if review_by <= work.now:
        raise InvalidError(
            "it would be due before it holds", field="review_by", remedy="Give a later day."
        )


def _require_document(work: Work, document_id: str, version: int) -> Document:
    found = store.document(work, document_id, version)
    if found is None:
        raise NotFoundError(
            f"there is no version {version} of {document_id[:60]}",
            subject=document_id[:60],
            remedy="Write it first.",
        )
    return found


def _require_in_force(work: Work, document_id: str) -> DocumentInForce:
    found = store.document_in_force(work, document_id)
    if found is None:
        raise NotFoundError(
            f"no policy for people called {document_id[:60]} holds",
            subject=document_id[:60],
            remedy="The page of policies lists those that do.",
        )
    return found
