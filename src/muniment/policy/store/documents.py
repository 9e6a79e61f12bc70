"""Policies for people: their versions, which holds, and who read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from muniment.core.digest import Digest
from muniment.core.errors import ConflictError
from muniment.db import Work
from muniment.policy.models import Acknowledgement, Document, DocumentInForce
from muniment.policy.store.tables import (
    acknowledgements_table,
    documents_table,
    standing_documents_table,
)


def last_document_version(work: Work, document_id: str) -> int:
    """Say how many versions of a document there are."""
    table = documents_table
    query = select(func.max(table.c.version)).where(table.c.id == document_id)
    return int(work.read(query).scalar_one() or 0)


def add_document(work: Work, made: Document) -> None:
    """Put a version of a document down; of two at once one is refused."""
    row = {
        "id": made.id,
        "version": made.version,
        "title": made.title,
        "body": {"text": made.text, "controls": list(made.controls)},
        "digest": made.digest,
        "owner": made.owner,
        "author": made.author,
        "reason": made.reason,
        "review_by": made.review_by,
        "made_at": made.made_at,
    }
    if not work.insert_if_absent(documents_table, row):
        raise ConflictError(
            "somebody else wrote a version just now", subject=made.id, remedy="Write on top of it."
        )


def document(work: Work, document_id: str, version: int) -> Document | None:
    """Find a version of a document."""
    table = documents_table
    query = select(table).where(table.c.id == document_id, table.c.version == version)
    row = work.read(query).one_or_none()
    return None if row is None else _document(row)


def latest_documents(work: Work) -> tuple[Document, ...]:
    """List the latest version of each document, by their ids."""
    table = documents_table
    last = select(table.c.id, func.max(table.c.version).label("version")).group_by(table.c.id)
    newest = last.subquery()
    same = (newest.c.id == table.c.id) & (newest.c.version == table.c.version)
    rows = work.read(select(table).join(newest, same).order_by(table.c.id)).all()
    return tuple(_document(row) for row in rows)


def document_versions(work: Work, document_id: str) -> tuple[Document, ...]:
    """List the versions of a document, the newest first."""
    table = documents_table
    query = select(table).where(table.c.id == document_id).order_by(table.c.version.desc())
    return tuple(_document(row) for row in work.read(query).all())


def document_in_force(work: Work, document_id: str) -> DocumentInForce | None:
    """Find the version of a document that holds."""
    row = work.read(_in_force().where(documents_table.c.id == document_id)).one_or_none()
    return None if row is None else _holding(row)


def documents_in_force(work: Work) -> tuple[DocumentInForce, ...]:
    """List the documents that hold, by their ids."""
    rows = work.read(_in_force().order_by(documents_table.c.id)).all()
    return tuple(_holding(row) for row in rows)


def put_document_in_force(work: Work, made: Document, before: int, request_id: str) -> None:
    """Let a version hold in place of the one that was read."""
    table = standing_documents_table
    row = {
        "version": made.version,
        "since": work.now,
        "request_id": request_id,
        "told_due_at": None,
    }
    if not before:
        done = work.insert_if_absent(table, {"id": made.id, **row})
    else:
        at = (table.c.id == made.id) & (table.c.version == before)
        done = work.write(update(table).where(at).values(row)).count == 1
    if not done:
        raise ConflictError(
            "somebody else published a version just now", subject=made.id, remedy="Look again."
        )


def documents_due(work: Work) -> tuple[DocumentInForce, ...]:
    """List documents past the day of their review that nobody was told of yet."""
    query = _in_force().where(
        documents_table.c.review_by <= work.now, standing_documents_table.c.told_due_at.is_(None)
    )
    return tuple(_holding(row) for row in work.read(query).all())


def note_due(work: Work, document_id: str) -> None:
    """Note that its review is due, so that it is told once."""
    table = standing_documents_table
    work.write(update(table).where(table.c.id == document_id).values(told_due_at=work.now))


def acknowledge(work: Work, made: Acknowledgement) -> bool:
    """Keep that a person read a version; tell whether that was new."""
    row = {
        "id": made.document,
        "version": made.version,
        "person": made.person,
        "digest": made.digest,
        "at": made.at,
    }
    return work.insert_if_absent(acknowledgements_table, row)


def acknowledgement(
    work: Work, document_id: str, version: int, person: str
) -> Acknowledgement | None:
    """Find that a person read a version."""
    found = acknowledgements(work, document_id, version)
    return next((each for each in found if each.person == person), None)


def acknowledgements(work: Work, document_id: str, version: int) -> tuple[Acknowledgement, ...]:
    """List who read a version, in the order of time."""
    table = acknowledgements_table
    query = (
        select(table)
        .where(table.c.id == document_id, table.c.version == version)
        .order_by(table.c.at, table.c.person)
    )
    return tuple(
        Acknowledgement(row.id, row.version, row.person, Digest(row.digest), row.at)
        for row in work.read(query).all()
    )


def acknowledgements_in_force(work: Work) -> tuple[Acknowledgement, ...]:
    """List who read the versions that hold."""
    table, held = acknowledgements_table, standing_documents_table
    same = (held.c.id == table.c.id) & (held.c.version == table.c.version)
    query = select(table).join(held, same).order_by(table.c.id, table.c.at, table.c.person)
    return tuple(
        Acknowledgement(row.id, row.version, row.person, Digest(row.digest), row.at)
        for row in work.read(query).all()
    )


def _in_force() -> Any:  # noqa: ANN401 a select
    held = standing_documents_table
    same = (held.c.id == documents_table.c.id) & (held.c.version == documents_table.c.version)
    return select(documents_table, held.c.since, held.c.request_id, held.c.told_due_at).join(
        held, same
    )


def _holding(row: Row[Any]) -> DocumentInForce:
    since: datetime = row.since
    return DocumentInForce(_document(row), since, row.request_id, row.told_due_at)


def _document(row: Row[Any]) -> Document:
    return Document(
        id=row.id,
        version=row.version,
        title=row.title,
        text=row.body["text"],
        controls=tuple(row.body["controls"]),
        digest=Digest(row.digest),
        owner=row.owner,
        author=row.author,
        reason=row.reason,
        review_by=row.review_by,
        made_at=row.made_at,
    )
