"""What a repository says of its system, in `muniment.yaml`, and the plan of a release.

Only the id of the system must be there. What else must be declared is for policies to say, so that
one team can ask for more than another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from muniment.policy.models.versions import ThreeAnswers

Level = Literal["error", "warning", "note"]
_Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$", description="Small letters.")]
_Word = Annotated[str, Meta(min_length=1, max_length=200)]
_Sentence = Annotated[str, Meta(min_length=1, max_length=2_000)]


class Part(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A part of a declaration: the fields that are named, and no others."""


class DeclaredEnvironment(Part, frozen=True, kw_only=True):
    """A place where versions serve."""

    name: Annotated[_Word, Meta(description="Its name.")]
    stage: Annotated[
        Literal["development", "staging", "production"],
        Meta(description="How far from real users it is."),
    ]


class DeclaredComponent(Part, frozen=True, kw_only=True):
    """One thing inside the boundary of the system."""

    name: Annotated[_Word, Meta(description="Its name.")]
    sort: Annotated[
        Literal[
            "application",
            "model_endpoint",
            "retriever",
            "embedding_store",
            "cache",
            "prompt_log",
            "tool",
            "review_queue",
            "admin_tool",
            "data_store",
        ],
        Meta(description="What it is."),
    ]
    environments: Annotated[tuple[_Word, ...], Meta(description="Where it stands.")] = ()
    vendor: Annotated[str, Meta(max_length=200, description="Who runs it; empty: we do.")] = ""
    data_classes: Annotated[tuple[_Word, ...], Meta(description="Data it holds.")] = ()
    entry_point: Annotated[bool, Meta(description="Whether people or programs come in here.")] = (
        False
    )
    retained_days: Annotated[int, Meta(ge=0, le=36_500, description="How long it keeps.")] = 0
    action: Annotated[
        Literal["none", "reversible", "irreversible"],
        Meta(description="What it can set off in the world."),
    ] = "none"
    made_of: Annotated[tuple[_Word, ...], Meta(description="Components it is built from.")] = ()


class DeclaredFlow(Part, frozen=True, kw_only=True):
    """Data that goes from one component to another."""

    source: Annotated[_Word, Meta(description="Where it comes from.")]
    target: Annotated[_Word, Meta(description="Where it goes.")]
    data_classes: Annotated[tuple[_Word, ...], Meta(description="Classes of the data.")] = ()


class DeclaredArtefact(Part, frozen=True, kw_only=True):
    """A file of a model, under its digest."""

    name: Annotated[_Word, Meta(description="Name of the file.")]
    digest: Annotated[
        str, Meta(pattern=r"^sha256:[0-9a-f]{64}$", description="Digest of its bytes.")
    ]


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
    alert_reviewer: Annotated[
        _Word, Meta(description="Who looks at its alerts: an e-mail address.")
    ] = ""
    change_approver: Annotated[
        _Word, Meta(description="Who must say yes to its changes: an e-mail address.")
    ] = ""
    users_affected: Annotated[_Sentence, Meta(description="Whom it touches.")] = ""
    data_sources: Annotated[
        tuple[_Sentence, ...], Meta(description="Where its data comes from.")
    ] = ()
    role: Annotated[
        Literal[
            "",
            "undecided",
            "provider",
            "deployer",
            "provider_and_deployer",
            "importer",
            "distributor",
            "out_of_scope",
        ],
        Meta(description="What the organisation is to it under the EU AI Act."),
    ] = ""
    commitments: Annotated[tuple[_Sentence, ...], Meta(description="What was promised.")] = ()
    decision_logic: Annotated[_Sentence, Meta(description="How it comes to an answer.")] = ""
    refresh: Annotated[_Sentence, Meta(description="How it is brought up to date.")] = ""
    canary_percent: Annotated[
        int | None, Meta(description="Share of production a change begins with, 0 to 99.")
    ] = None
    environments: Annotated[
        tuple[DeclaredEnvironment, ...], Meta(description="Where versions serve.")
    ] = ()
    components: Annotated[
        tuple[DeclaredComponent, ...], Meta(description="What lies inside its boundary.")
    ] = ()
    flows: Annotated[tuple[DeclaredFlow, ...], Meta(description="Data between components.")] = ()


class DeclaredModel(Part, frozen=True, kw_only=True):
    """A model the system calls."""

    name: Annotated[_Word, Meta(description="Name of the model.")]
    provider: Annotated[_Word, Meta(description="Who offers it.")] = ""
    version: Annotated[_Word, Meta(description="Its exact version.")] = ""
    region: Annotated[_Word, Meta(description="Where it is called.")] = ""
    part: Annotated[_Word, Meta(description="Name of its part in the registry.")] = ""
    artefacts: Annotated[
        tuple[DeclaredArtefact, ...], Meta(description="Its files, of a model of one's own.")
    ] = ()


class DeclaredPrompt(Part, frozen=True, kw_only=True):
    """A prompt of the system: a file of the repository."""

    file: Annotated[_Word, Meta(description="Path within the repository.")]
    sha256: Annotated[
        str,
        Meta(pattern=r"^([0-9a-f]{64})?$", description="Digest of the file, if it is pinned."),
    ] = ""
    part: Annotated[_Word, Meta(description="Name of its part in the registry.")] = ""


class DeclaredTool(Part, frozen=True, kw_only=True):
    """A tool the system may use."""

    name: Annotated[_Word, Meta(description="Name of the tool.")]
    effect: Annotated[
        Literal["read", "write", "external"], Meta(description="What it does to the world.")
    ] = "read"
    reversible: Annotated[bool, Meta(description="Whether it can be undone.")] = True


class DeclaredPart(Part, frozen=True, kw_only=True):
    """A part of any other kind: its content, or the file that holds it."""

    part: Annotated[_Word, Meta(description="Kind and name, as routing/main.")]
    file: Annotated[str, Meta(max_length=200, description="Path within the repository.")] = ""
    document: Annotated[dict[str, Any], Meta(description="Its content.")] = msgspec.field(
        default_factory=dict
    )


class Declaration(Part, frozen=True, kw_only=True):
    """A system as its repository declares it."""

    muniment: Annotated[Literal[1], Meta(description="Version of this format.")]
    system: DeclaredSystem
    models: tuple[DeclaredModel, ...] = ()
    prompts: tuple[DeclaredPrompt, ...] = ()
    tools: tuple[DeclaredTool, ...] = ()
    parts: tuple[DeclaredPart, ...] = ()


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
