"""Policies for people: written, owned, looked at again in time, and acknowledged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muniment.core.digest import Digest


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a policy for people: its text, who answers for it, and until when."""

    id: str
    version: int
    title: str
    text: str
    controls: tuple[str, ...]
    digest: Digest
    owner: str
    author: str
    reason: str
    review_by: datetime
    made_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentInForce:
    """The version of a policy for people that holds, since when, and on whose yes."""

    document: Document
    since: datetime
    request_id: str
    told_due_at: datetime | None = None

    def is_due(self, at: datetime) -> bool:
        """Tell whether it is past the day on which it was to be looked at again."""
        return self.document.review_by <= at


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """That a person read exactly this version."""

    document: str
    version: int
    person: str
    digest: Digest
    at: datetime
