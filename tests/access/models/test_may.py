"""Scopes and grants as values."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.access.models import (
    EVERYTHING,
    SCOPE_KINDS,
    DutyException,
    Grant,
    GrantSource,
    Holder,
    HolderKind,
    PersonId,
    Scope,
    Standing,
)
from muniment.core.errors import InvalidError
from muniment.testing import START

SCOPES = st.dictionaries(
    st.sampled_from(SCOPE_KINDS), st.text("ab1", min_size=1, max_size=2), max_size=4
).map(Scope.read)
HOUR = timedelta(hours=1)


@given(one=SCOPES, other=SCOPES, third=SCOPES)
def test_scopes_lie_in_each_other_like_places(one: Scope, other: Scope, third: Scope) -> None:
    """Everything reaches all; each reaches itself; inside of inside is inside."""
    assert EVERYTHING.reaches(one)
    assert one.reaches(one)
    if one.reaches(other) and other.reaches(third):
        assert one.reaches(third)
    if one.reaches(other) and other.reaches(one):
        assert one == other


@given(scope=SCOPES)
def test_a_scope_is_written_and_read_back(scope: Scope) -> None:
    """What stands in a table or a record is the same scope again, in whatever order."""
    assert Scope.read(dict(reversed(scope.as_dict().items()))) == scope


@pytest.mark.parametrize(
    "places",
    [
        {"planet": "mars"},
        {"system": ""},
        {"system": "x" * 201},
        {"system": "a\nb"},
        {"system": 7},
        {"system": None},
        {"system": ["sys_1"]},
        {"": "x"},
        {"system ": "x"},
    ],
)
def test_a_scope_that_names_nothing_known_is_refused(places: Any) -> None:
    """A misspelt kind or an empty id is refused, and never read as everything."""
    with pytest.raises(InvalidError):
        Scope.read(places)


def test_a_scope_is_told_in_words() -> None:
    """Reasons and lists say where something holds."""
    assert str(EVERYTHING) == "everything"
    assert str(Scope.of(system="s", environment="e")) == "environment e, system s"
    assert Scope.of(system="s").place("system") == "s"
    assert EVERYTHING.place("system") == ""


@pytest.mark.parametrize(
    ("ends", "revoked", "at", "holds"),
    [
        (None, None, START, True),
        (None, None, START - HOUR, False),
        (START + HOUR, None, START + HOUR, False),
        (START + HOUR, None, START, True),
        (None, START + HOUR, START, True),
        (None, START + HOUR, START + HOUR, False),
    ],
)
def test_a_grant_holds_from_its_start_until_its_end(
    ends: Any,
    revoked: Any,
    at: Any,
    holds: bool,  # noqa: FBT001
) -> None:
    """The first moment counts, the last one does not."""
    holder = Holder(HolderKind.PERSON, "per_1")
    grant = Grant(
        *("grt_1", holder, "builder", EVERYTHING, GrantSource.PERSON, "r", "x", START, ends),
        revoked,
    )
    assert grant.holds(at) is holds


def test_an_exception_holds_for_its_time() -> None:
    """Leave to hold conflicting duties begins and ends."""
    leave = DutyException(
        *("exc_1", PersonId("p"), "a", "b", EVERYTHING, "r", "x", START, START + HOUR)
    )
    assert leave.holds(START)
    assert not leave.holds(START + HOUR)


def test_a_key_is_a_program_whoever_holds_it() -> None:
    """A person acts themselves only without a key."""
    ana = Holder(HolderKind.PERSON, "per_1")
    assert Standing(ana, PersonId("per_1"), ()).is_person
    assert not Standing(ana, PersonId("per_1"), (), by_key=True).is_person
    assert not Standing(Holder(HolderKind.SERVICE, "svc_1"), None, ()).is_person
    assert str(ana) == "person per_1"
