"""What a limit may be, and what a call claims of it."""

from __future__ import annotations

from typing import Any

import pytest

from muniment.core.errors import InvalidError
from muniment.exchanges import Claim, Measure, ScopeKind, Window
from muniment.exchanges.rules import claimed, meets, really_used, sound_limit, warns
from tests.exchanges.making import limit, outcome


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("amount", {"amount": -1}),
        ("amount", {"amount": 1 << 60}),
        ("warn_percent", {"warn_percent": 0}),
        ("warn_percent", {"warn_percent": 101}),
        ("window", {"measure": Measure.CONCURRENCY}),
        ("window", {"window": Window.NOW}),
        ("scope_id", {"scope_id": ""}),
        ("scope_id", {"scope": ScopeKind.EVERYTHING}),
        ("scope_id", {"scope": ScopeKind.SYSTEM, "scope_id": "desk"}),
        ("scope_id", {"scope": ScopeKind.TEAM, "scope_id": "Sales"}),
        ("scope_id", {"scope_id": "a\nb"}),
        ("scope_id", {"scope_id": "x" * 81}),
        ("reason", {"reason": " "}),
        ("reason", {"reason": "x" * 501}),
    ],
)
def test_what_cannot_be_a_limit(field: str, wrong: dict[str, Any]) -> None:
    """Each wrong member is named, with what to do."""
    with pytest.raises(InvalidError) as caught:
        sound_limit(limit(**wrong))
    assert caught.value.field == field
    assert caught.value.remedy


def test_nothing_at_all_is_a_lawful_limit() -> None:
    """A limit of nothing lets nothing through, which somebody may want."""
    assert sound_limit(limit(amount=0)).amount == 0


def test_a_call_meets_the_limits_of_its_scopes_and_of_everything() -> None:
    """Others' limits do not concern it, and the order is the same for everybody."""
    limits = [
        limit(id="lim_3", scope=ScopeKind.EVERYTHING, scope_id=""),
        limit(id="lim_2", scope=ScopeKind.SYSTEM, scope_id="sys_1"),
        limit(id="lim_4", scope_id="key_2"),
        limit(id="lim_1"),
    ]
    scopes = {ScopeKind.KEY: frozenset({"key_1"}), ScopeKind.SYSTEM: frozenset({"sys_1"})}
    assert [each.id for each in meets(limits, scopes)] == ["lim_1", "lim_2", "lim_3"]


@pytest.mark.parametrize(
    ("measure", "reserved", "used"),
    [
        (Measure.REQUESTS, 1, 1),
        (Measure.TOKENS, 500, 30),
        (Measure.COST, 9_000, 300),
        (Measure.CONCURRENCY, 1, 0),
    ],
)
def test_what_is_claimed_and_what_is_used(measure: Measure, reserved: int, used: int) -> None:
    """Reserved is the most a call may use; used is what it did, and running calls end."""
    wanted = limit(measure)
    assert claimed(wanted, Claim(tokens=500, cost_micros=9_000)) == reserved
    assert really_used(measure, outcome(), reserved) == used


def test_of_an_unknown_end_all_that_was_reserved_counts() -> None:
    """Where nobody can tell what was used, the budget is charged in full, but nothing runs."""
    ended = outcome(attempts=())
    assert really_used(Measure.TOKENS, ended, 500) == 500
    assert really_used(Measure.CONCURRENCY, ended, 1) == 0


def test_a_warning_comes_once_and_not_too_early() -> None:
    """The one use that passes the share warns, whichever side the rounding falls."""
    wanted = limit(amount=9)  # 80 % of 9 is 7.2
    assert [warns(wanted, used - 1, used) for used in range(1, 10)].index(True) == 7
    assert sum(warns(wanted, used - 1, used) for used in range(1, 10)) == 1
    assert warns(wanted, 0, 9)
