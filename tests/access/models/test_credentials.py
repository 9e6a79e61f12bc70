"""Keys and sessions as values."""

from __future__ import annotations

from datetime import timedelta

from muniment.access.models import (
    Holder,
    HolderKind,
    Key,
    KeyLimits,
    Method,
    PersonId,
    Session,
    SignIn,
)
from muniment.testing import START

HOUR = timedelta(hours=1)


def test_a_key_works_until_it_ends() -> None:
    """A key opens nothing from the very moment it expires or is revoked."""
    holder = Holder(HolderKind.SERVICE, "svc_1")
    key = Key("key_1", holder, "ci", "mun_…", KeyLimits(), "", START, "per_1", START + HOUR)
    assert key.works(START)
    assert not key.works(START + HOUR)


def test_a_session_lives_until_it_idles_ages_or_is_ended() -> None:
    """Whichever comes first ends it."""
    sign_in = SignIn(PersonId("per_1"), (Method.PASSWORD,), strong=False)
    session = Session("d", sign_in, START, START, START + HOUR, START + 2 * HOUR)
    assert session.lives(START)
    assert not session.lives(START + HOUR)
    aged = Session("d", sign_in, START, START, START + 9 * HOUR, START + HOUR)
    assert not aged.lives(START + HOUR)
    ended = Session("d", sign_in, START, START, START + HOUR, START + HOUR, revoked_at=START)
    assert not ended.lives(START)
