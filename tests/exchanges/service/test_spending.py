"""Reserving and settling, and who may set limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from muniment import exchanges
from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.db import Work
from muniment.exchanges import Claim, Limit, Measure, Overrun, ScopeKind, Window
from muniment.exchanges.store import counting
from tests.access.recorded import records
from tests.approvals.people import Office
from tests.exchanges.making import limit, outcome

ACTOR = system_actor("test")


def put(office: Office, **given: Any) -> Limit:
    """Set a limit."""
    with office.by("sven") as work:
        return exchanges.set_limit(work, limit(**given))


def used(work: Work) -> dict[Measure, int]:
    """Say how much of each limit is used."""
    return {each.limit.measure: each.used for each in exchanges.limits_in_use(work)}


def test_a_reservation_is_of_all_limits_or_of_none(office: Office) -> None:
    """If one limit would be exceeded, nothing of the others stays reserved, and it is named."""
    requests = put(office, amount=10)
    tokens = put(office, measure=Measure.TOKENS, amount=100)
    both = (requests, tokens)
    with office.database.work(ACTOR) as work:
        held = exchanges.reserve(work, "exc_1", both, Claim(tokens=60))
        assert not isinstance(held, Overrun)
        assert [each.amount for each in held] == [1, 60]
    with office.database.work(ACTOR) as work:
        over = exchanges.reserve(work, "exc_2", both, Claim(tokens=60))
        assert isinstance(over, Overrun)
        assert (over.limit.id, over.left, over.wanted) == (tokens.id, 40, 60)
        assert over.again_at is not None
        assert over.again_at > work.now
        assert used(work) == {Measure.REQUESTS: 1, Measure.TOKENS: 60}


def test_settling_corrects_once(office: Office) -> None:
    """What a call did not use comes back; settled twice it changes nothing more."""
    some = (
        put(office, amount=10),
        put(office, measure=Measure.TOKENS, amount=100),
        put(office, measure=Measure.CONCURRENCY, window=Window.NOW, amount=5),
        put(office, measure=Measure.COST, amount=9_000),
    )
    with office.database.work(ACTOR) as work:
        exchanges.reserve(work, "exc_1", some, Claim(tokens=60, cost_micros=900))
        assert sorted(used(work).values()) == [1, 1, 60, 900]
    for _ in range(2):
        with office.database.work(ACTOR) as work:
            exchanges.settle(work, outcome())
            assert used(work) == {
                Measure.REQUESTS: 1,
                Measure.TOKENS: 30,
                Measure.CONCURRENCY: 0,
                Measure.COST: 300,
            }


def test_people_are_warned_before_the_limit(office: Office) -> None:
    """The use that passes the share leaves a record, once."""
    wanted = put(office, amount=5)
    for number in range(5):
        with office.database.work(ACTOR) as work:
            exchanges.reserve(work, f"exc_{number}", (wanted,), Claim())
    warned = [each for each in records(office.database) if each["kind"].endswith("limit_neared")]
    assert [(each["body"]["used"], each["body"]["amount"]) for each in warned] == [(4, 5)]


def test_a_limit_is_changed_in_place_and_ends(office: Office) -> None:
    """The same scope, measure and window is the same limit; what ended is not ended again."""
    first = put(office, amount=5)
    second = put(office, amount=7)
    assert first.id == second.id
    with office.by("sven") as work:
        assert [each.limit.amount for each in exchanges.limits_in_use(work)] == [7]
        exchanges.end_limit(work, first.id, reason="no longer dear")
    with office.by("sven") as work, pytest.raises(ConflictError):
        exchanges.end_limit(work, first.id, reason="again")
    third = put(office, amount=9)
    assert third.id != first.id
    kinds = [each["kind"] for each in records(office.database)]
    assert kinds.count("exchanges.limit_set") == 3
    assert kinds.count("exchanges.limit_ended") == 1


def test_who_may_not_set_limits(office: Office) -> None:
    """A builder sets no limit, and somebody's owner only those of their own system."""
    with office.by("ben") as work, pytest.raises(ForbiddenError):
        exchanges.set_limit(work, limit())
    office.person("olga", "owner")  # of sys_1
    with office.by("olga") as work:
        exchanges.set_limit(work, limit(scope=ScopeKind.SYSTEM, scope_id="sys_1"))
    with office.by("olga") as work, pytest.raises(ForbiddenError):
        exchanges.set_limit(work, limit(scope=ScopeKind.SYSTEM, scope_id="sys_2"))
    with office.by("sven") as work, pytest.raises(NotFoundError):
        exchanges.get_limit(work, "lim_none")
    with office.by("sven") as work, pytest.raises(InvalidError):
        exchanges.set_limit(work, replace(limit(), amount=-1))


def test_old_windows_are_forgotten(office: Office) -> None:
    """Counters of forty days ago go; those of now stay."""
    with office.database.work(ACTOR) as work:
        counting.take(work, "l", "2020-01-01", 1, 1)
        exchanges.reserve(work, "exc_1", (put_directly(),), Claim())
        assert exchanges.forget_old(work) == 1


def put_directly() -> Limit:
    """Give a limit that nobody had to set."""
    return replace(limit(), id="lim_free")
