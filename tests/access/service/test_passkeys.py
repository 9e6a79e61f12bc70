"""Passkeys: made, used, bound to this console, and every way of pretending to have one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.access import (
    Attempt,
    Method,
    Outcome,
    Person,
    Reception,
    ask_for_passkey,
    begin_passkey,
    finish_passkey,
    place_of,
    remove_passkey,
    sign_in_by_passkey,
    sign_in_by_password,
    ways_of,
)
from muniment.access.service.people import suspend
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.testing import FixedClock, fresh_database, settings_for
from tests.access.authenticator import Authenticator
from tests.access.reception import HERE, PASSWORD, ROOT, person_of, reception_in

PLACE = place_of("http://localhost:8484")


@pytest.fixture
def reception(tmp_path: Path, clock: FixedClock) -> Iterator[Reception]:
    """A reception."""
    settings = settings_for(tmp_path / "data")
    with fresh_database(settings, clock) as database:
        yield reception_in(tmp_path, database, settings)


@pytest.fixture
def device(reception: Reception, ines: Person) -> Authenticator:
    """A device with a passkey of Ines."""
    return enrolled(reception, ines)


def enrolled(reception: Reception, person: Person) -> Authenticator:
    """Let somebody make a passkey."""
    device = Authenticator()
    with reception.database.work(ROOT) as work:
        asked = begin_passkey(work, person, PLACE)
        answer = device.make(asked.options)
        finish_passkey(work, person.id, PLACE, step=asked.step, answer=answer, label="Laptop")
    return device


def use(reception: Reception, device: Authenticator, *, step: str = "") -> Attempt:
    """Sign in with a device."""
    asked = ask_for_passkey(reception, PLACE, bound_to=step)
    answer = device.sign(asked.options)
    return sign_in_by_passkey(reception, PLACE, step=asked.step, answer=answer, caller=HERE)


@pytest.mark.requirement("ACC-20")
def test_it_lets_in_alone(reception: Reception, ines: Person, device: Authenticator) -> None:
    """A passkey is two factors: a device, and its own check of who holds it."""
    attempt = use(reception, device)
    assert attempt.outcome is Outcome.IN
    assert attempt.session is not None
    assert attempt.session.sign_in.person_id == ines.id
    assert attempt.session.sign_in.methods == (Method.PASSKEY,)
    assert attempt.session.sign_in.strong


def test_as_a_second_factor(reception: Reception, ines: Person, device: Authenticator) -> None:
    """After the password, the passkey must be of the same person."""
    first = sign_in_by_password(reception, ines.email, PASSWORD, HERE)
    assert (first.outcome, first.ways) == (Outcome.SECOND_FACTOR, ("passkey",))
    other = enrolled(reception, person_of(reception, "Tom Bell", "tom@example.org"))
    assert use(reception, other, step=first.step).outcome is Outcome.REFUSED
    again = sign_in_by_password(reception, ines.email, PASSWORD, HERE)
    assert use(reception, device, step=again.step).outcome is Outcome.IN
    assert use(reception, device, step=again.step).outcome is Outcome.REFUSED


@pytest.mark.parametrize("bent", ["origin", "host", "unverified", "unknown", "copied", "garbage"])
def test_what_is_refused(reception: Reception, device: Authenticator, bent: str) -> None:
    """Another site, a device that checked nobody, a copy and rubbish are refused alike."""
    assert use(reception, device).outcome is Outcome.IN
    if bent == "origin":
        device.origin = "https://evil.example"
    elif bent == "host":
        device.host = "evil.example"
    elif bent == "unverified":
        device.verifies = False
    elif bent == "unknown":
        device.credential_id = b"another"
    elif bent == "copied":
        device.count = 0
    asked = ask_for_passkey(reception, PLACE)
    answer = "[1]" if bent == "garbage" else device.sign(asked.options)
    attempt = sign_in_by_passkey(reception, PLACE, step=asked.step, answer=answer, caller=HERE)
    assert attempt.outcome is Outcome.REFUSED
    assert attempt.session is None


def test_challenge_replay(reception: Reception, device: Authenticator, clock: FixedClock) -> None:
    """An answer counts once, for its own challenge, within ten minutes."""
    asked = ask_for_passkey(reception, PLACE)
    answer = device.sign(asked.options)
    other = ask_for_passkey(reception, PLACE)

    def outcome(step: str) -> Outcome:
        return sign_in_by_passkey(reception, PLACE, step=step, answer=answer, caller=HERE).outcome

    assert outcome(other.step) is Outcome.REFUSED
    assert outcome(asked.step) is Outcome.IN
    assert outcome(asked.step) is Outcome.REFUSED
    late = ask_for_passkey(reception, PLACE)
    clock.advance(601)
    answer = device.sign(late.options)
    assert outcome(late.step) is Outcome.REFUSED


def test_suspended_people_stay_out(
    reception: Reception, ines: Person, device: Authenticator
) -> None:
    """A passkey opens nothing for who is suspended."""
    with reception.database.work(ROOT) as work:
        suspend(work, ines.id)
    assert use(reception, device).outcome is Outcome.REFUSED


@pytest.mark.parametrize("bent", ["origin", "unverified", "answer", "person"])
def test_none_is_made_by_others(reception: Reception, ines: Person, bent: str) -> None:
    """A passkey is made on a page of ours, by a device that checked, for who asked."""
    device = Authenticator()
    person_id = ines.id
    if bent == "origin":
        device.origin = "https://evil.example"
    if bent == "unverified":
        device.verifies = False
    if bent == "person":
        person_id = person_of(reception, "Tom Bell", "tom@example.org").id
    with reception.database.work(ROOT) as work:
        asked = begin_passkey(work, ines, PLACE)
    answer = "{}" if bent == "answer" else device.make(asked.options)
    with pytest.raises(InvalidError), reception.database.work(ROOT) as work:
        finish_passkey(work, person_id, PLACE, step=asked.step, answer=answer, label="x")
    with reception.database.look(ROOT) as work:
        assert ways_of(work, person_id).passkeys == ()


def test_one_passkey_is_of_one_person(
    reception: Reception, ines: Person, device: Authenticator
) -> None:
    """A passkey that is known is not taken a second time."""
    tom = person_of(reception, "Tom Bell", "tom@example.org")
    with reception.database.work(ROOT) as work:
        asked = begin_passkey(work, tom, PLACE)
    answer = device.make(asked.options)
    with pytest.raises(ConflictError), reception.database.work(ROOT) as work:
        finish_passkey(work, tom.id, PLACE, step=asked.step, answer=answer, label="x")


def test_removed_by_its_person_only(
    reception: Reception, ines: Person, device: Authenticator
) -> None:
    """Somebody else's passkey cannot be removed; one's own can, and opens nothing then."""
    tom = person_of(reception, "Tom Bell", "tom@example.org")
    with reception.database.look(ROOT) as work:
        passkey_id = ways_of(work, ines.id).passkeys[0].id
    with pytest.raises(NotFoundError), reception.database.work(ROOT) as work:
        remove_passkey(reception, work, tom.id, passkey_id, why="not his")
    with reception.database.work(ROOT) as work:
        remove_passkey(reception, work, ines.id, passkey_id, why="lost")
    assert use(reception, device).outcome is Outcome.REFUSED
