"""Second factors: codes that change with time, recovery codes, and the step that asks for them.

A code is taken once: its time step is used up in the same transaction that lets somebody in.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from muniment.access import store
from muniment.access.models import (
    Attempt,
    Caller,
    Method,
    Person,
    PersonId,
    Step,
    StepKind,
    Totp,
)
from muniment.access.rules.secrets import secret_digest
from muniment.access.rules.totp import (
    CODE_BYTES,
    CODES,
    SECRET_BYTES,
    enrolment_uri,
    matching_step,
    plain_code,
    recovery_code,
    secret_text,
)
from muniment.access.service.arriving import (
    REFUSED,
    enter,
    may_enter,
    needs_second,
    shown_in,
    waiting,
)
from muniment.access.service.guessing import SIGN_IN, begin_try, end_try, refused
from muniment.access.service.reception import Reception, digest_of
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.signin import CredentialAdded, CredentialRemoved

_ISSUER: Final = "Muniment"
_MOST_TRIES: Final = 5
_WRONG_CODE: Final = "This code is not right, or it was used before. Wait for the next one."


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A code generator that waits for its first code: what an application must be told."""

    uri: str = field(repr=False)
    secret: str = field(repr=False)


def waiting_step(reception: Reception, step: str) -> tuple[Step, Person] | None:
    """Look at the step a browser is in, and whose it is."""
    with reception.database.look(SIGN_IN) as work:
        return _step(work, step)


def sign_in_by_code(reception: Reception, step: str, code: str, caller: Caller) -> Attempt:
    """Let somebody in who has shown one factor and now shows a code, or a recovery code."""
    found = waiting_step(reception, step)
    if found is None:
        return _over()
    tried = begin_try(reception, f"second:{found[1].id}", caller, "second factor")
    if tried.wait_seconds:
        return waiting(tried.wait_seconds)
    with reception.database.work(SIGN_IN) as work:
        again = _step(work, step)
        if again is None or not store.count_try(work, again[0].digest, most=_MOST_TRIES):
            return _over()
        under_way, person = again
        method = _take(reception, work, person.id, code) if may_enter(person) else None
        if method is None:
            refused(work, caller, way="second factor", why="wrong", person=person.id)
            return _wrong()
        store.take_step(work, under_way.digest, StepKind.SECOND_FACTOR)
        end_try(work, tried)
        return enter(reception, work, person, shown_in(under_way, method), caller)


def begin_totp(reception: Reception, work: Work, person: Person) -> Enrolment:
    """Make a code generator for a person; it counts only after its first code was shown."""
    before = store.totp(work, person.id)
    if before is not None and before.confirmed:
        raise ConflictError(
            "there is a code generator already", remedy="Remove it first, then set another up."
        )
    secret = secrets.token_bytes(SECRET_BYTES)
    key_id, sealed = reception.seal(secret, _context(person.id))
    store.set_totp(work, Totp(person.id, key_id, sealed, confirmed=False, created_at=work.now))
    record(work, CredentialAdded(person.id, "totp, not confirmed yet"))
    return _enrolment(person, secret)


def open_enrolment(reception: Reception, work: Work, person: Person) -> Enrolment | None:
    """Show once more what an application must be told, while it is not confirmed."""
    totp = store.totp(work, person.id)
    if totp is None or totp.confirmed:
        return None
    return _enrolment(person, _secret(reception, totp))


def confirm_totp(reception: Reception, work: Work, person_id: PersonId, code: str) -> None:
    """Let a code generator count, for its first code was right."""
    totp = store.totp(work, person_id)
    if totp is None or totp.confirmed:
        raise NotFoundError("no code generator waits for its first code", remedy="Begin again.")
    step = matching_step(_secret(reception, totp), code, work.now)
    if step is None or not store.take_totp_step(work, person_id, step):
        raise InvalidError(
            "this code is not right",
            field="code",
            remedy="Check the clock of the device, and write the code it shows now.",
        )
    record(work, CredentialAdded(person_id, "totp"))


