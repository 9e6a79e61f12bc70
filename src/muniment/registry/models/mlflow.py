"""A registered model of an MLflow server that is followed here, and what was seen of it.

Everything that comes from there is asserted: it is what another system says of a past that nobody
watched here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class MlflowLink:
    """Which registered model is which part of which system, and which aliases ask for a yes.

    `gates` leads from an alias to the environment that is served by it.
    """

    id: str
    system_id: str
    part: str
    model: str
    gates: Mapping[str, str]
    author: str
    made_at: datetime
    aliases: Mapping[str, str]
    tags: tuple[tuple[str, str], ...] = ()
    synced_at: datetime | None = None
    revision: int = 1


@dataclass(frozen=True, slots=True)
class MlflowVersion:
    """A version of a registered model, with its run, as the server tells it."""

    number: str
    source: str
    run_id: str
    description: str
    made_at: str
    tags: tuple[tuple[str, str], ...]
    run: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MlflowModel:
    """A registered model as the server tells it."""

    name: str
    aliases: Mapping[str, str]
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SeenVersion:
    """Which version here stands for which version there."""

    link_id: str
    number: str
    version_id: str
    digest: str
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Synced:
    """What a look at the server brought."""

    link: MlflowLink
    added: tuple[str, ...]
    known: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AliasAnswer:
    """May an alias be moved to a version, and if not, why?"""

    allowed: bool
    reason: str
    remedy: str = ""
