"""What a bill of materials of a version set is written from; the same set gives the same bill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muniment.registry.models.artefacts import Kept
from muniment.registry.models.parts import PartKind, PartVersion, Run
from muniment.registry.models.systems import System


@dataclass(frozen=True, slots=True)
class Item:
    """A version of the set, with its files and the newest evaluation of it."""

    version: PartVersion
    files: tuple[Kept, ...] = ()
    evaluation: Run | None = None

    @property
    def reference(self) -> str:
        """Name it within the bill."""
        return f"{self.version.label}@{self.version.number}"

    @property
    def document(self) -> Mapping[str, Any]:
        """Give what its version says."""
        return self.version.document

    @property
    def licence(self) -> str:
        """Give its licence as it was stated, or nothing."""
        found = self.document.get("licence") or self.document.get("license")
        return found if isinstance(found, str) else ""

    @property
    def is_model(self) -> bool:
        """Tell whether it is a model."""
        return self.version.kind is PartKind.MODEL


@dataclass(frozen=True, slots=True)
class Bill:
    """A system and everything that a version set of it is made of."""

    system: System
    set_digest: str
    items: tuple[Item, ...]
    organisation: str

    @property
    def at(self) -> datetime:
        """Give the moment at which the newest of its versions was written."""
        return max((each.version.made_at for each in self.items), default=self.system.created_at)
