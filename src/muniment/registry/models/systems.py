"""An AI system: what it is for, who answers for it, and what lies inside its boundary.

The profile is everything a person states about a system. It is versioned as a whole; each version
stays, so that what was stated on a day can be shown on any later one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

TIERS: Final = ("low", "limited", "high", "critical")
EU_CLASSES: Final = ("minimal", "limited", "high", "prohibited")


class SystemState(StrEnum):
    """Where a system stands in its life; what is retired stays retired."""

    PROPOSED = "proposed"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    LIVE = "live"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class Stage(StrEnum):
    """How far from real users an environment is."""

    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"


class Autonomy(StrEnum):
    """How much a system does without a person."""

    INFORMS = "informs"
    SUGGESTS = "suggests"
    ACTS_AFTER_A_YES = "acts_after_a_yes"
    ACTS_ALONE = "acts_alone"

    @property
    def in_rules(self) -> str:
        """Give the word by which policies know it."""
        acts = {Autonomy.ACTS_AFTER_A_YES: "acts_with_approval", Autonomy.ACTS_ALONE: "acts"}
        return acts.get(self, "assists")


class AiRole(StrEnum):
    """What the organisation is to this system under the EU AI Act."""

    UNDECIDED = "undecided"
    PROVIDER = "provider"
    DEPLOYER = "deployer"
    PROVIDER_AND_DEPLOYER = "provider_and_deployer"
    IMPORTER = "importer"
    DISTRIBUTOR = "distributor"
    OUT_OF_SCOPE = "out_of_scope"


class ComponentSort(StrEnum):
    """What a component inside the boundary is."""

    APPLICATION = "application"
    MODEL_ENDPOINT = "model_endpoint"
    RETRIEVER = "retriever"
    EMBEDDING_STORE = "embedding_store"
    CACHE = "cache"
    PROMPT_LOG = "prompt_log"
    TOOL = "tool"
    REVIEW_QUEUE = "review_queue"
    ADMIN_TOOL = "admin_tool"
    DATA_STORE = "data_store"


class Action(StrEnum):
    """What a component can set off in the world, and whether it can be undone."""

    NONE = "none"
    REVERSIBLE = "reversible"
    IRREVERSIBLE = "irreversible"


@dataclass(frozen=True, slots=True)
class Component:
    """One thing inside the boundary; `made_of` names the components it is built from."""

    name: str
    sort: ComponentSort
    environments: tuple[str, ...] = ()
    vendor: str = ""
    data_classes: tuple[str, ...] = ()
    entry_point: bool = False
    retained_days: int = 0
    action: Action = Action.NONE
    made_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """Data that goes from one component to another."""

    source: str
    target: str
    data_classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Environment:
    """A place where versions serve, kept apart from the others."""

    name: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that is stated about a system; people are named by their ids."""

    name: str
    purpose: str
    owner: str
    alert_reviewer: str = ""
    change_approver: str = ""
    autonomy: Autonomy = Autonomy.SUGGESTS
    users_affected: str = ""
    data_classes: tuple[str, ...] = ()
    data_sources: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    role: AiRole = AiRole.UNDECIDED
    commitments: tuple[str, ...] = ()
    decision_logic: str = ""
    refresh: str = ""
    declared_tier: str = ""
    eu_class: str = ""
    canary_percent: int = 10
    environments: tuple[Environment, ...] = (
        Environment("development", Stage.DEVELOPMENT),
        Environment("staging", Stage.STAGING),
        Environment("production", Stage.PRODUCTION),
    )
    components: tuple[Component, ...] = ()
    flows: tuple[Flow, ...] = ()

    def environment(self, name: str) -> Environment | None:
        """Find an environment by its name."""
        return next((each for each in self.environments if each.name == name), None)


@dataclass(frozen=True, slots=True)
class System:
    """An AI system and where it stands.

    `assessed_tier` is what the risk room found; until it has, it is empty.
    """

    id: str
    key: str
    profile: Profile
    state: SystemState
    created_at: datetime
    updated_at: datetime
    assessed_tier: str = ""
    assessed_until: datetime | None = None
    review_due_at: datetime | None = None
    request_id: str = ""
    resumes_as: SystemState | None = None
    disposal: Mapping[str, str] | None = None
    retired_at: datetime | None = None
    version: int = 1

    @property
    def tier(self) -> str:
        """Give the stricter of the stated tier and the assessed one; empty where there is none."""
        known = [each for each in (self.profile.declared_tier, self.assessed_tier) if each in TIERS]
        return max(known, key=TIERS.index, default="")
