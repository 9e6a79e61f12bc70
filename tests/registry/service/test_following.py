"""What the registry learns from records of other rooms: answers, tiers, drift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from muniment import access, approvals, ledger, registry
from muniment.approvals import Matter
from muniment.core.clock import stamp
from muniment.core.errors import ForbiddenError
from muniment.jobs import Follower
from muniment.ledger.kinds.monitor import Drifted
from muniment.ledger.kinds.risk import Assessed
from muniment.registry import ChangeState, SystemState
from muniment.registry.jobs import followers
from muniment.registry.models import DEPLOY, REVIEW
from tests.approvals.people import ROOT
from tests.registry.yard import Yard, serving


@dataclass(frozen=True)
class Sealed:
    """An entry as a follower reads it."""

    index: int
    kind: str
    body: dict[str, Any]


def follow(yard: Yard, kind: str) -> None:
    """Let whoever follows a kind take its newest record."""
    body = yard.recorded(kind)[-1]["body"]
    taking: list[Follower] = [each for each in followers() if each.wants(kind)]
    assert taking
    for each in taking:
        for _ in range(2):  # at least once, and so perhaps twice
            with yard.database.work(ROOT) as work:
                each.handle(work, Sealed(0, kind, body))


def test_answers_move_systems_and_changes(yard: Yard) -> None:
    """A yes approves a system and a change without anybody calling the registry."""
    yard.raise_up()
    with yard.by("olga") as work:
        asked = registry.submit(work, "credit-score")
    yard.say_yes("cora", asked.request_id)
    follow(yard, "approvals.decided")
    change = yard.agreed("one")
    follow(yard, "approvals.decided")
    with yard.looking() as work:
        assert registry.get_system(work, "credit-score").state is SystemState.APPROVED
        assert registry.get_change(work, change.id).state is ChangeState.APPROVED


@pytest.mark.parametrize("kind", [DEPLOY, REVIEW])
def test_questions_that_others_asked_stop_nothing(yard: Yard, kind: str) -> None:
    """An answer to a question of our kind about something unknown is left alone."""
    yard.raise_up()
    matter = Matter(
        kind=kind, subject=("system", "sys_none"), title="x", document={}, consequence="y"
    )
    with yard.by("olga") as work:
        request = approvals.ask(work, matter, approvals.rule_for_tier("low"))
    yard.say_yes("cora", request.id)
    follow(yard, "approvals.decided")
    with yard.looking() as work:
        assert registry.get_system(work, "credit-score").state is SystemState.PROPOSED


def test_a_system_whose_owner_left_says_so(yard: Yard) -> None:
    """Each of their systems needs another owner; nothing new is released until it has one."""
    yard.approved()
    change = yard.agreed("one")
    with yard.database.work(ROOT) as work:
        access.leave(work, access.person(work, yard.id("olga")).id)
    follow(yard, "access.person_left")
    assert yard.recorded("registry.owner_left")[0]["body"]["person"] == yard.id("olga")
    with pytest.raises(ForbiddenError) as caught:
        yard.promoted(change)
    assert "its owner can no longer act; hand it over" in caught.value.reasons
    with yard.by("cora") as work:
        registry.transfer(work, "credit-score", yard.id("cora"), reason="Olga left")
    assert yard.promoted(change).environment == "production"


@pytest.mark.requirement("INV-11", "REG-03")
def test_a_tier_is_learned_and_ends(yard: Yard) -> None:
    """The stricter tier counts; when it rises the review no longer holds; when it ends, not met."""
    yard.approved()
    with yard.database.work(ROOT) as work:
        until = stamp(work.now.replace(year=work.now.year + 1))
        ledger.record(work, Assessed(yard.system.id, "asm_1", "high", until))
    follow(yard, "risk.assessed")
    with yard.looking() as work:
        system = registry.get_system(work, "credit-score")
        assert system.tier == "high"
        assert "its review no longer holds" in registry.gaps(work, system)
    assert len(yard.recorded("registry.tier_followed")) == 1
    change = yard.drafted("one")
    with yard.by("ben") as work:
        found = {each.name: each.verdict for each in registry.check(work, change.id).findings}
    assert found["risk_assessment"] == "met"
    with yard.database.work(ROOT) as work:
        ledger.record(work, Assessed(yard.system.id, "asm_2", "low", stamp(work.now)))
    follow(yard, "risk.assessed")
    with yard.by("ben") as work:
        found = {each.name: each.verdict for each in registry.check(work, change.id).findings}
    assert found["risk_assessment"] == "not_met"


def test_drift_stops_a_canary_and_nothing_else(yard: Yard) -> None:
    """While a share tries something new, drift takes it back; after that it leaves be."""
    yard.approved()
    first, second = yard.released("one"), yard.agreed("two")
    yard.promoted(second)
    yard.later(1)
    with yard.database.work(ROOT) as work:
        ledger.record(work, Drifted(yard.system.id, "production", "psi", "high"))
    follow(yard, "monitor.drifted")
    with yard.looking() as work:
        assert serving(work, yard.system) == [(first.set_digest, 100)]
        assert registry.get_change(work, second.id).state is ChangeState.ROLLED_BACK
    (entry,) = yard.recorded("registry.rolled_back")
    assert entry["body"]["reason"] == "psi left its bounds"
    assert entry["actor"]["kind"] == "system"
    with yard.database.work(ROOT) as work:
        ledger.record(work, Drifted("sys_none", "production", "psi", "high"))
    follow(yard, "monitor.drifted")
