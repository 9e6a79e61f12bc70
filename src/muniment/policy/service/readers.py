"""Who reads policies for people: each by themselves, and who has not yet.

What holds may be read by everybody who is known here, with or without a role, for it is for them.
A person says “I have read this” of exactly the version that holds, by its digest. Who has, and who
has not yet, is for those who read policies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from muniment import access, ledger
from muniment.access import PersonState
from muniment.approvals import Request
from muniment.core.actor import ActorKind, system_actor
from muniment.core.errors import ForbiddenError, InvalidError, NotFoundError
from muniment.core.page import MAX_PAGE_ROWS, Page, read_cursor, require_limit, write_cursor
from muniment.db import Work
from muniment.ledger.kinds.policy import Acknowledged
from muniment.policy import store
from muniment.policy.models import (
    Acknowledgement,
    Document,
    DocumentInForce,
    Reader,
    WrittenPolicy,
)
from muniment.policy.service.documents import approved_by, require_document
from muniment.policy.service.gate import AREA, author_of

T = TypeVar("T")
_READER: Final = system_actor("policy")


def written_policies(
    work: Work, *, limit: int = MAX_PAGE_ROWS, cursor: str | None = None
) -> Page[WrittenPolicy]:
    """List the policies for people; drafts are shown to those who read policies."""
    return _page(_every_policy(work), lambda each: (each.shown.id,), (str,), limit, cursor)


def written_policy(work: Work, document_id: str) -> WrittenPolicy:
    """Show a policy for people as it stands."""
    for each in _every_policy(work):
        if each.shown.id == document_id:
            return each
    raise NotFoundError(
        f"there is no policy for people called {document_id[:60]}",
        subject=document_id[:60],
        remedy="List them: `muniment policy written list`.",
    )


def written_versions(
    work: Work, document_id: str, *, limit: int = MAX_PAGE_ROWS, cursor: str | None = None
) -> Page[Document]:
    """List the versions of a policy for people, the newest first."""
    access.require(work, "policy.read", AREA)
    require_document(work, document_id, 1)
    found = store.document_versions(work, document_id)
    return _page(found, lambda each: (-each.version,), (int,), limit, cursor)


def written_version(
    work: Work, document_id: str, version: int
) -> tuple[Document, Document | None, Request | None]:
    """Show a version, the one before it, and the request by which a peer said yes to it."""
    access.require(work, "policy.read", AREA)
    made = require_document(work, document_id, version)
    before = store.document(work, document_id, version - 1)
    return made, before, approved_by(work, made)


def to_be_read(work: Work, document_id: str) -> DocumentInForce:
    """Give the version that holds to a person who is about to say that they have read it."""
    if work.actor.kind is not ActorKind.PERSON:
        raise ForbiddenError(
            "a program reads nothing for a person",
            subject=document_id,
            remedy="A person signs in and says so.",
        )
    _require_known(work)
    return _require_in_force(work, document_id)


def acknowledge(work: Work, document_id: str, *, digest: str) -> Acknowledgement:
    """Say that one has read the version that holds; twice is once."""
    held = to_be_read(work, document_id)
    if held.document.digest != digest:
        raise InvalidError(
            "this is not the version that holds",
            field="digest",
            remedy="Read it again; it was changed.",
        )
    person = author_of(work)
    version = held.document.version
    known = store.acknowledgement(work, document_id, version, person)
    if known is not None:
        return known
    made = Acknowledgement(document_id, version, person, held.document.digest, work.now)
    if store.acknowledge(work, made):
        ledger.record(work, Acknowledged(document_id, version, made.digest, person))
    return made


def readers(
    work: Work,
    document_id: str = "",
    *,
    read: bool | None = None,
    limit: int = MAX_PAGE_ROWS,
    cursor: str | None = None,
) -> Page[Reader]:
    """Say of everybody here whether they have read what holds, of one policy or of each."""
    access.require(work, "policy.read", AREA)
    if document_id:
        _require_in_force(work, document_id)
    every = _every_reader(work, document_id)
    wanted = [each for each in every if read is None or (each.at is not None) == read]
    return _page(wanted, _place, (str, str, str), limit, cursor)


def _every_policy(work: Work) -> tuple[WrittenPolicy, ...]:
    _require_known(work)
    held = {each.document.id: each for each in store.documents_in_force(work)}
    latest = {each.id: each for each in store.latest_documents(work)}
    if not _may_read(work):
        latest = {each: held[each].document for each in held}
    names = _everybody(work)
    read = defaultdict[str, dict[str, Acknowledgement]](dict)
    for each in store.acknowledgements_in_force(work):
        read[each.document][each.person] = each
    me = author_of(work)
    return tuple(
        WrittenPolicy(
            latest=each,
            held=held.get(each.id),
            read_by=sum(person in names for person in read[each.id]),
            asked_of=len(names) if each.id in held else 0,
            read_at=read[each.id][me].at if me in read[each.id] else None,
        )
        for each in latest.values()
    )


def _every_reader(work: Work, document_id: str) -> list[Reader]:
    names = _everybody(work)
    read = {(each.document, each.person): each.at for each in store.acknowledgements_in_force(work)}
    found = [
        Reader(each.document.id, each.document.version, person, name, read.get(key))
        for each in store.documents_in_force(work)
        if document_id in ("", each.document.id)
        for person, name in names.items()
        for key in ((each.document.id, person),)
    ]
    return sorted(found, key=_place)


def _place(each: Reader) -> tuple[str, str, str]:
    return each.document, each.name, each.person


def _page(
    rows: Sequence[T],
    key: Callable[[T], tuple[str | int, ...]],
    shape: tuple[type, ...],
    limit: int,
    cursor: str | None,
) -> Page[T]:
    """Cut a page out of rows that are in the order of their keys."""
    require_limit(limit)
    left = list(rows)
    if cursor is not None:
        after = read_cursor(cursor, len(shape))
        if tuple(type(each) for each in after) != shape:
            raise InvalidError(
                "this cursor is not one of ours", field="cursor", remedy="Leave it out to begin."
            )
        left = [each for each in rows if key(each) > after]
    more = write_cursor(key(left[limit - 1])) if len(left) > limit else None
    return Page(tuple(left[:limit]), more)


def _require_known(work: Work) -> None:
    """Let in whoever is known here, whatever they may; nobody whose account or key has ended."""
    if work.actor.kind is ActorKind.SYSTEM:
        return
    problem = access.standing(work, work.actor).problem
    if problem:
        raise ForbiddenError(problem, subject=work.actor.id, remedy="Ask an admin.")


def _may_read(work: Work) -> bool:
    return access.may(work, work.actor, "policy.read", AREA).ok


def _everybody(work: Work) -> dict[str, str]:
    """Name everybody whose account is open, by name."""
    reading = work.apart(_READER)  # whoever asks for readers need not be somebody who reads access
    found: dict[str, str] = {}
    cursor: str | None = None
    while True:
        page = access.people(reading, state=PersonState.ACTIVE, cursor=cursor, limit=MAX_PAGE_ROWS)
        found.update((each.id, each.name) for each in page.rows)
        cursor = page.next_cursor
        if cursor is None:
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
