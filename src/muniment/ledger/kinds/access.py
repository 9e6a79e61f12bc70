"""What is recorded of people, services, teams, roles, grants and keys: ids and short words.

Names, addresses and reasons stay in the tables; the digest of each changed row stands beside.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from muniment.ledger.kinds.base import kind

_PEOPLE = ("access_people", "access_states")
_SERVICES = ("access_services", "access_states")


@kind(
    "access.organisation_named",
    covers=("access_organisation",),
    subject=("organisation", "organisation"),
)
class OrganisationNamed(Struct, frozen=True):
    """Somebody said what the organisation is called, for the so manieth time."""

    organisation: str
    version: int


@kind("access.person_added", covers=_PEOPLE, subject=("person", "person"))
class PersonAdded(Struct, frozen=True):
    """A person was added, invited or active, from which source."""

    person: str
    state: str
    source: str


@kind("access.person_activated", covers=_PEOPLE, subject=("person", "person"))
class PersonActivated(Struct, frozen=True):
    """An invited person came, or a suspended one was let in again."""

    person: str
    was: str


@kind("access.person_changed", covers=_PEOPLE, subject=("person", "person"))
class PersonChanged(Struct, frozen=True):
    """Facts about a person were changed; these are the names of the facts."""

    person: str
    fields: tuple[str, ...]


@kind("access.person_suspended", covers=_PEOPLE, subject=("person", "person"))
class PersonSuspended(Struct, frozen=True):
    """A person was suspended: nothing they hold opens anything."""

    person: str


@kind(
    "access.person_left",
    covers=(*_PEOPLE, *_SERVICES, "access_members", "access_grants", "access_keys"),
    subject=("person", "person"),
)
class PersonLeft(Struct, frozen=True):
    """A person left; their memberships, grants and keys ended, their services moved or stopped."""

    person: str
    memberships: tuple[str, ...]
    grants: tuple[str, ...]
    keys: tuple[str, ...]
    services: tuple[str, ...]
    services_to: str = ""


@kind("access.identity_linked", covers=("access_identities",), subject=("person", "person"))
class IdentityLinked(Struct, frozen=True):
    """An issuer now vouches for a person; the subject is kept in the table only."""

    person: str
    issuer: str


@kind("access.identity_unlinked", covers=("access_identities",), subject=("person", "person"))
class IdentityUnlinked(Struct, frozen=True):
    """An issuer no longer vouches for a person."""

    person: str
    issuer: str


@kind("access.service_added", covers=_SERVICES, subject=("service", "service"))
class ServiceAdded(Struct, frozen=True):
    """A service was made, and a person answers for it."""

    service: str
    sort: str
    owner: str


@kind("access.service_changed", covers=_SERVICES, subject=("service", "service"))
class ServiceChanged(Struct, frozen=True):
    """A service was renamed, stopped, let run again, or given to another owner."""

    service: str
    active: bool
    owner: str
    fields: tuple[str, ...]


@kind("access.team_added", covers=("access_teams",), subject=("team", "team"))
class TeamAdded(Struct, frozen=True):
    """A team was made."""

    team: str


@kind("access.team_changed", covers=("access_teams",), subject=("team", "team"))
class TeamChanged(Struct, frozen=True):
    """Facts about a team were changed; these are the names of the facts."""

    team: str
    fields: tuple[str, ...]


@kind(
    "access.team_ended",
    covers=("access_teams", "access_members", "access_grants"),
    subject=("team", "team"),
)
class TeamEnded(Struct, frozen=True):
    """A team ended, with its memberships and grants."""

    team: str
    memberships: int
    grants: tuple[str, ...]


@kind("access.member_joined", covers=("access_members",), subject=("team", "team"))
class MemberJoined(Struct, frozen=True):
    """A person or service joined a team, and holds what it holds."""

    team: str
    membership: str
    member: Mapping[str, str]


@kind("access.member_left", covers=("access_members",), subject=("team", "team"))
class MemberLeft(Struct, frozen=True):
    """A person or service is no longer in a team."""

    team: str
    membership: str
    member: Mapping[str, str]


@kind("access.role_defined", covers=("access_roles",), subject=("role", "role"))
class RoleDefined(Struct, frozen=True):
    """A role of one's own was defined, or got another version."""

    role: str
    version: int
    permissions: tuple[str, ...]


@kind("access.role_ended", covers=("access_roles",), subject=("role", "role"))
class RoleEnded(Struct, frozen=True):
    """A role of one's own is no more."""

    role: str


@kind("access.granted", covers=("access_grants", "access_exceptions"), subject=("grant", "grant"))
class Granted(Struct, frozen=True):
    """A role was given: to whom, over what, how it came about, until when, under which exception.

    `flags` name conflicts of duty that are not refused but should be seen.
    """

    grant: str
    holder: Mapping[str, str]
    role: str
    scope: Mapping[str, str]
    source: str
    ends: str
    exceptions: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@kind("access.grant_extended", covers=("access_grants",), subject=("grant", "grant"))
class GrantExtended(Struct, frozen=True):
    """A grant got another end."""

    grant: str
    role: str
    ended: str
    ends: str


@kind("access.revoked", covers=("access_grants", "access_revocations"), subject=("grant", "grant"))
class Revoked(Struct, frozen=True):
    """A grant was taken back."""

    grant: str
    holder: Mapping[str, str]
    role: str


@kind("access.duty_excepted", covers=("access_exceptions",), subject=("person", "person"))
class DutyExcepted(Struct, frozen=True):
    """A second person let somebody hold conflicting duties, for a time."""

    exception: str
    person: str
    one: str
    other: str
    scope: Mapping[str, str]
    ends: str


@kind("access.key_issued", covers=("access_keys",), subject=("key", "key"))
class KeyIssued(Struct, frozen=True):
    """A key was issued; its secret was shown once."""

    key: str
    holder: Mapping[str, str]
    permissions: tuple[str, ...]
    scope: Mapping[str, str]
    expires: str


@kind("access.key_rotated", covers=("access_keys",), subject=("key", "key"))
class AccessKeyRotated(Struct, frozen=True):
    """A key was replaced by another; both work until the old one ends."""

    key: str
    successor: str
    ends: str


@kind("access.key_revoked", covers=("access_keys",), subject=("key", "key"))
class KeyRevoked(Struct, frozen=True):
    """A key was ended, by somebody or because nobody used it."""

    key: str
    cause: str


@kind("access.exported")
class Exported(Struct, frozen=True):
    """Somebody saved a list as a file: which list, in which form, how many rows, and its digest.

    What was asked stands in the file and not here, for it may name people. `rows` is -1 and the
    digest empty where rows were sent as they were read.
    """

    what: str
    form: str
    rows: int
    digest: str = ""


@kind("access.viewed")
class Viewed(Struct, frozen=True):
    """Somebody whose every view is recorded looked at something."""

    permission: str
    scope: Mapping[str, str]
    what: str
