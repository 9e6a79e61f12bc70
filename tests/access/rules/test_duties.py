"""Conflicting duties: by person, by system, with exceptions that end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.access.models import EVERYTHING, DutyException, PersonId, Role, Scope
from muniment.access.rules import BUILT_IN, CONFLICTS, Duty, clashes, duties_in, meet
from muniment.access.rules.duties import DUTIES
from muniment.testing import START

ANA = PersonId("per_ana")
ONE, TWO = Scope.of(system="sys_1"), Scope.of(system="sys_2")


def exception(scope: Scope = ONE, days: int = 10, one: str = "releaser") -> DutyException:
    """Let Ana build and release."""
    ends = START + timedelta(days=days)
    return DutyException("exc_1", ANA, one, "builder", scope, "Few hands.", "per_x", START, ends)


CASES = {
    "same system": (ONE, ONE, (), True),
    "another system": (ONE, TWO, (), False),
    "everywhere meets each": (EVERYTHING, TWO, (), True),
    "another environment is the same system": (
        Scope.of(system="sys_1", environment="test"),
        Scope.of(system="sys_1", environment="production"),
        (),
        True,
    ),
    "a dataset may belong to any system": (Scope.of(dataset="d"), ONE, (), True),
    "excepted": (ONE, ONE, (exception(),), False),
    "excepted everywhere": (ONE, ONE, (exception(EVERYTHING),), False),
    "excepted elsewhere": (ONE, ONE, (exception(TWO),), True),
    "excepted for other duties": (ONE, ONE, (exception(one="operator"),), True),
    "excepted once": (ONE, ONE, (exception(days=0),), True),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.requirement("ACC-04")
def test_who_builds_a_system_does_not_release_it(name: str) -> None:
    """Two duties clash where they meet on a system, unless a standing exception covers it."""
    held, new, exceptions, refused = CASES[name]
    found = clashes(ANA, [Duty("builder", held)], [Duty("releaser", new)], exceptions, START)
    assert any(each.refused for each in found) is refused


def test_a_clash_is_told_in_words() -> None:
    """Who is refused reads who holds what, and why both do not go together."""
    (found,) = clashes(ANA, [Duty("builder", ONE)], [Duty("releaser", ONE)], (), START)
    assert str(found) == (
        "per_ana is builder over system sys_1 and would be releaser:"
        " who builds a system does not decide that it goes live"
    )


def test_a_role_with_both_duties_clashes_with_itself() -> None:
    """Duties that come in one grant are judged like those that come one by one."""
    both = [Duty("builder", ONE), Duty("operator", ONE)]
    assert any(each.refused for each in clashes(ANA, [], both, (), START))


def test_some_conflicts_are_seen_and_not_refused() -> None:
    """A flag is no refusal: an admin who also builds is told, not stopped."""
    (found,) = clashes(ANA, [Duty("admin", EVERYTHING)], [Duty("builder", ONE)], (), START)
    assert not found.refused


@pytest.mark.requirement("ACC-04")
@pytest.mark.parametrize(
    ("carried", "duty"),
    [
        ("registry.write", "builder"),
        ("registry.release", "releaser"),
        ("jobs.retry", "operator"),
        ("registry.change", "owner"),
        ("ledger.rotate_key", "security"),
        ("approvals.administer", "compliance"),
    ],
)
def test_a_role_of_ones_own_has_the_duties_whose_acts_it_carries(carried: str, duty: str) -> None:
    """A duty does not hide behind another name: whoever does its act holds it."""
    assert duties_in(Role("keeper", "Keeps.", frozenset({carried, "ledger.read"}))) == {duty}
    assert duties_in(Role("reader", "Reads.", frozenset({"ledger.read"}))) == frozenset()
    assert duties_in(BUILT_IN[duty]) == {duty}


def test_every_refused_pair_of_acts_is_refused_under_any_name() -> None:
    """One role of one's own that both writes and releases, or runs what it writes, is none."""
    for acts in (("write", "release"), ("write", "retry"), ("release", "retry")):
        names = {f"registry.{each}" if each != "retry" else "jobs.retry" for each in acts}
        both = [Duty(each, ONE) for each in duties_in(Role("both", "Both.", frozenset(names)))]
        assert any(each.refused for each in clashes(ANA, [], both, (), START)), acts


def test_the_table_of_conflicts_is_sound() -> None:
    """Each conflict is between two different known duties, has its sentence, and stands once."""
    pairs = [frozenset({each.one, each.other}) for each in CONFLICTS]
    assert all(len(pair) == 2 and pair <= set(DUTIES) for pair in pairs)
    assert len(set(pairs)) == len(pairs)
    assert [each for each in CONFLICTS if len(each.says.split()) < 4] == []


NAMES = st.sampled_from(DUTIES)
SCOPES = st.sampled_from([EVERYTHING, ONE, TWO, Scope.of(dataset="d")])


@given(one=NAMES, other=NAMES, here=SCOPES, there=SCOPES)
def test_it_does_not_matter_which_duty_came_first(
    one: str, other: str, here: Scope, there: Scope
) -> None:
    """Whatever order two duties come in, they are refused together or not."""
    first = clashes(ANA, [Duty(one, here)], [Duty(other, there)], (), START)
    second = clashes(ANA, [Duty(other, there)], [Duty(one, here)], (), START)
    assert any(each.refused for each in first) is any(each.refused for each in second)
    assert meet(here, there) is meet(there, here)
