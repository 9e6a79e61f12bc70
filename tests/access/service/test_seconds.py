"""Second factors: set up, asked for, used once, and never guessed."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from muniment.access import (
    Attempt,
    Caller,
    GrantSource,
    Method,
    Outcome,
    Person,
    Reception,
    begin_totp,
    confirm_totp,
    enrol_and_enter,
    fresh_codes,
    identify_session,
    open_enrolment,
    remove_totp,
    sign_in_by_code,
    sign_in_by_password,
    ways_of,
)
from muniment.access.models import EVERYTHING, Holder, HolderKind
from muniment.access.rules.totp import hotp, step_at
from muniment.access.service.gate import all_roles
from muniment.access.service.grants import give
from muniment.access.store import totp
from muniment.core.errors import ConflictError, CorruptError, InvalidError, NotFoundError
from muniment.testing import FixedClock
from tests.access.reception import ELSEWHERE, HERE, PASSWORD, ROOT, admin_of
from tests.access.recorded import records


def enrol(reception: Reception, person: Person, clock: FixedClock) -> bytes:
    """Set a code generator up, and give its secret."""
    with reception.database.work(ROOT) as work:
        shown = begin_totp(reception, work, person)
        secret = read(shown.secret)
        confirm_totp(reception, work, person.id, hotp(secret, step_at(clock.now())))
    return secret


def read(text: str) -> bytes:
    """Read a key as an application would."""
    return base64.b32decode(text + "=" * (-len(text) % 8))


def first(reception: Reception, person: Person, caller: Caller = HERE) -> Attempt:
    """Show the password."""
    return sign_in_by_password(reception, person.email, PASSWORD, caller)


def test_password_then_code(reception: Reception, ines: Person, clock: FixedClock) -> None:
    """Whoever has a code generator is asked for a code, and only then is in."""
    secret = enrol(reception, ines, clock)
    clock.advance(30)
    attempt = first(reception, ines)
    assert (attempt.outcome, attempt.ways, attempt.session) == (
        Outcome.SECOND_FACTOR,
        ("totp",),
        None,
    )
    code = hotp(secret, step_at(clock.now()))
    inside = sign_in_by_code(reception, attempt.step, f"{code[:3]} {code[3:]}", HERE)
    assert inside.outcome is Outcome.IN
    assert inside.session is not None
    assert inside.session.sign_in.methods == (Method.PASSWORD, Method.TOTP)
    assert inside.session.sign_in.strong


def test_totp_replay(reception: Reception, ines: Person, clock: FixedClock) -> None:
    """A code counts once, also in another sign-in within its half minute."""
    secret = enrol(reception, ines, clock)
    code = hotp(secret, step_at(clock.now()))
    assert sign_in_by_code(reception, first(reception, ines).step, code, HERE).session is None
    clock.advance(30)
    code = hotp(secret, step_at(clock.now()))
    step = first(reception, ines).step
    assert sign_in_by_code(reception, step, code, HERE).outcome is Outcome.IN
    assert sign_in_by_code(reception, step, code, HERE).outcome is Outcome.REFUSED
    again = first(reception, ines)
    assert sign_in_by_code(reception, again.step, code, HERE).outcome is Outcome.REFUSED


def test_codes_are_not_guessed(reception: Reception, ines: Person, clock: FixedClock) -> None:
    """Five tries a step, and growing waits over steps: a million codes take years."""
    enrol(reception, ines, clock)
    step = first(reception, ines).step
    outcomes = [
        sign_in_by_code(reception, step, f"{number:06}", HERE).outcome for number in range(7)
    ]
    assert outcomes.count(Outcome.REFUSED) == 5
    assert set(outcomes[5:]) == {Outcome.WAIT}
    other = replace(HERE, address="203.0.113.99")
    assert sign_in_by_code(reception, step, "000000", other).says.startswith("This took too long")


def test_a_recovery_code_counts_once(reception: Reception, ines: Person, clock: FixedClock) -> None:
    """A recovery code lets in once; new ones end the old ones."""
    enrol(reception, ines, clock)
    with reception.database.work(ROOT) as work:
        old = fresh_codes(work, ines.id)
        codes = fresh_codes(work, ines.id)
    assert len(set(codes)) == 10
    tried = [old[0], codes[0].upper().replace("-", " "), codes[0]]
    outcomes = [
        sign_in_by_code(reception, first(reception, ines).step, code, HERE).outcome
        for code in tried
    ]
    assert outcomes == [Outcome.REFUSED, Outcome.IN, Outcome.REFUSED]
    with reception.database.look(ROOT) as work:
        assert ways_of(work, ines.id).recovery_codes == 9
    assert codes[0] not in repr(records(reception.database))


def test_a_step_is_of_one_browser_and_ten_minutes(
    reception: Reception, ines: Person, clock: FixedClock
) -> None:
    """Without the secret of the step, or too late, no code counts."""
    secret = enrol(reception, ines, clock)
    step = first(reception, ines).step
    clock.advance(30)
    code = hotp(secret, step_at(clock.now()))
    for wrong in ("", "x" * 43, step[:-1]):
        assert sign_in_by_code(reception, wrong, code, HERE).outcome is Outcome.REFUSED
    clock.advance(571)
    late = hotp(secret, step_at(clock.now()))
    assert sign_in_by_code(reception, step, late, HERE).outcome is Outcome.REFUSED


def test_its_secret_is_sealed(reception: Reception, ines: Person, clock: FixedClock) -> None:
    """The secret is kept sealed, bound to its person; nobody else's record opens it."""
    secret = enrol(reception, ines, clock)
    with reception.database.look(ROOT) as work:
        kept = totp(work, ines.id)
    assert kept is not None
    sealed = base64.b64decode(kept.sealed)
    assert secret not in sealed
    with pytest.raises(CorruptError):
        reception.unseal(kept.key_id, kept.sealed, "muniment totp per_somebody")


