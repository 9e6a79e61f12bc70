"""What signing in records: who came in and how, who was refused, and every change of a credential.

Where somebody came from is named by an id; the address itself lives in a table that is erased.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from muniment.ledger.kinds.base import kind

_CREDENTIALS = ("access_passwords", "access_totp", "access_recovery_codes", "access_passkeys")


@kind(
    "access.signed_in",
    covers=("access_sessions", *_CREDENTIALS),
    subject=("person", "person"),
)
class SignedIn(Struct, frozen=True):
    """A person signed in: by which ways, whether with a second factor, from where, until when."""

    person: str
    session: str
    methods: tuple[str, ...]
    strong: bool
    source: str
    issuer: str
    ends_at: str


@kind("access.sign_in_failed")
class SignInFailed(Struct, frozen=True):
    """A sign-in, key or token was refused; the first of its source in a minute."""

    source: str
    way: str
    why: str
    person: str = ""


@kind("access.sign_ins_refused")
class SignInsRefused(Struct, frozen=True):
    """How often a source was refused in one minute, by person where one was named."""

    source: str
    minute: str
    count: int
    people: Mapping[str, int]


@kind("access.sessions_ended", covers=("access_sessions",), subject=("person", "person"))
class SessionsEnded(Struct, frozen=True):
    """Sessions of a person were ended, and why; they open nothing any more in any process."""

    person: str
    sessions: tuple[str, ...]
    why: str


@kind("access.password_set", covers=("access_passwords",), subject=("person", "person"))
class PasswordSet(Struct, frozen=True):
    """A person got a new password, by which way."""

    person: str
    way: str


@kind("access.credential_added", covers=_CREDENTIALS, subject=("person", "person"))
class CredentialAdded(Struct, frozen=True):
    """A person got another way to sign in: a passkey, a code generator, recovery codes."""

    person: str
    way: str
    credential: str = ""


@kind("access.credential_removed", covers=_CREDENTIALS, subject=("person", "person"))
class CredentialRemoved(Struct, frozen=True):
    """A way to sign in was taken from a person, and why."""

    person: str
    way: str
    why: str
    credential: str = ""


@kind("access.link_made", covers=("access_links",))
class LinkMade(Struct, frozen=True):
    """A one-time link was made: for what, for whom, until when; older ones of its kind end."""

    purpose: str
    person: str
    expires_at: str


@kind("access.link_used", covers=("access_links",))
class LinkUsed(Struct, frozen=True):
    """A one-time link was used."""

    purpose: str
    person: str
    source: str


@kind("access.issuer_set", covers=("access_issuers",), subject=("issuer", "issuer"))
class IssuerSet(Struct, frozen=True):
    """An issuer was trusted, or what is believed of it changed; its settings by digest."""

    issuer: str
    use: str
    active: bool
    trust: str


@kind("access.workload_linked", covers=("access_workloads",), subject=("service", "service"))
class WorkloadLinked(Struct, frozen=True):
    """A name that an issuer gives a program now stands for a service identity."""

    service: str
    issuer: str


@kind("access.workload_unlinked", covers=("access_workloads",), subject=("service", "service"))
class WorkloadUnlinked(Struct, frozen=True):
    """A name that an issuer gives a program stands for nothing here any more."""

    service: str
    issuer: str


@kind("access.group_role_refused", subject=("person", "person"))
class GroupRoleRefused(Struct, frozen=True):
    """An issuer's group would give a role that could not be given, or end one that must stay."""

    person: str
    issuer: str
    role: str
    why: str


@kind("access.directory_changed", covers=("access_directory",))
class DirectoryChanged(Struct, frozen=True):
    """A directory told us something about a person or a team: what it did, through which key."""

    resource: str
    id: str
    verb: str
