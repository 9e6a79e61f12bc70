"""How the nouns of access are written in JSON: the names they have everywhere else."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Path
from pydantic import BeforeValidator, Field, model_validator

from muniment.access import (
    Holder,
    HolderKind,
    Key,
    PersonState,
    Scope,
    ServiceKind,
    Session,
)
from muniment.api.asking import Given, Told, Versioned

MAX_ID: Final = 80
MAX_NAME: Final = 200
MAX_REASON: Final = 2_000

Id = Annotated[str, Field(min_length=1, max_length=MAX_ID, pattern=r"^[A-Za-z0-9_-]+$")]
AnId = Annotated[str, Path(max_length=MAX_ID)]
AREA: Final = Scope.of(console="access")
Places = Annotated[
    dict[str, str],
    BeforeValidator(lambda value: value.as_dict() if isinstance(value, Scope) else value),
    Field(
        max_length=10,
        description="Ids by kind of place; empty is everywhere.",
        examples=[{"system": "sys_credit", "environment": "production"}],
    ),
]
Reason = Annotated[str, Field(min_length=1, max_length=MAX_REASON, examples=["On call in March."])]


class HolderOf(Told):
    """Who holds something: a person, a service or a team."""

    kind: HolderKind
    id: str


class HolderGiven(Given):
    """Who shall hold something."""

    kind: HolderKind
    id: Id

    def holder(self) -> Holder:
        """Give the noun."""
        return Holder(self.kind, self.id)


class PersonTold(Versioned):
    """A human being."""

    id: str = Field(examples=["per_06f3k2m9p4q7r8s1t5v6w0x2y3"])
    name: str = Field(examples=["Ines Ferreira"])
    email: str = Field(examples=["ines@example.org"])
    state: PersonState
    created_at: datetime
    source: str
    left_at: datetime | None


class ServiceTold(Versioned):
    """A program that acts under its own name."""

    id: str
    kind: ServiceKind
    name: str
    owner_id: str = Field(description="The person who answers for it.")
    active: bool
    created_at: datetime


class TeamTold(Versioned):
    """A group that holds grants for who is in it."""

    id: str
    name: str
    created_at: datetime
    external_id: str
    ended_at: datetime | None


class MemberTold(Told):
    """Somebody in a team, from when to when."""

    id: str
    team_id: str
    member: HolderOf
    joined_at: datetime
    left_at: datetime | None


class RoleTold(Versioned):
    """A named set of permissions."""

    name: str
    says: str
    permissions: Annotated[list[str], BeforeValidator(sorted)]
    built_in: bool
    must_expire: bool
    must_scope: bool
    views_recorded: bool


class PermissionTold(Told):
    """One thing that can be allowed."""

    name: str
    says: str
    roles: list[str] = Field(description="Built-in roles that carry it.")
    writes: bool
    person_only: bool = Field(description="Refused to programs and keys.")


class GrantTold(Versioned):
    """A role, for somebody, over a scope, for a time."""

    id: str
    holder: HolderOf
    role: str
    scope: Places
    source: str
    reason: str
    granted_by: str
    starts_at: datetime
    ends_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str


class KeyTold(Versioned):
    """A key as it is kept; its secret was shown once."""

    id: str
    holder: HolderOf
    label: str
    shown: str = Field(description="Its beginning, to tell keys apart.")
    permissions: list[str] | None = Field(description="What it may do at most; null: all.")
    scope: Places
    budget: str
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    replaced_by: str

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:  # noqa: ANN401 a noun, or what was kept of an answer
        if not isinstance(value, Key):
            return value
        allowed = value.limits.permissions
        return {
            **{each.name: getattr(value, each.name) for each in fields(Key)},
            "permissions": None if allowed is None else sorted(allowed),
            "scope": value.limits.scope,
        }


class KeyMade(KeyTold):
    """A new key with its secret, which is never shown again."""

    secret: str | None = Field(
        None, description="Shown in the first answer only.", examples=["mun_svc_…"]
    )


class SessionTold(Told):
    """A signed-in person's stay."""

    id: str
    person_id: str
    methods: list[str]
    strong: bool
    began_at: datetime
    seen_at: datetime
    idle_until: datetime
    ends_at: datetime
    address: str
    agent: str
    revoked_at: datetime | None

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:  # noqa: ANN401 a noun, or what was kept of an answer
        if not isinstance(value, Session):
            return value
        return {
            **{each.name: getattr(value, each.name) for each in fields(Session)},
            "person_id": value.sign_in.person_id,
            "methods": [each.value for each in value.sign_in.methods],
            "strong": value.sign_in.strong,
        }


class ExceptionTold(Told):
    """Leave to hold conflicting duties, for a time."""

    id: str
    person_id: str
    one: str
    other: str
    scope: Places
    reason: str
    approved_by: str
    starts_at: datetime
    ends_at: datetime
    uses: int


class VerdictTold(Told):
    """Whether something may be done, by which grant, and if not, why."""

    ok: bool
    grant_id: str | None
    role: str | None
    reasons: list[str]
    remedy: str
