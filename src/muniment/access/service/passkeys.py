"""Passkeys (WebAuthn): a key pair in a device or a password manager, used after its own check.

Each ceremony has a challenge of its own that is bound to one browser and used up by one answer.
The device must have verified its user, so a passkey alone counts as two factors.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from muniment.access import rules, store
from muniment.access.models import (
    Attempt,
    Caller,
    KeyPlace,
    Method,
    Passkey,
    Person,
    PersonId,
    Step,
    StepKind,
)
from muniment.access.service.arriving import (
    REFUSED,
    Shown,
    add_step,
    enter,
    may_enter,
    needs_second,
    shown_in,
    waiting,
)
from muniment.access.service.guessing import SIGN_IN, begin_try, end_try, refused
from muniment.access.service.reception import Reception, digest_of
from muniment.access.service.seconds import fresh_codes, waiting_step
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.signin import CredentialAdded, CredentialRemoved

_MOST_PASSKEYS: Final = 20
_LABEL_CHARS: Final = 100


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What a browser is asked, as JSON, and the secret that binds its answer to it."""

    options: str
    step: str


def place_of(address: str) -> KeyPlace:
    """Read from the console's own address where its passkeys belong."""
    split = urlsplit(address)
    return KeyPlace(split.hostname or "", f"{split.scheme}://{split.netloc}")


def begin_passkey(work: Work, person: Person, place: KeyPlace) -> Ceremony:
    """Ask a browser to make a passkey for a person."""
    from muniment.access.service import ceremonies  # noqa: PLC0415  (it loads slowly)

    held = store.passkeys_of(work, person.id)
    if len(held) >= _MOST_PASSKEYS:
        raise ConflictError(
            f"there are {len(held)} passkeys already", remedy="Remove one that is not used."
        )
    asked = ceremonies.ask_to_make(person, place, held)
    data = {"challenge": asked.challenge, "person": person.id}
    return Ceremony(asked.options, add_step(work, StepKind.NEW_PASSKEY, data))


def finish_passkey(
    work: Work, person_id: PersonId, place: KeyPlace, *, step: str, answer: str, label: str
) -> Passkey:
    """Keep the passkey that a browser made, if it answers what was asked."""
    from muniment.access.service import ceremonies  # noqa: PLC0415  (it loads slowly)

    found = _take_step(work, step, StepKind.NEW_PASSKEY)
    if found is None or found.data["person"] != person_id:
        raise _over()
    made = ceremonies.read_made(answer, str(found.data["challenge"]), place)
    passkey = Passkey(
        id=_passkey_id(made.credential_id),
        credential_id=made.credential_id,
        person_id=person_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        label=rules.clean_name(label or "Passkey", field="label")[:_LABEL_CHARS],
        created_at=work.now,
    )
    if not store.add_passkey(work, passkey):
        raise ConflictError("this passkey is known already", remedy="Sign in with it.")
    record(work, CredentialAdded(person_id, "passkey", passkey.id[:16]))
    return passkey


def enrol_passkey(reception: Reception, step: str, place: KeyPlace) -> Ceremony:
    """Ask a browser for the passkey that a role asks for, before any session begins."""
    found = waiting_step(reception, step)
    if found is None or not found[0].data["enrol"]:
        raise _over()
    with reception.database.work(SIGN_IN) as work:
        return begin_passkey(work, found[1], place)


def enrol_passkey_and_enter(
    reception: Reception, place: KeyPlace, *, step: str, made: tuple[str, str, str], caller: Caller
) -> tuple[Attempt, tuple[str, ...]]:
    """Keep the passkey that was asked for (its step, answer and label), and let its person in."""
    found = waiting_step(reception, step)
    if found is None or not found[0].data["enrol"]:
        raise _over()
    passkey_step, answer, label = made
    with reception.database.work(SIGN_IN) as work:
        if store.take_step(work, found[0].digest, StepKind.SECOND_FACTOR) is None:
            raise _over()
        person = store.person(work, found[1].id)
        if not may_enter(person):
            raise _over()
        finish_passkey(work, person.id, place, step=passkey_step, answer=answer, label=label)
        codes = fresh_codes(work, person.id)
        shown = shown_in(found[0], Method.PASSKEY)
        return enter(reception, work, person, shown, caller), codes


