"""Signing in with a password: let in, refused alike, slowed down, never locked out by others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from argon2 import PasswordHasher

from muniment.access import (
    Method,
    Outcome,
    Person,
    Reception,
    identify_session,
    record_refusals,
    remove_password,
    require_knows,
    sign_in_by_password,
)
from muniment.access.service.people import suspend
from muniment.access.store import password_hash
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from muniment.testing import FixedClock
from tests.access.reception import ELSEWHERE, HERE, PASSWORD, ROOT, admin_of
from tests.access.recorded import records


@pytest.mark.requirement("ACC-20")
def test_the_right_password_lets_in(reception: Reception, ines: Person) -> None:
    """Whoever knows the password gets a fresh session, however the address is written."""
    attempt = sign_in_by_password(reception, " INES@example.org ", PASSWORD, HERE)
    assert attempt.outcome is Outcome.IN
    assert attempt.session is not None
    assert attempt.session.sign_in.methods == (Method.PASSWORD,)
    found = identify_session(reception.database, attempt.secret)
    assert found is not None
    assert found[1].id == ines.id


def test_session_fixation(reception: Reception, ines: Person) -> None:
    """Each sign-in makes a secret of its own; nothing a browser brought is taken over."""
    one = sign_in_by_password(reception, ines.email, PASSWORD, HERE)
    brought = replace(HERE, device=one.secret)
    other = sign_in_by_password(reception, ines.email, PASSWORD, brought)
    assert len({one.secret, other.secret, one.device, other.device}) == 4


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ines@example.org", "plum ladder quiet trom"),
        ("nobody@example.org", PASSWORD),
        ("", ""),
        ("ines@example.org\0", PASSWORD + "\0"),
        ("\ud800@example.org", "\ud800"),
        ("x" * 5_000, "y" * 5_000),
    ],
)
def test_user_enumeration(reception: Reception, ines: Person, email: str, password: str) -> None:
    """Known or not, whoever is refused reads the same words and makes the same work."""
    attempt = sign_in_by_password(reception, email, password, HERE)
    wrong = sign_in_by_password(reception, "ines@example.org", "not it at all", ELSEWHERE)
    assert attempt == wrong
    assert attempt.outcome is Outcome.REFUSED


def test_user_enumeration_by_work(
    reception: Reception, ines: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown address is hashed against just as a known one."""
    hashed: list[str] = []
    verify = PasswordHasher.verify

    def counting(self: PasswordHasher, hash: str, password: str) -> bool:  # noqa: A002
        hashed.append(hash[:27])
        return bool(verify(self, hash, password))

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    for email in (ines.email, "nobody@example.org"):
        sign_in_by_password(reception, email, "not it at all", HERE)
    assert len(hashed) == 2
    assert hashed[0] == hashed[1]


@pytest.mark.requirement("ACC-21")
def test_suspended_people_stay_out(reception: Reception, ines: Person) -> None:
    """A suspended person is refused in the same words, and sessions they had are over."""
    inside = sign_in_by_password(reception, ines.email, PASSWORD, HERE)
    with reception.database.work(ROOT) as work:
        suspend(work, ines.id)
    assert identify_session(reception.database, inside.secret) is None
    assert sign_in_by_password(reception, ines.email, PASSWORD, HERE).outcome is Outcome.REFUSED
    kinds = [each["kind"] for each in records(reception.database)]
    assert "access.sessions_ended" in kinds


def test_guessing_is_slowed(reception: Reception, ines: Person, clock: FixedClock) -> None:
    """After some failures even the right password has to wait, and the wait ends by itself."""
    for _turn in range(5):
        assert sign_in_by_password(reception, ines.email, "wrong", HERE).outcome is Outcome.REFUSED
    waiting = sign_in_by_password(reception, ines.email, PASSWORD, HERE)
    assert waiting.outcome is Outcome.WAIT
    assert "Wait 2 seconds" in waiting.says
    clock.advance(waiting.wait_seconds)
    assert sign_in_by_password(reception, ines.email, PASSWORD, HERE).outcome is Outcome.IN
    assert sign_in_by_password(reception, ines.email, "wrong", HERE).outcome is Outcome.REFUSED


