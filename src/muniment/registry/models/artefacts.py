"""Artefacts: files of a model, named by their content; what a scan found; who signed them.

An artefact belongs to every version whose document names its digest. Its bytes lie in the vault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from muniment.registry.models.changes import Verdict


class Severity(StrEnum):
    """How bad a thing is that a scan found."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


_STOPS: Final = (Severity.CRITICAL, Severity.HIGH)


@dataclass(frozen=True, slots=True)
class Danger:
    """One thing that a scan found: by which rule, how bad, in which file, where, and why."""

    rule: str
    severity: Severity
    file: str
    place: str
    why: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Something a scan could not look into, and why; what was not read is never clean."""

    file: str
    why: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """Everything a scan of one file tells."""

    format: str
    dangers: tuple[Danger, ...] = ()
    unread: tuple[Unread, ...] = ()
    metadata: Mapping[str, Any] | None = None

    @property
    def verdict(self) -> Verdict:
        """Answer whether the file is safe to load."""
        if any(each.severity in _STOPS for each in self.dangers):
            return "not_met"
        if self.unread or any(each.severity is Severity.MEDIUM for each in self.dangers):
            return "could_not_tell"
        return "met"

    @property
    def says(self) -> str:
        """Say in a sentence what came out."""
        bad = [each for each in self.dangers if each.severity in _STOPS]
        if bad:
            more = f" and {len(bad) - 1} more" if len(bad) > 1 else ""
            return f"{bad[0].rule}: {bad[0].why}{more}."[:400]
        if self.unread:
            return f"Not everything could be read: {self.unread[0].why}."[:400]
        if self.verdict == "could_not_tell":
            unsure = next(each for each in self.dangers if each.severity is Severity.MEDIUM)
            return f"{unsure.rule}: {unsure.why}."[:400]
        return f"Nothing unsafe was found in this {self.format}."


@dataclass(frozen=True, slots=True)
class Artefact:
    """A file whose bytes are kept: its digest, its size, and where the vault keeps it."""

    id: str
    system_id: str
    digest: str
    name: str
    size: int
    kid: str
    commit: str
    ct_sha256: str
    ct_len: int
    author: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan that was made of an artefact, by which scanner."""

    id: str
    system_id: str
    digest: str
    scanner: str
    scanned: Scanned
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Signer:
    """A key whose signatures count for a system, or for all where none is named."""

    id: str
    system_id: str
    name: str
    fingerprint: str
    public_key: str
    author: str
    made_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature over artefacts that was looked at: by which key, and what came out."""

    id: str
    system_id: str
    digest: str
    fingerprint: str
    verdict: Verdict
    says: str
    bundle: Mapping[str, Any]
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """An artefact as a version names it: is it here, and what is known of it?"""

    name: str
    digest: str
    artefact: Artefact | None
    scan: Scan | None
    signature: Signature | None
    signed: tuple[Verdict, str]

    @property
    def scan_answer(self) -> tuple[Verdict, str]:
        """Answer whether it was found safe."""
        if self.scan is None:
            missing = "not uploaded" if self.artefact is None else "not scanned yet"
            return "could_not_tell", f"{self.name} is {missing}."
        return self.scan.scanned.verdict, self.scan.scanned.says
