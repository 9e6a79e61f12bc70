"""The judge of a process follows what is in force within a second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from muniment import policy
from muniment.core.actor import Actor
from muniment.core.errors import UnavailableError
from muniment.db import Database, Work
from muniment.policy import Effect
from tests.policy.company import ALLOW, NEVER_SECRETS, Company
from tests.policy.judging import facts


class Gone(Database):
    """A database that does not answer."""

    def glance(self, *_given: object) -> int:
        raise UnavailableError("the database does not answer")

    @contextmanager
    def look(self, actor: Actor) -> Iterator[Work]:
        raise UnavailableError(f"the database does not answer {actor.id}")
        yield


def test_every_process_follows_within_a_second(company: Company) -> None:
    """Publishing and rolling back reach a judge that runs since before, within a second."""
    judges = [company.judge(), company.judge()]
    assert {each.decide(facts("SECRET")).decision.effect for each in judges} == {Effect.DENY}
    company.enforce(ALLOW)
    company.later(1)
    assert {each.decide(facts("SECRET")).decision.effect for each in judges} == {Effect.ALLOW}
    company.enforce(ALLOW, NEVER_SECRETS)
    company.later(1)
    assert {each.decide(facts("SECRET")).version for each in judges} == {2}
    assert {each.decide(facts("SECRET")).decision.effect for each in judges} == {Effect.DENY}
    with company.by("bo") as work:
        policy.roll_back(work, reason="too strict")
    company.later(1)
    assert {each.decide(facts("SECRET")).version for each in judges} == {1}


def test_it_asks_twice_a_second_at_most(company: Company) -> None:
    """Between two looks it decides from memory, however often it is asked."""
    company.enforce(ALLOW)
    judge = company.judge()
    judge.decide(facts())
    company.enforce(ALLOW, NEVER_SECRETS)
    assert judge.decide(facts("SECRET")).version == 1
    company.later(0.6)
    assert judge.decide(facts("SECRET")).version == 2


def test_what_cannot_be_read_lets_nothing_through(company: Company) -> None:
    """A judge that cannot see what is in force decides nothing."""
    company.enforce(ALLOW)
    judge = company.judge()
    judge.decide(facts())
    company.later(2)
    database = company.database
    judge.database = Gone(database.writer, database.reader, database.clock, database.ids)
    with pytest.raises(UnavailableError):
        judge.decide(facts())


def test_new_rules_do_not_answer_for_old_ones(company: Company) -> None:
    """What was remembered under one version is not the answer of another."""
    company.enforce(ALLOW)
    judge = company.judge()
    first = judge.decide(facts("SECRET"))
    company.enforce(ALLOW, NEVER_SECRETS)
    company.later(1)
    second = judge.decide(facts("SECRET"))
    assert first.decision.bundle != second.decision.bundle
    assert (first.decision.effect, second.decision.effect) == (Effect.ALLOW, Effect.DENY)
