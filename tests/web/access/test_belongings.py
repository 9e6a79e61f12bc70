"""What belongs to somebody, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from muniment.access import Grant, GrantSource, Holder, HolderKind, Key, KeyLimits, Scope
from muniment.core.errors import InvalidError
from muniment.web.access.belongings import grant_state, holder_of, key_state, limits_said, version

AT = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOLDER = Holder(HolderKind.PERSON, "per_1")
GRANT = Grant("g", HOLDER, "owner", Scope(), GrantSource.PERSON, "r", "per_2", AT)
KEY = Key("k", HOLDER, "a", "mun_…", KeyLimits(), "", AT, "per_1")


def test_a_grant_stands_one_way() -> None:
    """It holds, has not begun, has ended, or was revoked."""
    assert grant_state(GRANT, AT) == "holds"
    assert grant_state(GRANT, AT - HOUR) == "not yet"
    assert grant_state(replace(GRANT, ends_at=AT), AT) == "ended"
    assert grant_state(replace(GRANT, revoked_at=AT), AT) == "revoked"


def test_a_key_stands_one_way() -> None:
    """It works, expired, was revoked, or works on beside its successor."""
    assert key_state(KEY, AT) == "works"
    assert key_state(replace(KEY, expires_at=AT), AT) == "expired"
    assert key_state(replace(KEY, revoked_at=AT), AT) == "revoked"
    assert key_state(replace(KEY, revoked_at=AT + HOUR), AT) == "ending"


def test_limits_are_said_in_a_line() -> None:
    """All, some, or nothing, and where."""
    assert limits_said(KEY) == "all its holder may"
    limits = KeyLimits(frozenset({"b.c", "a.b"}), Scope.of(system="s"))
    assert limits_said(replace(KEY, limits=limits)) == "a.b, b.c, over system s"
    assert limits_said(replace(KEY, limits=KeyLimits(frozenset()))) == "nothing"


def test_what_a_form_carries_is_read_strictly() -> None:
    """A version is a short number, a holder a kind and an id."""
    assert version({"version": "3"}) == 3
    assert version({}) is None
    assert holder_of("team:t") == Holder(HolderKind.TEAM, "t")
    for wrong in ("x", "²", "-1", "9" * 12):
        with pytest.raises(InvalidError):
            version({"version": wrong})
    for wrong in ("", "person:", "robot:1", "person"):
        with pytest.raises(InvalidError):
            holder_of(wrong)
