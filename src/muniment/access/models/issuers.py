"""Who else may vouch for people and programs, and on which conditions we believe them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from muniment.access.models.may import EVERYTHING, Scope
from muniment.access.models.who import ServiceId

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384", "EdDSA")


class IssuerUse(StrEnum):
    """Whom an issuer vouches for."""

    PEOPLE = "people"
    WORKLOADS = "workloads"


@dataclass(frozen=True, slots=True)
class GroupRole:
    """Whoever is in this group at the issuer holds this role over this scope."""

    group: str
    role: str
    scope: Scope = EVERYTHING


@dataclass(frozen=True, slots=True)
class Trust:
    """What is believed of an issuer, and what is asked of its tokens."""

    algorithms: tuple[str, ...] = ("RS256", "ES256")
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    groups_claim: str = "groups"
    group_roles: tuple[GroupRole, ...] = ()
    just_in_time: bool = False
    trust_email: bool = False
    email_domains: tuple[str, ...] = ()
    strong: bool = False
    audience: str = ""
    max_age_seconds: int = 3_600
    single_use: bool = False

    def as_json(self) -> dict[str, Any]:
        """Give the form that is kept."""
        groups = [[each.group, each.role, each.scope.as_dict()] for each in self.group_roles]
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        lists = {name: list(value) for name, value in plain.items() if isinstance(value, tuple)}
        return {**plain, **lists, "group_roles": groups}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Trust:
        """Read the form that is kept."""
        lists = {name: tuple(value) for name, value in kept.items() if isinstance(value, list)}
        groups = tuple(
            GroupRole(group, role, Scope.read(scope)) for group, role, scope in kept["group_roles"]
        )
        return cls(**{**kept, **lists, "group_roles": groups})


@dataclass(frozen=True, slots=True)
class Issuer:
    """Somebody who vouches for others: an OpenID provider, or a platform that gives out tokens."""

    id: str
    name: str
    url: str
    use: IssuerUse
    client_id: str
    trust: Trust
    active: bool
    created_at: datetime
    key_id: str = ""
    sealed_secret: str = field(default="", repr=False)
    version: int = 1


@dataclass(frozen=True, slots=True)
class Description:
    """What an admin says of an issuer in words."""

    name: str
    url: str
    use: IssuerUse
    client_id: str
    trust: Trust


@dataclass(frozen=True, slots=True)
class Workload:
    """A name by which a program is known to somebody else, and the service identity it is here.

    Every claim named must stand in the token with the same value.
    """

    issuer_id: str
    subject: str
    service_id: ServiceId
    claims: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Claims:
    """What an issuer says of a person, checked: who, which address, which groups."""

    subject: str
    email: str = ""
    email_verified: bool = False
    name: str = ""
    groups: tuple[str, ...] = ()
    groups_known: bool = False
    methods: tuple[str, ...] = ()
