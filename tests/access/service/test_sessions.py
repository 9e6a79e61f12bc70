"""Sessions: begun, found by their secret, ended by idleness, by age, and by somebody."""

from __future__ import annotations

import pytest

from muniment.access import (
    begin_session,
    end_all_sessions,
    end_session,
    identify_session,
)
from muniment.access.models import Method, Person, Session, SignIn
from muniment.core.actor import system_actor
from muniment.db import Database, open_database
from muniment.settings import Settings
from muniment.testing import FixedClock
from tests.access.recorded import records

ACTOR = system_actor("sign-in")


def begin(database: Database, settings: Settings, person: Person) -> tuple[Session, str]:
    """Let somebody in."""
    shown = SignIn(person.id, (Method.PASSWORD, Method.TOTP), strong=True)
    with database.work(ACTOR) as work:
        return begin_session(work, shown, "203.0.113.7", "Lynx\x00/2", settings=settings)


def test_begun_and_found(database: Database, settings: Settings, ines: Person) -> None:
    """A session is found by its secret alone, and acts in the name of its person."""
    session, secret = begin(database, settings, ines)
    found = identify_session(database, secret)
    assert found is not None
    assert found[0] == session
    assert (found[1].id, found[1].credential) == (ines.id, f"session:{session.id[:16]}")
    assert session.agent == "Lynx/2"
    assert identify_session(database, session.id) is None
    assert identify_session(database, secret[:-1] + "é") is None
    assert identify_session(database, "") is None


def test_only_a_digest_is_kept(database: Database, settings: Settings, ines: Person) -> None:
    """Neither the tables nor the ledger hold the secret of a session, nor an address."""
    session, secret = begin(database, settings, ines)
    assert secret not in repr(session)
    told = records(database)
    assert [each["kind"] for each in told][-1] == "access.signed_in"
    assert secret not in repr(told)
    assert "203.0.113.7" not in repr(told)
    assert told[-1]["body"]["source"].startswith("src_")


def test_idleness_ends_it(
    database: Database, settings: Settings, clock: FixedClock, ines: Person
) -> None:
    """Whoever uses a session keeps it; an hour without use ends it."""
    _, secret = begin(database, settings, ines)
    for _ in range(3):
        clock.advance(settings.access.session_idle_seconds - 1)
        assert identify_session(database, secret)
    clock.advance(settings.access.session_idle_seconds)
    assert identify_session(database, secret) is None


def test_age_ends_it(
    database: Database, settings: Settings, clock: FixedClock, ines: Person
) -> None:
    """However much it is used, a session ends at its time."""
    _, secret = begin(database, settings, ines)
    for _ in range(settings.access.session_seconds // 3_000):
        assert identify_session(database, secret)
        clock.advance(3_000)
    clock.advance(3_000)
    assert identify_session(database, secret) is None


@pytest.mark.requirement("ACC-21")
def test_ended_in_every_process(database: Database, settings: Settings, ines: Person) -> None:
    """A session ended in one process opens nothing in another from the next request on."""
    session, secret = begin(database, settings, ines)
    other = open_database(settings, clock=database.clock)
    try:
        assert identify_session(other, secret)
        with database.work(ACTOR) as work:
            assert end_session(work, session, "signed out")
        assert identify_session(other, secret) is None
        with database.work(ACTOR) as work:
            assert not end_session(work, session, "signed out")
    finally:
        other.close()
    assert [each["kind"] for each in records(database)][-1] == "access.sessions_ended"


@pytest.mark.parametrize("kept", [True, False])
def test_all_ended_but_one(
    database: Database, settings: Settings, ines: Person, *, kept: bool
) -> None:
    """All sessions of a person end at once, but the one they sit in if it is named."""
    first, second = begin(database, settings, ines), begin(database, settings, ines)
    with database.work(ACTOR) as work:
        ended = end_all_sessions(work, ines.id, "left", but=second[0].id if kept else "")
    assert ended == (1 if kept else 2)
    assert identify_session(database, first[1]) is None
    assert (identify_session(database, second[1]) is not None) is kept


def test_its_last_use_is_kept_once_a_minute(
    database: Database, settings: Settings, clock: FixedClock, ines: Person
) -> None:
    """Use of a session is written down at most once a minute, without a record."""
    _, secret = begin(database, settings, ines)
    begun = clock.now()
    clock.advance(59)
    assert identify_session(database, secret)
    found = identify_session(database, secret)
    assert found is not None
    assert found[0].seen_at == begun
    clock.advance(2)
    assert identify_session(database, secret)
    found = identify_session(database, secret)
    assert found is not None
    assert found[0].seen_at == clock.now()
    assert [each["kind"] for each in records(database)][-1] == "access.signed_in"
