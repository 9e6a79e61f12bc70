"""Passwords: signing in with one, setting one, and showing once more that one knows it.

An unknown address takes the same way as a known one: the same counting, the same hashing, the same
words. What is looked up before the hashing is looked up again after it, in the transaction that
lets somebody in.
"""

from __future__ import annotations

from typing import Final

from muniment.access import rules, store
from muniment.access.models import Attempt, Caller, Method, Person, PersonId
from muniment.access.rules.passwords import MOST_CHARS, normal_password, require_password
from muniment.access.service.arriving import REFUSED, Shown, arrive, may_enter, waiting
from muniment.access.service.guessing import SIGN_IN, begin_try, end_try, refused
from muniment.access.service.reception import Reception
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.signin import CredentialRemoved, PasswordSet

_MOST_EMAIL_CHARS: Final = 320
_NOBODY: Final = PersonId("per_nobody")


def sign_in_by_password(reception: Reception, email: str, password: str, caller: Caller) -> Attempt:
    """Let somebody in who knows the password of an account."""
    tried = begin_try(reception, email, caller, "password")
    if tried.wait_seconds:
        return waiting(tried.wait_seconds)
    with reception.database.look(SIGN_IN) as work:
        person, hashed = _account(work, email)
    given = normal_password(password)
    knows = len(given) <= MOST_CHARS and reception.verify(hashed, given)
    better = reception.hash(given) if knows and reception.is_outdated(hashed) else ""
    with reception.database.work(SIGN_IN) as work:
        person, now_hashed = _account(work, email)
        if not knows or person is None or now_hashed != hashed or not may_enter(person):
            why = "wrong" if person is None or may_enter(person) else "not active"
            refused(work, caller, way="password", why=why, person=person.id if person else "")
            return REFUSED
        end_try(work, tried)
        attempt = arrive(reception, work, person, Shown((Method.PASSWORD,)), caller)
        if better:
            store.replace_hash(work, person.id, hashed, better)
            record(work, PasswordSet(person.id, "hashed with more care"))
        return attempt


def prepare_password(reception: Reception, person: Person, password: str) -> str:
    """Judge a new password and hash it; outside of a transaction, for it takes its time."""
    wanted = require_password(
        password,
        least_chars=reception.settings.access.password_min_chars,
        own_words=(person.name, person.email),
    )
    return reception.hash(wanted)


def set_password(work: Work, person_id: PersonId, hashed: str, *, way: str) -> None:
    """Give a person a password that was prepared."""
    store.set_password_hash(work, person_id, hashed)
    record(work, PasswordSet(person_id, way))


def remove_password(work: Work, person_id: PersonId) -> None:
    """Take the password from a person who has another way in."""
    if not store.passkeys_of(work, person_id):
        raise ConflictError(
            "without the password there would be no way in",
            field="password",
            remedy="Add a passkey first.",
        )
    if store.remove_password(work, person_id):
        record(work, CredentialRemoved(person_id, "password", "by the person"))


def require_knows(reception: Reception, person_id: PersonId, password: str, caller: Caller) -> None:
    """Let somebody who is signed in show once more that they know the password, if they have one.

    A person without a password has shown a passkey or their directory; their session is enough.
    """
    with reception.database.look(SIGN_IN) as work:
        hashed = store.password_hash(work, person_id)
    if not hashed:
        return
    tried = begin_try(reception, f"again:{person_id}", caller, "password again")
    if tried.wait_seconds:
        raise ForbiddenError(
            f"too many tries; wait {tried.wait_seconds} seconds", field="current_password"
        )
    knows = reception.verify(hashed, normal_password(password)[: MOST_CHARS + 1])
    with reception.database.work(SIGN_IN) as work:
        if knows:
            end_try(work, tried)
            return
        refused(work, caller, way="password again", why="wrong", person=person_id)
    raise InvalidError(
        "this is not your present password",
        field="current_password",
        remedy="Write the password you sign in with.",
    )


def _account(work: Work, email: str) -> tuple[Person | None, str]:
    """Look an account up; one that is not there is asked just as many questions."""
    named = email.strip()[:_MOST_EMAIL_CHARS].encode("utf-8", "ignore").decode().replace("\0", "")
    person = store.person_by_email(work, rules.email_key(named))
    return person, store.password_hash(work, person.id if person else _NOBODY)
