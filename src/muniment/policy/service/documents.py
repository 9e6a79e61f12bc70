"""Policies for people: written by one, approved by another, held until another version is.

Each names its owner and the day on which it is looked at again. Who read it stands in `readers`;
other rooms follow what is recorded here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from muniment import access, approvals, ledger
from muniment.access import PersonId
from muniment.approvals import Matter, Request
from muniment.core.actor import system_actor
from muniment.core.clock import stamp
from muniment.core.digest import digest_value
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.db import Work
from muniment.ledger.kinds.policy import DocumentPublished, DocumentWritten, ReviewDue
from muniment.policy import store
from muniment.policy.models import Document, DocumentDraft, DocumentInForce
from muniment.policy.service.gate import AREA, author_of
from muniment.policy.service.publishing import PEER_REVIEW, require_reason

DOCUMENT_MATTER: Final = "policy.document"
MOST_TEXT_BYTES: Final = 100_000
_READER: Final = system_actor("policy")
_MOST_CONTROLS: Final = 50
_MOST_CONTROL_CHARS: Final = 40
_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,59}\Z")


def write_document(
    work: Work,
    document_id: str,
    draft: DocumentDraft,
    *,
    reason: str,
    based_on: int | None = None,
) -> Document:
    """Write a version of a policy for people; it does not hold yet.

    `based_on` is the version it was written on top of, zero for none; is there another by now, it
    is refused, so that nobody's version is passed over unseen.
    """
    access.require(work, "policy.propose", AREA)
    said = require_reason(reason)
    _require_written(work, document_id, draft)
    access.person(work.apart(_READER), PersonId(draft.owner))  # an owner is somebody there is
    served, title = _require_controls(draft.controls), draft.title.strip()
    last = store.last_document_version(work, document_id)
    if based_on is not None and based_on != last:
        raise ConflictError(
            f"version {last} of {document_id} is there now, not {based_on}"
            if last
            else f"there is no policy {document_id} yet",
            subject=document_id,
            remedy="Look at what is there, and write on top of it.",
        )
    made = Document(
        id=document_id,
        version=last + 1,
        title=title,
        text=draft.text,
        controls=served,
        digest=digest_value([document_id, title, draft.text, list(served)]),
        owner=draft.owner,
        author=author_of(work),
        reason=said,
        review_by=draft.review_by,
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
            review_by=stamp(draft.review_by),
            reason=said,
        ),
    )
    return made


def ask_for_document(work: Work, document_id: str, version: int) -> Request:
    """Ask a peer for a yes to exactly this version."""
    access.require(work, "policy.propose", AREA)
    made = require_document(work, document_id, version)
    return approvals.ask(
        work, _matter(work, made), PEER_REVIEW, author=made.author, owner=made.owner
    )


def publish_document(work: Work, document_id: str, version: int) -> DocumentInForce:
    """Let a version hold that a peer said yes to; who read an older one has not read this."""
    access.require(work, "policy.publish", AREA)
    made = require_document(work, document_id, version)
    before = store.document_in_force(work, document_id)
    _require_newer(made, before)
    request = approved_by(work, made)
    if request is None:
        raise ConflictError(
            f"nobody but its author has said yes to version {version} of {document_id}",
            subject=document_id,
            remedy="Ask a peer first.",
        )
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


def approved_by(work: Work, made: Document) -> Request | None:
    """Give the request by which a peer said yes to exactly this version, or nothing."""
    matter = _matter(work, made)
    return approvals.standing(work, matter.kind, matter.subject, matter.document)


def require_document(work: Work, document_id: str, version: int) -> Document:
    """Find a version of a policy for people, or say that there is none."""
    found = store.document(work, document_id, version)
    if found is None:
        raise NotFoundError(
            f"there is no version {version} of {document_id[:60]}",
            subject=document_id[:60],
            remedy="Write it first.",
        )
    return found


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


def _require_written(work: Work, document_id: str, draft: DocumentDraft) -> None:
    title, text = draft.title, draft.text
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
    if not all(letter.isprintable() or letter in "\n\t" for letter in text):
        raise InvalidError(
            "the text holds a character that cannot be seen",
            field="text",
            remedy="Save it as plain text in UTF-8.",
        )
    if draft.review_by <= work.now:
        raise InvalidError(
            "it would be due before it holds", field="review_by", remedy="Give a later day."
        )


def _require_newer(made: Document, before: DocumentInForce | None) -> None:
    if before is None or made.version > before.document.version:
        return
    held = before.document.version
    same = made.version == held
    raise ConflictError(
        f"version {held} of {made.id} holds" + (" already" if same else ", which is newer"),
        subject=made.id,
        remedy="Nothing to do." if same else "Write the older text as a new version.",
    )


def _require_controls(controls: Iterable[str]) -> tuple[str, ...]:
    served = tuple(dict.fromkeys(each.strip() for each in controls if each.strip()))
    if len(served) > _MOST_CONTROLS or any(
        len(each) > _MOST_CONTROL_CHARS or not each.isprintable() for each in served
    ):
        raise InvalidError(
            "these are not names of controls",
            field="controls",
            remedy=f"Write {_MOST_CONTROLS} at most, such as CC1.1.",
        )
    return served