def remove_passkey(
    reception: Reception, work: Work, person_id: PersonId, passkey_id: str, *, why: str
) -> None:
    """Take a passkey from a person, if another way in is left."""
    held = [each.id for each in store.passkeys_of(work, person_id)]
    if passkey_id not in held:
        raise NotFoundError("there is no such passkey", subject=passkey_id[:64])
    last = len(held) == 1
    totp = store.totp(work, person_id)
    has_totp = totp is not None and totp.confirmed
    if last and not store.password_hash(work, person_id):
        raise ConflictError(
            "without this passkey there would be no way in", remedy="Set a password first."
        )
    if last and not has_totp and needs_second(work, person_id, reception.settings):
        raise ConflictError(
            "your roles ask for a second factor, and this is the only one",
            remedy="Set another one up first.",
        )
    store.remove_passkey(work, person_id, passkey_id)
    record(work, CredentialRemoved(person_id, "passkey", why, passkey_id[:16]))


def ask_for_passkey(reception: Reception, place: KeyPlace, *, bound_to: str = "") -> Ceremony:
    """Ask a browser for a passkey of this console, whoever it belongs to.

    `bound_to` is the second-factor step it belongs to, if a password was shown before.
    """
    from muniment.access.service import ceremonies  # noqa: PLC0415  (it loads slowly)

    asked = ceremonies.ask_to_sign(place)
    data = {
        "challenge": asked.challenge,
        "bound": digest_of(bound_to, StepKind.SECOND_FACTOR.value),
    }
    with reception.database.work(SIGN_IN) as work:
        return Ceremony(asked.options, add_step(work, StepKind.PASSKEY, data))


def sign_in_by_passkey(
    reception: Reception, place: KeyPlace, *, step: str, answer: str, caller: Caller
) -> Attempt:
    """Let somebody in whose device has signed what was asked."""
    tried = begin_try(reception, "passkey", caller, "passkey")
    if tried.wait_seconds:
        return waiting(tried.wait_seconds)
    with reception.database.work(SIGN_IN) as work:
        found = _take_step(work, step, StepKind.PASSKEY)
        answered = _answered(work, found, answer, place) if found else None
        person = store.person(work, answered[0].person_id) if answered else None
        if (
            person is None
            or answered is None
            or not may_enter(person)
            or not _belongs(work, found, person)
            or not _counted(work, *answered)
        ):
            why = "wrong" if person is None else "not active"
            refused(work, caller, way="passkey", why=why, person=person.id if person else "")
            return Attempt(
                REFUSED.outcome, says="This passkey opens nothing here. Try again, or another way."
            )
        end_try(work, tried)
        return enter(reception, work, person, Shown((Method.PASSKEY,), strong=True), caller)


def _over() -> InvalidError:
    return InvalidError("this took too long, or it is over", remedy="Begin again.")


def _answered(work: Work, step: Step, answer: str, place: KeyPlace) -> tuple[Passkey, int] | None:
    """Find the passkey that signed, and its new count; a count that stands still is a copy."""
    from muniment.access.service import ceremonies  # noqa: PLC0415  (it loads slowly)

    passkey = store.passkey(work, _passkey_id(ceremonies.named_in(answer)))
    if passkey is None:
        return None
    count = ceremonies.read_signed(answer, str(step.data["challenge"]), place, passkey)
    return None if count is None else (passkey, count)


def _counted(work: Work, passkey: Passkey, count: int) -> bool:
    return store.mark_passkey(work, passkey.id, before=passkey.sign_count, after=count)


def _belongs(work: Work, found: Step | None, person: Person) -> bool:
    """Tell whether a passkey shown as a second factor is of the person who showed the first."""
    bound = str(found.data["bound"]) if found else ""
    if not bound:
        return True
    first = store.take_step(work, bound, StepKind.SECOND_FACTOR)
    return first is not None and first.data["person"] == person.id


def _take_step(work: Work, step: str, kind: StepKind) -> Step | None:
    digest = digest_of(step, kind.value)
    return store.take_step(work, digest, kind) if digest else None


def _passkey_id(credential_id: bytes) -> str:
    return hashlib.sha256(b"passkey\n" + credential_id).hexdigest()
