"""What may be done: permissions, roles, and grants of a role over a scope for a time.

A scope names places by kind. A grant reaches a thing if every kind the grant names is named by
the thing with the same id; a grant that names nothing reaches everything. So a grant over
`system=sys_1` reaches that system in all environments, and one over
`system=sys_1, environment=production` only there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from muniment.access.models.who import Holder, HolderKind, PersonId
from muniment.core.errors import InvalidError

SCOPE_KINDS: Final = (
    "system",
    "environment",
    "model",
    "dataset",
    "vector_store",
    "observability",
    "console",
)
_MAX_ID_CHARS: Final = 200


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that can be allowed: `room.verb`, in a sentence, and which built-in roles carry it.

    What only a person may do (decide, review, attest) is refused to programs and to the product
    itself, so that an act of a rule never looks human. What `gives` leads to more rights, so only
    built-in roles carry it. For what is bounded by itself (one's own keys, the lines one was given)
    a grant `anywhere` will do.
    """

    name: str
    says: str
    roles: tuple[str, ...]
    writes: bool = True
    person_only: bool = False
    gives: bool = False
    anywhere: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions."""

    name: str
    says: str
    permissions: frozenset[str]
    built_in: bool = False
    must_expire: bool = False
    must_scope: bool = False
    views_recorded: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True)
class Scope:
    """Where something holds: ids by kind; nothing named means everywhere."""

    places: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, **places: str) -> Scope:
        """Name places: `Scope.of(system="sys_1", environment="production")`."""
        return cls.read(places)

    @classmethod
    def read(cls, places: Mapping[str, str]) -> Scope:
        """Check places that were written elsewhere."""
        for kind, named in places.items():
            if kind not in SCOPE_KINDS:
                raise InvalidError(
                    f"{kind[:40]!r} is not a kind of place",
                    field="scope",
                    remedy=f"Use one of {', '.join(SCOPE_KINDS)}.",
                )
            if not _is_short_id(named):
                raise InvalidError(
                    f"the {kind} is not named by a short printable id",
                    field=f"scope.{kind}",
                    remedy=f"Give its id, {_MAX_ID_CHARS} characters at most.",
                )
        return cls(tuple(sorted(places.items())))

    def as_dict(self) -> dict[str, str]:
        """Give the form that stands in tables, records and JSON."""
        return dict(self.places)

    def reaches(self, asked: Scope) -> bool:
        """Tell whether what is asked lies inside this scope."""
        return set(self.places) <= set(asked.places)

    def place(self, kind: str) -> str:
        """Give the id named for a kind of place, or nothing."""
        return dict(self.places).get(kind, "")

    def __str__(self) -> str:
        return ", ".join(f"{kind} {named}" for kind, named in self.places) or "everything"


def _is_short_id(named: object) -> bool:
    return isinstance(named, str) and 0 < len(named) <= _MAX_ID_CHARS and named.isprintable()


EVERYTHING: Final = Scope()


class GrantSource(StrEnum):
    """How a grant came about."""

    BOOTSTRAP = "bootstrap"
    PERSON = "person"
    DIRECTORY = "directory"
    APPROVAL = "approval"
    BREAK_GLASS = "break_glass"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, for somebody, over a scope, for a time; why and by whom. Revoked, never deleted."""

    id: str
    holder: Holder
    role: str
    scope: Scope
    source: GrantSource
    reason: str
    granted_by: str
    starts_at: datetime
    ends_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str = ""
    version: int = 1

    def holds(self, at: datetime) -> bool:
        """Tell whether it holds at a moment."""
        begun = self.starts_at <= at
        ended = self.ends_at is not None and self.ends_at <= at
        revoked = self.revoked_at is not None and self.revoked_at <= at
        return begun and not ended and not revoked


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody can rely on at a moment: grants with their roles, and the limits of their key.

    `person_id` is the human this resolves to; two standings of one person are one person.
    `problem` says why nothing at all can be relied on, such as a suspended account.
    """

    holder: Holder
    person_id: PersonId | None
    grants: tuple[tuple[Grant, Role], ...]
    limits: tuple[frozenset[str] | None, Scope] = (None, EVERYTHING)
    by_key: bool = False
    problem: str = ""

    @property
    def is_person(self) -> bool:
        """Tell whether a person acts themselves, and not a program in their name."""
        return self.holder.kind is HolderKind.PERSON and not self.by_key


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something may be done, through which grant, and if not, why."""

    ok: bool
    grant: Grant | None = None
    role: Role | None = None
    reasons: tuple[str, ...] = ()
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two duties one person should not hold on the same system."""

    one: str
    other: str
    says: str
    refuse: bool = True


@dataclass(frozen=True, slots=True)
class DutyException:
    """Leave to hold conflicting duties: approved by somebody else, for a time, counted."""

    id: str
    person_id: PersonId
    one: str
    other: str
    scope: Scope
    reason: str
    approved_by: str
    starts_at: datetime
    ends_at: datetime
    uses: int = 0

    def holds(self, at: datetime) -> bool:
        """Tell whether it holds at a moment."""
        return self.starts_at <= at < self.ends_at
