"""The nouns of calibration: which configuration a system has, and the cases it is measured on.

A configuration is never edited: a change is a new version with an owner, a reason, mostly an end,
and what the cases said before and after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from muniment.core.digest import Digest
from muniment.detect.models.findings import Configuration

CaseId = NewType("CaseId", str)


class CaseKind(StrEnum):
    """What somebody said about a text."""

    FALSE_ALARM = "false_alarm"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class CaseKeeping:
    """Whose detector a case measures, how long its text is kept, about whom, and how guarded."""

    system: str = ""
    days: int = 365
    subject: str = ""
    classification: str = "confidential"


@dataclass(frozen=True, slots=True)
class KeptText:
    """Where the vault keeps the text of a case, as the record of the case says it."""

    kid: str
    commit: str
    ct_sha256: str
    ct_len: int


@dataclass(frozen=True, slots=True)
class OpenTexts:
    """Texts of cases, opened on record to measure a change; they live as long as the measuring."""

    texts: Mapping[str, str] = field(default_factory=dict, repr=False)

    def of(self, case: Case) -> str | None:
        """Give the text of a case; nothing if it was not opened, or is erased by now."""
        return None if case.erased_at is not None else self.texts.get(case.id)


@dataclass(frozen=True, slots=True)
class Case:
    """A place in a text about which the detector was wrong once, kept to measure every change.

    Its text is content. It lies in the vault, under the key of whom it is about or of the case
    alone, and can be erased; what remains is the digest of what was kept, which tells nothing.
    """

    id: CaseId
    system: str
    kind: CaseKind
    type: str
    start: int
    end: int
    subject: str
    kept: KeptText | None
    digest: Digest
    build: str
    reported_by: str
    reported_at: datetime
    erase_after: datetime
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """How a configuration does on the cases: right, wrong of each kind, and not to be told."""

    right: int = 0
    false_alarms: int = 0
    missed: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        """Count all cases."""
        return self.right + self.false_alarms + self.missed + self.unknown

    def as_value(self) -> dict[str, int]:
        """Give it as plain JSON."""
        return {
            "right": self.right,
            "false_alarms": self.false_alarms,
            "missed": self.missed,
            "unknown": self.unknown,
        }


@dataclass(frozen=True, slots=True)
class Calibration:
    """One version of a system's configuration: whose it is, why, until when, and what it did."""

    system: str
    version: int
    configuration: Configuration
    owner: str
    reason: str
    changed_by: str
    changed_at: datetime
    expires_at: datetime | None
    before: Figures
    after: Figures
    loosens: tuple[str, ...] = ()
