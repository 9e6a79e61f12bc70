"""How people show who they are: passkeys, second factors, one-time links, and how it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from muniment.access.models.credentials import Session
from muniment.access.models.who import PersonId


@dataclass(frozen=True, slots=True)
class Passkey:
    """A key pair that a device or a password manager keeps; we hold the public half."""

    id: str
    credential_id: bytes
    person_id: PersonId
    public_key: bytes
    sign_count: int
    label: str
    created_at: datetime
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where passkeys belong: the host name that browsers hold them to, and the page's origin."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Totp:
    """A shared secret that makes codes, sealed; the last step used is never taken again."""

    person_id: PersonId
    key_id: str
    sealed: str = field(repr=False)
    confirmed: bool
    created_at: datetime
    last_step: int = -1


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    FIRST = "first"
    RESET = "reset"
    INVITE = "invite"


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link, known by the digest of its secret."""

    digest: str
    purpose: LinkPurpose
    person_id: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None

    def works(self, at: datetime) -> bool:
        """Tell whether it still opens anything."""
        return self.used_at is None and at < self.expires_at


class StepKind(StrEnum):
    """What is under way in a browser before its outcome is known."""

    SECOND_FACTOR = "second_factor"
    PASSKEY = "passkey"
    NEW_PASSKEY = "new_passkey"
    SSO = "sso"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a sign-in under way, bound to one browser by a secret only that browser holds."""

    digest: str
    kind: StepKind
    data: Mapping[str, Any]
    expires_at: datetime
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request comes from: its address, its browser's name, and the device it showed."""

    address: str = ""
    agent: str = ""
    device: str = field(default="", repr=False)


class Outcome(StrEnum):
    """How an attempt to sign in went."""

    IN = "in"
    SECOND_FACTOR = "second_factor"
    REFUSED = "refused"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an attempt gave: a session with its secret, a further step, or a refusal."""

    outcome: Outcome
    session: Session | None = None
    secret: str = field(default="", repr=False)
    device: str = field(default="", repr=False)
    step: str = field(default="", repr=False)
    ways: tuple[str, ...] = ()
    wait_seconds: int = 0
    says: str = ""


@dataclass(frozen=True, slots=True)
class Ways:
    """By which ways a person can show who they are."""

    password: bool
    totp: bool
    passkeys: tuple[Passkey, ...]
    recovery_codes: int

    @property
    def second(self) -> bool:
        """Tell whether a second factor is there."""
        return self.totp or bool(self.passkeys)
