"""Who acts, as a value: the only thing the lower floors know of people and services.

`access` makes real ones after it has identified somebody; the system itself acts under its own
names, so that an act of a rule or a job never looks human.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """What sort of being acts."""

    PERSON = "person"
    SERVICE = "service"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone or something that acts, with the credential and the grant it relied on."""

    kind: ActorKind
    id: str
    credential: str = ""
    grant: str = ""

    def __hash__(self) -> int:
        return hash((self.id, self.credential, self.grant))  # the kind of one id is always the same

    def as_record(self) -> dict[str, str]:
        """Give the form that stands in a ledger entry; empty parts are left out."""
        record = {"kind": self.kind.value, "id": self.id}
        if self.credential:
            record["credential"] = self.credential
        if self.grant:
            record["grant"] = self.grant
        return record

    def without_grant(self) -> Actor:
        """Give who acts, whatever they relied on."""
        return Actor(self.kind, self.id, self.credential) if self.grant else self


def system_actor(name: str) -> Actor:
    """Name a part of Muniment that acts by itself: the worker, a migration, the command line."""
    return Actor(ActorKind.SYSTEM, name)
