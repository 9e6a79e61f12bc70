"""One-time links: one admin for an empty installation, and a way back for who lost theirs."""

from __future__ import annotations

import threading

import pytest

from muniment.access import (
    GrantSource,
    Holder,
    HolderKind,
    LinkPurpose,
    Outcome,
    Person,
    Reception,
    enter_demo,
    first_link,
    identify_session,
    look_at_link,
    recover_by_link,
    reset_link,
    set_up_by_link,
    sign_in_by_password,
    ways_of,
)
from muniment.access.service.people import invite, suspend
from muniment.access.store import grants_of
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.testing import FixedClock
from tests.access.reception import HERE, PASSWORD, ROOT, admin_of
from tests.access.recorded import records


def make(reception: Reception) -> str:
    """Make the first link."""
    with reception.database.work(ROOT) as work:
        return first_link(work, reception.settings).secret


def set_up(reception: Reception, link: str, password: str = PASSWORD) -> Outcome:
    """Use the first link."""
    return set_up_by_link(
        reception, link, name="Ada Root", email="ada@example.org", password=password, caller=HERE
    ).outcome


def reset(reception: Reception, person: Person) -> str:
    """Make a link for somebody."""
    with reception.database.work(ROOT) as work:
        return reset_link(work, person.id, reception.settings).secret


@pytest.mark.requirement("ACC-20")
def test_the_first_admin(reception: Reception) -> None:
    """The link makes the first admin, recorded as the beginning, who then sets a factor up."""
    link = make(reception)
    assert look_at_link(reception, link)[0].purpose is LinkPurpose.FIRST
    assert set_up(reception, link) is Outcome.SECOND_FACTOR
    told = records(reception.database)
    granted = next(each for each in told if each["kind"] == "access.granted")
    assert granted["body"]["source"] == "bootstrap"
    assert link not in repr(told)
    with reception.database.look(ROOT) as work:
        holder = Holder(HolderKind.PERSON, granted["body"]["holder"]["id"])
        assert [each.source for each in grants_of(work, [holder])] == [GrantSource.BOOTSTRAP]


def test_first_link_replay(reception: Reception) -> None:
    """The link counts once, and no other can be made once somebody manages access."""
    link = make(reception)
    set_up(reception, link)
    with pytest.raises(NotFoundError):
        set_up(reception, link)
    with pytest.raises(ConflictError):
        make(reception)


def test_a_link_is_bound_to_an_empty_installation(reception: Reception) -> None:
    """A link that was printed and forgotten opens nothing when somebody came by another way."""
    link = make(reception)
    admin_of(reception)
    with pytest.raises(NotFoundError):
        look_at_link(reception, link)
    with pytest.raises(NotFoundError):
        set_up(reception, link)


def test_a_new_link_ends_the_old_one(reception: Reception, clock: FixedClock) -> None:
    """Only the newest link works, and only for its hour."""
    old, new = make(reception), make(reception)
    with pytest.raises(NotFoundError):
        look_at_link(reception, old)
    assert look_at_link(reception, new)
    clock.advance(reception.settings.access.link_seconds)
    with pytest.raises(NotFoundError):
        look_at_link(reception, new)


def test_two_at_once(reception: Reception) -> None:
    """Of two that use the link in the same moment one becomes admin, the other nothing."""
    link = make(reception)
    ends: list[str] = []

    def use() -> None:
        try:
            ends.append(set_up(reception, link).value)
        except (NotFoundError, ConflictError) as error:
            ends.append(type(error).__name__)

    both = [threading.Thread(target=use) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(60)
    assert ends.count("second_factor") == 1, ends
    granted = [each for each in records(reception.database) if each["kind"] == "access.granted"]
    assert len(granted) == 1


def test_a_bad_password_does_not_use_it_up(reception: Reception) -> None:
    """What is refused leaves the link as it was."""
    link = make(reception)
    with pytest.raises(InvalidError):
        set_up(reception, link, "password1234")
    assert set_up(reception, link) is Outcome.SECOND_FACTOR


def test_without_a_password_a_passkey_must_follow(reception: Reception) -> None:
    """Who chooses no password is not in before a passkey is made."""
    assert set_up(reception, make(reception), "") is Outcome.SECOND_FACTOR


@pytest.mark.parametrize("secret", ["", "x" * 43, "é" * 43, "a" * 5_000])
def test_made_up_links_open_nothing(reception: Reception, secret: str) -> None:
    """What is no link is refused, and counted as a refusal."""
    with pytest.raises(NotFoundError):
        set_up(reception, secret)
    assert records(reception.database)[-1]["kind"] == "access.sign_in_failed"


def test_in_again(reception: Reception, ines: Person) -> None:
    """A recovery link gives a new password; sessions and the old password are over."""
    inside = sign_in_by_password(reception, ines.email, PASSWORD, HERE)
    link = reset(reception, ines)
    fresh = "another good long phrase"
    attempt = recover_by_link(reception, link, password=fresh, caller=HERE)
    assert attempt.outcome is Outcome.IN
    assert identify_session(reception.database, inside.secret) is None
    assert sign_in_by_password(reception, ines.email, PASSWORD, HERE).session is None
    assert sign_in_by_password(reception, ines.email, fresh, HERE).outcome is Outcome.IN
    with pytest.raises(NotFoundError):
        recover_by_link(reception, link, password=fresh, caller=HERE)


def test_an_invited_person_comes(reception: Reception) -> None:
    """A link for somebody invited makes them active with the password they choose."""
    with reception.database.work(ROOT) as work:
        tom = invite(work, "Tom Bell", "tom@example.org")
    link = reset(reception, tom)
    assert recover_by_link(reception, link, password=PASSWORD, caller=HERE).outcome is Outcome.IN
    with reception.database.look(ROOT) as work:
        assert ways_of(work, tom.id).password


def test_no_link_for_who_may_not_come(reception: Reception, ines: Person) -> None:
    """Suspended people get no link, and one they had before opens nothing."""
    link = reset(reception, ines)
    with reception.database.work(ROOT) as work:
        suspend(work, ines.id)
    with pytest.raises(ConflictError):
        reset(reception, ines)
    with pytest.raises(NotFoundError):
        look_at_link(reception, link)


def test_a_link_alone_lets_nobody_into_a_real_installation(reception: Reception) -> None:
    """The way by which a reader enters a demonstration is shut where records are real."""
    person = admin_of(reception)
    link = reset(reception, person)
    with pytest.raises(NotFoundError):
        enter_demo(reception, link, HERE)
    assert look_at_link(reception, link)[1] == person, "it is not used up"