def enrol_and_enter(
    reception: Reception, step: str, code: str, caller: Caller
) -> tuple[Attempt, tuple[str, ...]]:
    """Confirm the code generator that a role asks for, and let its person in with it.

    The recovery codes come with it, shown this once.
    """
    with reception.database.work(SIGN_IN) as work:
        found = _step(work, step)
        if found is None or not may_enrol_codes(found[0]) or not may_enter(found[1]):
            return _over(), ()
        if not store.count_try(work, found[0].digest, most=_MOST_TRIES * 4):
            return _over(), ()
        confirm_totp(reception, work, found[1].id, code)
        codes = fresh_codes(work, found[1].id)
        store.take_step(work, found[0].digest, StepKind.SECOND_FACTOR)
        shown = shown_in(found[0], Method.TOTP)
        return enter(reception, work, found[1], shown, caller), codes


def may_enrol_codes(step: Step) -> bool:
    """Tell whether a code generator may be set up in a step: a first factor was shown, or made."""
    first = {Method.PASSWORD.value, Method.SSO.value}
    return bool(step.data["enrol"]) and bool(first.intersection(step.data["methods"]))


def remove_totp(reception: Reception, work: Work, person_id: PersonId, *, why: str) -> None:
    """Take the code generator from a person, if their roles do not need it."""
    _require_not_last(reception, work, person_id, len(store.passkeys_of(work, person_id)))
    if store.remove_totp(work, person_id):
        record(work, CredentialRemoved(person_id, "totp", why))


def fresh_codes(work: Work, person_id: PersonId) -> tuple[str, ...]:
    """Give a person new recovery codes, shown this once; the old ones end."""
    codes = tuple(recovery_code(secrets.token_bytes(CODE_BYTES)) for _ in range(CODES))
    store.set_codes(work, person_id, [_code_digest(person_id, each) for each in codes])
    record(work, CredentialAdded(person_id, "recovery codes"))
    return codes


def forget_second_factors(work: Work, person_id: PersonId, *, why: str) -> Sequence[str]:
    """Take every second factor from a person whose account is being recovered."""
    gone = [
        name
        for name, removed in (
            ("totp", store.remove_totp(work, person_id)),
            ("recovery codes", store.remove_codes(work, person_id)),
        )
        if removed
    ]
    for each in store.passkeys_of(work, person_id):
        store.remove_passkey(work, person_id, each.id)
        gone.append("passkey")
    for name in gone:
        record(work, CredentialRemoved(person_id, name, why))
    return gone


def _require_not_last(reception: Reception, work: Work, person_id: PersonId, others: int) -> None:
    if others == 0 and needs_second(work, person_id, reception.settings):
        raise ConflictError(
            "your roles ask for a second factor, and this is the only one",
            remedy="Set another one up first.",
        )


def _take(reception: Reception, work: Work, person_id: PersonId, code: str) -> Method | None:
    """Use up a code, whichever sort it is."""
    totp = store.totp(work, person_id)
    if totp is not None and totp.confirmed:
        secret = _secret(reception, totp)
        step = matching_step(secret, code, work.now, after=totp.last_step)
        if step is not None and store.take_totp_step(work, person_id, step):
            return Method.TOTP
    if store.take_code(work, person_id, _code_digest(person_id, code)):
        return Method.RECOVERY
    return None


def _secret(reception: Reception, totp: Totp) -> bytes:
    return reception.unseal(totp.key_id, totp.sealed, _context(totp.person_id))


def _context(person_id: PersonId) -> str:
    return f"muniment totp {person_id}"


def _code_digest(person_id: PersonId, code: str) -> str:
    return secret_digest(f"{person_id} {plain_code(code)}", of="recovery code")


def _enrolment(person: Person, secret: bytes) -> Enrolment:
    uri = enrolment_uri(secret, account=person.email or person.name, issuer=_ISSUER)
    return Enrolment(uri, secret_text(secret))


def _step(work: Work, step: str) -> tuple[Step, Person] | None:
    digest = digest_of(step, StepKind.SECOND_FACTOR.value)
    found = store.step(work, digest, StepKind.SECOND_FACTOR) if digest else None
    if found is None:
        return None
    return found, store.person(work, str(found.data["person"]))


def _over() -> Attempt:
    return Attempt(REFUSED.outcome, says="This took too long, or it is over. Begin again.")


def _wrong() -> Attempt:
    return Attempt(REFUSED.outcome, says=_WRONG_CODE)
