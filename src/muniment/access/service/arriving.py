"""The last door of every way to sign in: is this enough, and may this person come in at all?

Whoever has a second factor uses it; whoever holds a role that asks for one sets one up before
anything else. A session begins only here, always with a fresh secret.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from muniment.access import store
from muniment.access.models import (
    Attempt,
    Caller,
    Method,
    Outcome,
    Person,
    PersonId,
    PersonState,
    SignIn,
    Step,
    StepKind,
    Ways,
)
from muniment.access.rules.throttle import source_address
from muniment.access.service.guessing import remember_device
from muniment.access.service.reception import Reception, fresh_secret
from muniment.access.service.sessions import begin_session, holds_any
from muniment.db import Work
from muniment.settings import Settings

STEP_LASTS: Final = timedelta(minutes=10)
REFUSED: Final = Attempt(
    Outcome.REFUSED,
    says="This address and password do not fit together, or there is no such account.",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody has shown so far."""

    methods: tuple[Method, ...]
    strong: bool = False
    issuer: str = ""
    hint: str = ""
    must_enrol: bool = False


def ways_of(work: Work, person_id: PersonId) -> Ways:
    """Say by which ways a person can show who they are."""
    totp = store.totp(work, person_id)
    return Ways(
        password=bool(store.password_hash(work, person_id)),
        totp=totp is not None and totp.confirmed,
        passkeys=store.passkeys_of(work, person_id),
        recovery_codes=store.codes_left(work, person_id),
    )


def needs_second(work: Work, person_id: PersonId, settings: Settings) -> bool:
    """Tell whether a person holds a role whose holders must sign in with a second factor."""
    return holds_any(work, person_id, frozenset(settings.access.second_factor_roles))


def may_enter(person: Person | None) -> bool:
    """Tell whether a person may sign in at all."""
    return person is not None and person.state is PersonState.ACTIVE


def arrive(
    reception: Reception, work: Work, person: Person, shown: Shown, caller: Caller
) -> Attempt:
    """Let a person in, or ask for what is still missing."""
    ways = ways_of(work, person.id)
    asked = ways.second or shown.must_enrol
    if not shown.strong and (asked or needs_second(work, person.id, reception.settings)):
        return _further(work, person, shown, ways)
    return enter(reception, work, person, shown, caller)


def enter(
    reception: Reception, work: Work, person: Person, shown: Shown, caller: Caller
) -> Attempt:
    """Begin the session of a person who has shown enough."""
    source = store.source_of(work, source_address(caller.address))
    session, secret = begin_session(
        work,
        SignIn(person.id, shown.methods, strong=shown.strong, issuer=shown.issuer),
        caller.address[:64],
        caller.agent,
        settings=reception.settings,
        source=source,
        hint=shown.hint,
    )
    device = remember_device(work, person.email or person.id, caller)
    return Attempt(Outcome.IN, session=session, secret=secret, device=device)


def add_step(work: Work, kind: StepKind, data: dict[str, Any]) -> str:
    """Keep a step that is under way; give the secret its browser holds."""
    secret, digest = fresh_secret(kind.value)
    store.add_step(work, Step(digest, kind, data, work.now + STEP_LASTS))
    return secret


def shown_in(step: Step, *more: Method) -> Shown:
    """Read from a step what was shown before, and add what was shown now."""
    before = tuple(Method(each) for each in step.data["methods"])
    return Shown(
        methods=before + more,
        strong=True,
        issuer=str(step.data["issuer"]),
        hint=str(step.data["hint"]),
    )


def _further(work: Work, person: Person, shown: Shown, ways: Ways) -> Attempt:
    data = {
        "person": person.id,
        "methods": [each.value for each in shown.methods],
        "issuer": shown.issuer,
        "hint": shown.hint,
        "enrol": not ways.second,
    }
    offered = [
        *(["totp"] if ways.totp else []),
        *(["passkey"] if ways.passkeys else []),
        *(["recovery"] if ways.second and ways.recovery_codes else []),
    ]
    step = add_step(work, StepKind.SECOND_FACTOR, data)
    return Attempt(Outcome.SECOND_FACTOR, step=step, ways=tuple(offered or ["enrol"]))


def waiting(seconds: int) -> Attempt:
    """Tell somebody to wait."""
    return replace(
        REFUSED,
        outcome=Outcome.WAIT,
        wait_seconds=seconds,
        says=f"Too many tries. Wait {seconds} seconds, then try again.",
    )
