"""People and programs of a test's installation, each with what they show at the door."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from muniment import access
from muniment.access import (
    EVERYTHING,
    Grant,
    Holder,
    HolderKind,
    KeyLimits,
    Method,
    PersonId,
    Scope,
    ServiceKind,
    SignIn,
)
from muniment.core.actor import Actor, ActorKind, system_actor
from muniment.server import House
from muniment.web.callers import csrf_token

MACHINE = system_actor("test")
AUDIT = timedelta(days=30)


@dataclass(frozen=True)
class Somebody:
    """Somebody we know, and what they show."""

    id: str
    secret: str = field(repr=False)
    kind: ActorKind = ActorKind.PERSON

    @property
    def headers(self) -> dict[str, str]:
        """Give what a browser or a program sends along."""
        if self.secret.startswith("mun_"):
            return {"authorization": f"Bearer {self.secret}"}
        return {"cookie": f"muniment={self.secret}", "x-csrf-token": csrf_token(self.secret)}

    @property
    def actor(self) -> Actor:
        """Name them as the one who acts."""
        return Actor(self.kind, self.id)

    @property
    def holder(self) -> Holder:
        """Name them as one who holds."""
        return Holder(HolderKind(self.kind.value), self.id)


def found_admin(house: House, name: str = "Ada Admin") -> Somebody:
    """Make the first admin, signed in."""
    with house.database.work(MACHINE) as work:
        person = access.found(work, name, f"{name.split(maxsplit=1)[0].lower()}@example.org")
    return signed_in(house, person.id)


def signed_in(house: House, person_id: str) -> Somebody:
    """Begin a session of somebody."""
    sign_in = SignIn(PersonId(person_id), (Method.PASSWORD, Method.TOTP), strong=True)
    with house.database.work(MACHINE) as work:
        _, secret = access.begin_session(
            work, sign_in, "127.0.0.1", "a test", settings=house.settings
        )
    return Somebody(person_id, secret)


def person_with(
    house: House,
    role: str = "",
    scope: Scope = EVERYTHING,
    *,
    name: str = "",
    ends_at: datetime | None = None,
) -> Somebody:
    """Make an active person, who may hold a role, signed in."""
    with house.database.work(MACHINE) as work:
        address = f"{work.new_id('x')}@example.org"
        person = access.add_person(work, name or f"Pat {role or 'Nobody'}".title(), address)
    if role:
        give(house, Holder(HolderKind.PERSON, person.id), role, scope, ends_at=ends_at)
    return signed_in(house, person.id)


def give(
    house: House,
    holder: Holder,
    role: str,
    scope: Scope = EVERYTHING,
    *,
    ends_at: datetime | None = None,
) -> Grant:
    """Give a role, as the machine does; an auditor for a month and for named places."""
    if role == "auditor":
        ends_at = ends_at or house.clock.now() + AUDIT
        scope = scope if scope.places else Scope.of(console="access")
    with house.database.work(MACHINE) as work:
        return access.grant(work, holder, role, reason="For a test.", scope=scope, ends_at=ends_at)


def service_with(
    house: House, owner: Somebody, role: str = "", scope: Scope = EVERYTHING, *, name: str = "shop"
) -> Somebody:
    """Make a service somebody answers for, which may hold a role, with a key."""
    with house.database.work(MACHINE) as work:
        made = access.add_service(work, ServiceKind.APPLICATION, name, PersonId(owner.id))
    if role:
        give(house, Holder(HolderKind.SERVICE, made.id), role, scope)
    with house.database.work(MACHINE) as work:
        fresh = access.issue_key(work, Holder(HolderKind.SERVICE, made.id), "a test")
    return Somebody(made.id, fresh.secret, ActorKind.SERVICE)


def key_of(house: House, somebody: Somebody, limits: KeyLimits = KeyLimits()) -> Somebody:  # noqa: B008
    """Make somebody a key of their own."""
    with house.database.work(MACHINE) as work:
        fresh = access.issue_key(work, somebody.holder, "a test", limits=limits)
    return Somebody(somebody.id, fresh.secret, somebody.kind)