@pytest.mark.requirement("ACC-19")
def test_a_role_asks_for_it(reception: Reception, clock: FixedClock) -> None:
    """Whoever holds a role that asks for a second factor sets one up before anything else."""
    admin = admin_of(reception)
    attempt = first(reception, admin)
    assert (attempt.outcome, attempt.ways) == (Outcome.SECOND_FACTOR, ("enrol",))
    with reception.database.work(ROOT) as work:
        shown = begin_totp(reception, work, admin)
        assert open_enrolment(reception, work, admin) == shown
    with pytest.raises(InvalidError):
        enrol_and_enter(reception, attempt.step, "000000", HERE)
    code = hotp(read(shown.secret), step_at(clock.now()))
    inside, codes = enrol_and_enter(reception, attempt.step, code, HERE)
    assert inside.outcome is Outcome.IN
    assert len(codes) == 10
    with pytest.raises(ConflictError), reception.database.work(ROOT) as work:
        remove_totp(reception, work, admin.id, why="tired of it")


def test_a_role_given_later_asks_too(reception: Reception, ines: Person) -> None:
    """A session without a second factor ends when its person gets a role that asks for one."""
    inside = first(reception, ines)
    demanding = reception.settings.access.second_factor_roles

    def lives() -> bool:
        found = identify_session(reception.database, inside.secret, second_factor_roles=demanding)
        return found is not None

    assert lives()
    with reception.database.work(ROOT) as work:
        give(
            work,
            Holder(HolderKind.PERSON, ines.id),
            all_roles(work)["security"],
            reason="She keeps watch.",
            scope=EVERYTHING,
            ends_at=None,
            source=GrantSource.PERSON,
        )
    assert not lives()
    assert first(reception, ines, ELSEWHERE).outcome is Outcome.SECOND_FACTOR


def test_nothing_waits(reception: Reception, ines: Person, clock: FixedClock) -> None:
    """A code confirms only what waits for one, and a second generator needs the first to go."""
    with pytest.raises(NotFoundError), reception.database.work(ROOT) as work:
        confirm_totp(reception, work, ines.id, "000000")
    enrol(reception, ines, clock)
    with pytest.raises(ConflictError), reception.database.work(ROOT) as work:
        begin_totp(reception, work, ines)
    with reception.database.work(ROOT) as work:
        remove_totp(reception, work, ines.id, why="new telephone")
    assert first(reception, ines).outcome is Outcome.IN
