"""What a repository says of its system, in `muniment.yaml`, and the plan of a release.

Only the id of the system must be there. What else must be declared is for policies to say, so that
one team can ask for more than another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from muniment.policy.models.versions import ThreeAnswers

Level = Literal["error", "warning", "note"]
_Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$", description="Small letters.")]
_Word = Annotated[str, Meta(min_length=1, max_length=200)]
_Sentence = Annotated[str, Meta(min_length=1, max_length=2_000)]


class Part(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A part of a declaration: the fields that are named, and no others."""


class DeclaredSystem(Part, frozen=True, kw_only=True):
    """The system: what it is called, who answers for it, what it is for, what it touches."""

    id: Annotated[_Id, Meta(description="Id of the system, as in the registry.")]
    name: Annotated[_Word, Meta(description="What people call it.")] = ""
    owner: Annotated[_Word, Meta(description="Who answers for it: an e-mail address.")] = ""
    purpose: Annotated[_Sentence, Meta(description="What it is for, in a sentence.")] = ""
    tier: Annotated[
        Literal["", "low", "limited", "high", "critical"],
        Meta(description="Risk tier, as it was assessed."),
    ] = ""
    eu_class: Annotated[
        Literal["", "minimal", "limited", "high", "prohibited"],
        Meta(description="Class under the EU AI Act."),
    ] = ""
    autonomy: Annotated[
        Literal["", "assists", "acts_with_approval", "acts"],
        Meta(description="Whether it only advises, acts after a yes, or acts by itself."),
    ] = ""
    data_classes: Annotated[
        tuple[_Word, ...], Meta(description="Classes of data it sees, such as pii.")
    ] = ()
    regions: Annotated[tuple[_Word, ...], Meta(description="Regions it runs in.")] = ()


class DeclaredModel(Part, frozen=True, kw_only=True):
    """A model the system calls."""

    name: Annotated[_Word, Meta(description="Name of the model.")]
    provider: Annotated[_Word, Meta(description="Who offers it.")] = ""
    version: Annotated[_Word, Meta(description="Its exact version.")] = ""
    region: Annotated[_Word, Meta(description="Where it is called.")] = ""


class DeclaredPrompt(Part, frozen=True, kw_only=True):
    """A prompt of the system: a file of the repository."""

    file: Annotated[_Word, Meta(description="Path within the repository.")]
    sha256: Annotated[
        str,
        Meta(pattern=r"^([0-9a-f]{64})?$", description="Digest of the file, if it is pinned."),
    ] = ""


class DeclaredTool(Part, frozen=True, kw_only=True):
    """A tool the system may use."""

    name: Annotated[_Word, Meta(description="Name of the tool.")]
    effect: Annotated[
        Literal["read", "write", "external"], Meta(description="What it does to the world.")
    ] = "read"
    reversible: Annotated[bool, Meta(description="Whether it can be undone.")] = True


class Declaration(Part, frozen=True, kw_only=True):
    """A system as its repository declares it."""

    muniment: Annotated[Literal[1], Meta(description="Version of this format.")]
    system: DeclaredSystem
    models: tuple[DeclaredModel, ...] = ()
    prompts: tuple[DeclaredPrompt, ...] = ()
    tools: tuple[DeclaredTool, ...] = ()


class PlannedRelease(Part, frozen=True, kw_only=True):
    """A release as it is planned."""

    environment: Annotated[_Word, Meta(description="Where it shall run.")] = "production"
    region: Annotated[str, Meta(max_length=200)] = ""
    share: Annotated[int, Meta(ge=0, le=100, description="Of a hundred callers.")] = 100
    checks: Annotated[
        dict[_Word, Literal["passed", "failed", "missing"]],
        Meta(description="What came of each check."),
    ] = msgspec.field(default_factory=dict)
    approvers: Annotated[int, Meta(ge=0, le=100, description="People who said yes.")] = 0
    independent: Annotated[bool, Meta(description="Whether none of them wrote it.")] = False
    frozen: Annotated[bool, Meta(description="Whether changes are stopped just now.")] = False
    emergency: Annotated[bool, Meta(description="Whether it mends something urgent.")] = False


class ReleasePlan(Part, frozen=True, kw_only=True):
    """The plan of a release, as a file."""

    release: PlannedRelease


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a check of a repository says: by which rule, where, and what to do."""

    rule: str
    level: Level
    says: str
    file: str
    line: int = 1
    column: int = 1
    remedy: str = ""
    controls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What came of checking a repository, and by which policies."""

    verdict: ThreeAnswers
    findings: tuple[Finding, ...]
    system: str
    bundle: str
    looked_at: tuple[str, ...]
