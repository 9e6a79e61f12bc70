"""Policies for people: written, owned, looked at again in time, and acknowledged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from muniment.core.digest import Digest

SOON: Final = timedelta(days=30)


class Stands(StrEnum):
    """How a policy for people stands: whether it holds, and whether its review is due."""

    DRAFT = "draft"
    HOLDS = "holds"
    DUE_SOON = "due soon"
    OVERDUE = "overdue"


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
class DocumentDraft:
    """What somebody writes: the text, its owner, the day of its review, the controls it serves."""

    title: str
    text: str
    owner: str
    review_by: datetime
    controls: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class WrittenPolicy:
    """A policy for people as it stands: its latest version, the one that holds, who has read that.

    `read_at` is when whoever asks said that they have read the version that holds.
    """

    latest: Document
    held: DocumentInForce | None
    read_by: int = 0
    asked_of: int = 0
    read_at: datetime | None = None

    @property
    def shown(self) -> Document:
        """Give the version that counts: the one that holds, or else the draft."""
        return self.latest if self.held is None else self.held.document

    def stands(self, at: datetime) -> Stands:
        """Say how it stands at a moment."""
        if self.held is None:
            return Stands.DRAFT
        if self.held.is_due(at):
            return Stands.OVERDUE
        return Stands.DUE_SOON if self.held.is_due(at + SOON) else Stands.HOLDS


@dataclass(frozen=True, slots=True)
class Reader:
    """A person a policy that holds is for, and when they said that they have read it, if ever."""

    document: str
    version: int
    person: str
    name: str
    at: datetime | None = None
