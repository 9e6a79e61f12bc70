"""Facts of decisions are kept for as long as the settings say, and longer where they are held."""

from __future__ import annotations

import pytest

from muniment import policy
from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.ledger import Log
from muniment.policy import HoldSort
from muniment.testing.ledger import audit
from tests.policy.company import ALLOW, Company
from tests.policy.judging import facts

DAY = 86_400


def pruned(company: Company, days: int = 30) -> int:
    """Prune as the chore does."""
    with company.database.work(system_actor("worker")) as work:
        return policy.prune_facts(work, days)


def test_old_facts_go_and_say_so(company: Company, sealed: Log) -> None:
    """What is pruned stands in the ledger; the decision stays, and says when its input went."""
    company.enforce(ALLOW)
    company.later(1)
    old = company.decide(facts("CREDIT_CARD"))
    company.later(DAY * 20)
    young = company.decide(facts("PERSON"))
    assert pruned(company) == 0
    company.later(DAY * 11)
    assert (pruned(company), pruned(company), pruned(company, 0)) == (1, 0, 0)
    with company.by("bo") as work:
        found = policy.replay(work, old.id)
        day = f"{work.now:%Y-%m-%d}"
        assert policy.replay(work, young.id).verdict == "met"
        recorded, given = policy.explain(work, old.id)
        week = policy.simulate_version(work, 1, old.at, work.now)
    assert (found.verdict, found.says) == ("could_not_tell", f"its input was pruned on {day}")
    assert (recorded.decision, given) == (old.decision, None)
    assert (week.tried, week.unreadable) == (1, 1)
    (entry,) = company.recorded("policy.facts_pruned")
    assert (entry["body"]["facts"], entry["body"]["days"]) == ([old.facts], 30)
    sealed.seal()
    audit(sealed)


def test_facts_that_are_decided_on_again_are_there_again(company: Company) -> None:
    """The same facts have the same digest: judged again they are whole, and stay while young."""
    company.enforce(ALLOW)
    company.later(1)
    old = company.decide(facts("CREDIT_CARD"))
    company.later(DAY * 31)
    assert pruned(company) == 1
    again = company.decide(facts("CREDIT_CARD"))
    assert pruned(company) == 0
    with company.by("bo") as work:
        assert {policy.replay(work, each.id).verdict for each in (old, again)} == {"met"}


@pytest.mark.parametrize("sort", list(HoldSort))
def test_what_is_held_stays(company: Company, sort: HoldSort) -> None:
    """For a decision, a system or all: until it is lifted, and only what it names."""
    company.enforce(ALLOW)
    company.later(1)
    held = company.decide(facts("CREDIT_CARD", system="sys_1"))
    other = company.decide(facts("PERSON", system="sys_2"))
    subject = {"decision": held.id, "system": "sys_1", "everything": ""}[sort.value]
    with company.by("ada") as work:
        made = policy.hold_facts(work, sort, subject, reason="a case is open")
    company.later(DAY * 31)
    assert pruned(company) == (0 if sort is HoldSort.EVERYTHING else 1)
    with company.by("bo") as work:
        assert policy.replay(work, held.id).verdict == "met"
        assert (policy.replay(work, other.id).verdict == "met") is (sort is HoldSort.EVERYTHING)
        lifted = policy.lift_hold(work, made.id, reason="the case is closed")
    assert lifted.lifted_at is not None
    assert pruned(company) == (2 if sort is HoldSort.EVERYTHING else 1)
    with company.by("bo") as work:
        assert policy.holds(work).rows == (lifted,)
        with pytest.raises(ConflictError, match="lifted before"):
            policy.lift_hold(work, made.id, reason="again")
    kinds = ("policy.held", "policy.hold_lifted")
    assert [len(company.recorded(each)) for each in kinds] == [1, 1]


def test_bad_holds_are_refused(company: Company) -> None:
    """A hold names what it holds; a decision must be there; not everybody holds or lifts."""
    company.person("dan")
    with company.by("ada") as work:
        for sort, subject in (
            (HoldSort.SYSTEM, " "),
            (HoldSort.EVERYTHING, "sys_1"),
            (HoldSort.SYSTEM, "x" * 201),
        ):
            with pytest.raises(InvalidError):
                policy.hold_facts(work, sort, subject, reason="r")
        with pytest.raises(NotFoundError):
            policy.hold_facts(work, HoldSort.DECISION, "dec_none", reason="r")
        with pytest.raises(InvalidError):
            policy.hold_facts(work, HoldSort.EVERYTHING, "", reason=" ")
    with company.by("bo") as work, pytest.raises(NotFoundError):
        policy.lift_hold(work, "hld_none", reason="r")
    for act in (
        lambda work: policy.hold_facts(work, HoldSort.EVERYTHING, "", reason="r"),
        lambda work: policy.lift_hold(work, "hld_none", reason="r"),
        policy.holds,
    ):
        with company.by("dan") as work, pytest.raises(ForbiddenError):
            act(work)