def test_nobody_locks_others_out(reception: Reception, ines: Person) -> None:
    """However much a stranger fails elsewhere, the person gets in, known device or not."""
    known = sign_in_by_password(reception, ines.email, PASSWORD, ELSEWHERE)
    for _turn in range(40):
        sign_in_by_password(reception, ines.email, "wrong", ELSEWHERE)
    assert sign_in_by_password(reception, ines.email, PASSWORD, ELSEWHERE).outcome is Outcome.WAIT
    assert sign_in_by_password(reception, ines.email, PASSWORD, HERE).outcome is Outcome.IN
    same_office = replace(ELSEWHERE, device=known.device)
    assert sign_in_by_password(reception, ines.email, PASSWORD, same_office).outcome is Outcome.IN


def test_a_device_cookie_is_of_one_account(reception: Reception, ines: Person) -> None:
    """A stranger's device cookie, or a made-up one, buys no more tries."""
    admin = admin_of(reception)
    own = sign_in_by_password(reception, admin.email, PASSWORD, ELSEWHERE)
    assert own.outcome is Outcome.SECOND_FACTOR
    caller = replace(
        ELSEWHERE, device=sign_in_by_password(reception, ines.email, PASSWORD, HERE).device
    )
    for _turn in range(8):
        last = sign_in_by_password(reception, admin.email, "wrong", caller)
    assert last.outcome is Outcome.WAIT


def count_refusals(reception: Reception) -> int:
    """Do what the worker does each minute."""
    with reception.database.work(ROOT) as work:
        return record_refusals(work)


def test_floods_become_numbers(reception: Reception, ines: Person, clock: FixedClock) -> None:
    """A flood gives one record at once and one number a minute, by person where one was named."""
    before = len(records(reception.database))
    for turn in range(60):
        email = ines.email if turn % 2 else f"nobody{turn}@example.org"
        sign_in_by_password(reception, email, "wrong", ELSEWHERE)
    told = records(reception.database)[before:]
    assert [each["kind"] for each in told] == ["access.sign_in_failed"]
    assert count_refusals(reception) == 0
    clock.advance(60)
    assert count_refusals(reception) == 1
    assert count_refusals(reception) == 0
    number = records(reception.database)[-1]
    assert number["kind"] == "access.sign_ins_refused"
    assert number["body"]["count"] == 60
    assert 0 < number["body"]["people"][ines.id] < 60
    assert "198.51.100.1" not in repr(told)


def test_hashed_with_more_care(reception: Reception, ines: Person) -> None:
    """A hash made with less care is made anew at the next sign-in, and that is recorded."""
    with reception.database.look(ROOT) as work:
        old = password_hash(work, ines.id)
    reception.hasher = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
    assert sign_in_by_password(reception, ines.email, PASSWORD, HERE).outcome is Outcome.IN
    with reception.database.look(ROOT) as work:
        assert "t=2" in password_hash(work, ines.id) != old
    assert records(reception.database)[-1]["body"]["way"] == "hashed with more care"


def test_showing_it_again(reception: Reception, ines: Person) -> None:
    """Whoever changes credentials shows the present password first, and not by guessing."""
    require_knows(reception, ines.id, PASSWORD, HERE)
    for _turn in range(5):
        with pytest.raises(InvalidError):
            require_knows(reception, ines.id, "wrong", HERE)
    with pytest.raises(ForbiddenError):
        require_knows(reception, ines.id, PASSWORD, HERE)


def test_the_last_way_in_stays(reception: Reception, ines: Person) -> None:
    """A password is not taken from somebody who has no other way in."""
    with pytest.raises(ConflictError), reception.database.work(ROOT) as work:
        remove_password(work, ines.id)
