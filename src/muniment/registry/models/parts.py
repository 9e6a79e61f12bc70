"""What a system is made of: parts, each with versions that are named by their content.

A version's digest is made of its kind and its document, so the same content is the same version,
and a changed one is another. A version set is the exact list of versions that serve together; its
digest is what is approved and what is deployed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from muniment.core.digest import Digest, digest_value
from muniment.registry.models.changes import Origin, Verdict


class PartKind(StrEnum):
    """What sort of thing a part is; each is a surface that changes behaviour."""

    MODEL = "model"
    PROMPT = "prompt"
    WORKFLOW = "workflow"
    AGENT = "agent"
    ROUTING = "routing"
    GUARDRAIL = "guardrail"
    TOOLS = "tools"
    DATASET = "dataset"
    TRAINING = "training"


class RunSort(StrEnum):
    """What was run."""

    TRAINING = "training"
    EVALUATION = "evaluation"


def part_label(kind: PartKind, name: str) -> str:
    """Name a part within its system: `prompt/greeting`."""
    return f"{kind.value}/{name}"


@dataclass(frozen=True, slots=True)
class Part:
    """A thing of a system that has versions."""

    id: str
    system_id: str
    kind: PartKind
    name: str
    latest: int
    revision: int = 1

    @property
    def label(self) -> str:
        """Name it within its system."""
        return part_label(self.kind, self.name)


@dataclass(frozen=True, slots=True)
class PartVersion:
    """One exact content of a part, who wrote it, and where the change came from.

    What is `asserted` was brought in from elsewhere and never counts as recorded when it happened.
    """

    id: str
    part_id: str
    system_id: str
    kind: PartKind
    name: str
    number: int
    digest: Digest
    document: Mapping[str, Any]
    author: str
    made_at: datetime
    origin: Origin = Origin()  # noqa: RUF009 a frozen value
    asserted: bool = False

    @property
    def label(self) -> str:
        """Name its part within the system."""
        return part_label(self.kind, self.name)


def version_digest(kind: PartKind, document: Mapping[str, Any]) -> Digest:
    """Fingerprint the content of a version."""
    return digest_value([kind.value, dict(document)])


@dataclass(frozen=True, slots=True)
class VersionSet:
    """Exactly which versions serve together: the digest of each, by the label of its part."""

    system_id: str
    versions: Mapping[str, str]
    digest: Digest = field(init=False)

    def __post_init__(self) -> None:
        """Name the set by its content."""
        object.__setattr__(self, "digest", digest_value([self.system_id, dict(self.versions)]))


@dataclass(frozen=True, slots=True)
class Run:
    """A training or an evaluation that took place: of what, with what, and what came out."""

    id: str
    system_id: str
    sort: RunSort
    of: str
    document: Mapping[str, Any]
    verdict: Verdict
    says: str
    author: str
    made_at: datetime
    record_id: str = ""
