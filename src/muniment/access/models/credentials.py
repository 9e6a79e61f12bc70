"""By what somebody is known: keys of programs, sessions of people, and how a sign-in went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from muniment.access.models.may import EVERYTHING, Scope
from muniment.access.models.who import Holder, PersonId


@dataclass(frozen=True, slots=True)
class KeyLimits:
    """What a key may do at most, whatever its holder may; no permissions named means all."""

    permissions: frozenset[str] | None = None
    scope: Scope = EVERYTHING


@dataclass(frozen=True, slots=True)
class Key:
    """An API key as it is kept: its secret was shown once and only a digest remains."""

    id: str
    holder: Holder
    label: str
    shown: str
    limits: KeyLimits
    budget: str
    created_at: datetime
    created_by: str
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    replaced_by: str = ""
    version: int = 1

    def works(self, at: datetime) -> bool:
        """Tell whether it opens anything at a moment."""
        expired = self.expires_at is not None and self.expires_at <= at
        return not expired and (self.revoked_at is None or at < self.revoked_at)


class Method(StrEnum):
    """A way to show who one is."""

    PASSWORD = "password"  # noqa: S105 a name, not a secret
    TOTP = "totp"
    PASSKEY = "passkey"
    RECOVERY = "recovery"
    SSO = "sso"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How somebody showed who they are; a second factor was used where `strong` says so."""

    person_id: PersonId
    methods: tuple[Method, ...]
    strong: bool
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in person's stay: named by the digest of its secret, ended by idleness or age."""

    id: str
    sign_in: SignIn
    began_at: datetime
    seen_at: datetime
    idle_until: datetime
    ends_at: datetime
    address: str = ""
    agent: str = ""
    revoked_at: datetime | None = None

    def lives(self, at: datetime) -> bool:
        """Tell whether it is good at a moment."""
        revoked = self.revoked_at is not None and self.revoked_at <= at
        return not revoked and at < self.idle_until and at < self.ends_at
