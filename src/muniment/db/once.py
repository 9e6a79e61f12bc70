"""Done once: a request that is sent again is answered again, and not done again.

The answer is kept in the transaction of what it answers. So after a crash either both are there or
neither is, and of two requests at once the second waits for the first and is given its answer.
Answers hold no secret: a door leaves out what it shows once only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Column, Integer, String, Text, delete, select, update

from muniment.core.digest import digest_value
from muniment.core.errors import ConflictError, InvalidError
from muniment.db.tables import exempt_table
from muniment.db.types import UtcTime
from muniment.db.work import Work

KEEP: Final = timedelta(hours=24)
MAX_NAME_CHARS: Final = 255

answers_table = exempt_table(
    "api_answers",
    Column("id", String(71), primary_key=True),
    Column("request", String(71), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
    reason="an answer kept for a day so that a repeated request is not done twice; what was done "
    "is recorded by the doing",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer a request was given before."""

    status: int
    body: str


class RepeatedDifferentlyError(InvalidError):
    """This idempotency key was used for another request."""


def begin_once(work: Work, who: str, name: str, request: str) -> Kept | None:
    """Take a name for a request, or give the answer it got before; a name is each caller's own.

    It waits while another transaction holds the name. If that one is undone, the name is free.
    """
    _require_name(name)
    work.write(delete(answers_table).where(answers_table.c.expires_at <= work.now))
    row = {
        "id": _id(who, name),
        "request": request,
        "status": 0,
        "body": "",
        "expires_at": work.now + KEEP,
    }
    if work.insert_if_absent(answers_table, row):
        return None
    found = work.read(select(answers_table).where(answers_table.c.id == row["id"])).one_or_none()
    if found is None:  # on PostgreSQL another sweep may remove it between the two statements
        raise ConflictError(
            "this idempotency key expired just now",
            field="Idempotency-Key",
            remedy="Send it again.",
        )
    if found.request != request:
        raise RepeatedDifferentlyError(
            "this idempotency key was used for another request",
            field="Idempotency-Key",
            remedy="Use a fresh key for each request; repeat one with the same body only.",
        )
    return Kept(found.status, found.body)


def finish_once(work: Work, who: str, name: str, answer: Kept) -> None:
    """Keep the answer, in the transaction of what it answers."""
    work.write(
        update(answers_table)
        .where(answers_table.c.id == _id(who, name))
        .values(status=answer.status, body=answer.body)
    )


def _id(who: str, name: str) -> str:
    return digest_value([who, name])


def _require_name(name: str) -> None:
    if not (name.isascii() and name.isprintable() and 1 <= len(name) <= MAX_NAME_CHARS):
        raise InvalidError(
            "this idempotency key cannot be used",
            field="Idempotency-Key",
            remedy=f"Use 1 to {MAX_NAME_CHARS} printable ASCII characters, such as a UUID.",
        )
