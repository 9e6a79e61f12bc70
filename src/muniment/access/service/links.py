"""One-time links: to set an empty installation up, and to let somebody in again.

A link is printed once and kept as a digest; making another ends the one before. The first link
works only while nobody manages access, whatever happened since it was printed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from muniment.access import store
from muniment.access.models import (
    Attempt,
    Caller,
    Link,
    LinkPurpose,
    Method,
    Person,
    PersonId,
    PersonState,
)
from muniment.access.rules.throttle import source_address
from muniment.access.service.arriving import Shown, arrive, enter
from muniment.access.service.found import found, is_founded
from muniment.access.service.guessing import SIGN_IN, refused
from muniment.access.service.passwords import prepare_password, set_password
from muniment.access.service.people import activate
from muniment.access.service.reception import Reception, digest_of, fresh_secret
from muniment.access.service.seconds import forget_second_factors
from muniment.access.service.sessions import end_all_sessions
from muniment.core.clock import stamp
from muniment.core.errors import ConflictError, NotFoundError
from muniment.db import Work
from muniment.ledger import is_demo, record
from muniment.ledger.kinds.signin import LinkMade, LinkUsed
from muniment.settings import Settings

_OF = "link"


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link that was just made; its secret is shown this once."""

    secret: str = field(repr=False)
    expires_at: datetime


def first_link(work: Work, settings: Settings) -> MadeLink:
    """Make the link by which the first admin sets this installation up."""
    if is_founded(work):
        raise ConflictError(
            "somebody manages access already",
            remedy="Ask them to invite you; `muniment access reset` lets a person in again.",
        )
    return _made(work, LinkPurpose.FIRST, "", settings)


def reset_link(work: Work, person_id: PersonId, settings: Settings) -> MadeLink:
    """Make a link by which a person gets a new password, whatever they have lost."""
    person = store.person(work, person_id)
    if person.state not in (PersonState.ACTIVE, PersonState.INVITED):
        raise ConflictError(
            f"this person is {person.state}", subject=person_id, remedy="Let them in again first."
        )
    invited = person.state is PersonState.INVITED
    return _made(work, LinkPurpose.INVITE if invited else LinkPurpose.RESET, person_id, settings)


def look_at_link(reception: Reception, secret: str) -> tuple[Link, Person | None]:
    """Say what a link is for, without using it up."""
    with reception.database.look(SIGN_IN) as work:
        return _look(work, secret)


def set_up_by_link(
    reception: Reception, secret: str, *, name: str, email: str, password: str, caller: Caller
) -> Attempt:
    """Make the first admin of an empty installation, and let them in.

    Without a password they make a passkey in the next step, before any session begins.
    """
    link, _ = _looked(reception, secret, caller)
    if link.purpose is not LinkPurpose.FIRST:
        raise _no_link()
    nobody = Person(PersonId(""), name, email, PersonState.INVITED, created_at=link.created_at)
    hashed = prepare_password(reception, nobody, password) if password else ""
    with reception.database.work(SIGN_IN) as work:
        _use(work, link, caller, "")
        person = found(work, name, email)
        return _arriving(reception, work, person, hashed, link, caller)


def recover_by_link(reception: Reception, secret: str, *, password: str, caller: Caller) -> Attempt:
    """Give a person a new password by their link; what they had is ended and recorded.

    Second factors go as well, for whoever lost them asks; roles that need one have it set up at
    once. Nobody is let in who could not sign in otherwise.
    """
    link, person = _looked(reception, secret, caller)
    if person is None:
        raise _no_link()
    hashed = prepare_password(reception, person, password) if password else ""
    with reception.database.work(SIGN_IN) as work:
        _use(work, link, caller, person.id)
        if link.purpose is LinkPurpose.INVITE:
            person = activate(work, person.id)
        else:
            forget_second_factors(work, person.id, why="recovered by a link")
            end_all_sessions(work, person.id, "recovered by a link")
        return _arriving(reception, work, person, hashed, link, caller)


def enter_demo(reception: Reception, secret: str, caller: Caller) -> Attempt:
    """Let a person of a demonstration in by their link alone, with nothing else to show.

    Only where the log itself says that nothing is real; anywhere else there is no such way.
    """
    link, person = _looked(reception, secret, caller)
    if person is None or not is_demo(reception.database, reception.settings):
        raise _no_link()
    with reception.database.work(SIGN_IN) as work:
        _use(work, link, caller, person.id)
        return enter(reception, work, person, Shown((Method.LINK,), strong=True), caller)


def _arriving(
    reception: Reception, work: Work, person: Person, hashed: str, link: Link, caller: Caller
) -> Attempt:
    if not hashed:
        return arrive(reception, work, person, Shown((Method.LINK,), must_enrol=True), caller)
    set_password(work, person.id, hashed, way=f"{link.purpose} link")
    return arrive(reception, work, person, Shown((Method.LINK, Method.PASSWORD)), caller)


def _made(work: Work, purpose: LinkPurpose, person_id: str, settings: Settings) -> MadeLink:
    secret, digest = fresh_secret(_OF)
    expires_at = work.now + timedelta(seconds=settings.access.link_seconds)
    store.add_link(work, Link(digest, purpose, person_id, work.now, expires_at))
    record(work, LinkMade(purpose.value, person_id, stamp(expires_at)))
    return MadeLink(secret, expires_at)


def _look(work: Work, secret: str) -> tuple[Link, Person | None]:
    digest = digest_of(secret, _OF)
    link = store.link(work, digest) if digest else None
    if link is None or not link.works(work.now):
        raise _no_link()
    if link.purpose is LinkPurpose.FIRST:
        if is_founded(work):
            raise _no_link()
        return link, None
    person = store.person(work, link.person_id)
    if person.state not in (PersonState.ACTIVE, PersonState.INVITED):
        raise _no_link()
    return link, person


def _looked(reception: Reception, secret: str, caller: Caller) -> tuple[Link, Person | None]:
    try:
        return look_at_link(reception, secret)
    except NotFoundError:
        with reception.database.work(SIGN_IN) as work:
            refused(work, caller, way="link", why="wrong")
        raise


def _use(work: Work, link: Link, caller: Caller, person_id: str) -> None:
    if store.take_link(work, link.digest) is None:
        raise _no_link()
    source = store.source_of(work, source_address(caller.address))
    record(work, LinkUsed(link.purpose.value, person_id, source))


def _no_link() -> NotFoundError:
    return NotFoundError(
        "this link does not work: it was used, its time is over, or another was made since",
        remedy="Ask for a new one; for a fresh installation run `muniment access first-link`.",
    )
