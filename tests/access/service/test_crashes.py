"""Whatever breaks half-way through a verb leaves nothing behind: neither a change nor a record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from muniment import access
from muniment.access import Answer, Holder, HolderKind, LineSort, Scope, ServiceKind
from muniment.db import Work
from muniment.db.reading import row_states
from tests.access.company import SYSTEM, Company

MOST_STEPS = 40


class PowerCutError(BaseException):
    """Something that no handler of ours expects."""


def state(company: Company) -> tuple[list[tuple[str, str, str]], int]:
    """Give every recorded row with its digest, and how much is recorded."""
    with company.look() as work:
        rows = [row for row in row_states(work) if row[0].startswith("access_")]
    return sorted(rows), len(company.recorded())


def break_at_each_step(
    company: Company,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[], object],
) -> int:
    """Break a verb at its first write, its second, and so on, until it goes through; count them."""
    whole: Any = Work.write
    before = state(company)
    for step in range(MOST_STEPS):
        left = [step]

        def write(work: Work, *arguments: Any, left: list[int] = left) -> Any:
            if not left[0]:
                raise PowerCutError
            left[0] -= 1
            return whole(work, *arguments)

        with monkeypatch.context() as patched:
            patched.setattr(Work, "write", write)
            try:
                act()
            except PowerCutError:
                pass
            else:
                return step
        assert state(company) == before
    raise AssertionError("the verb never went through")


def test_parting_is_whole_or_nothing(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Grants, keys, memberships, services and the person end together."""
    company.grant("ana", "builder", SYSTEM)
    with company.work() as work:
        team = access.add_team(work, "Data")
        access.join(work, team.id, company.person("ana"))
        access.add_service(work, ServiceKind.AGENT, "hers", company.people["ana"])
        access.issue_key(work, company.person("ana"), "x")

    def part() -> None:
        with company.work("ines") as work:
            access.leave(work, company.people["ana"])

    assert break_at_each_step(company, monkeypatch, part) > 8


def test_an_answer_and_what_it_ends_are_one(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no answered line whose right still stands, and no ended right without an answer."""
    company.grant("ana", "builder", SYSTEM)
    company.grant("bob", "security")
    company.grant("cora", "compliance")
    with company.work("cora") as work:
        people = [company.people["bob"], company.people["cora"]]
        opened = access.open_review(
            work,
            "Q1",
            people,
            due_at=work.now + timedelta(days=7),
            sorts=frozenset({LineSort.GRANT}),
        )
        rows = access.review_lines(work, opened.id).rows
        (line,) = (each for each in rows if each.entitlement.what == "builder")
        access.reassign(work, line.id, company.people["bob"])
    narrow = Scope.of(system="sys_1", environment="test")

    def answer() -> None:
        with company.work("bob") as work:
            access.answer(work, line.id, Answer.CHANGE, reason="x", seconds=1, scope=narrow)

    assert break_at_each_step(company, monkeypatch, answer) > 4


def test_rotation_and_emergency_are_whole_or_nothing(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No old key without its successor, no emergency without its grant, nor the other way round."""
    company.grant("ana", "builder", SYSTEM)
    with company.work("ana") as work:
        key = access.issue_key(work, Holder(HolderKind.PERSON, company.people["ana"]), "x").key

    def rotate() -> None:
        with company.work("ana") as work:
            access.rotate_key(work, key.id)

    def take() -> None:
        with company.work("ana") as work:
            access.break_glass(work, "operator", reason="x", scope=SYSTEM)

    assert break_at_each_step(company, monkeypatch, rotate) > 3
    assert break_at_each_step(company, monkeypatch, take) > 3
