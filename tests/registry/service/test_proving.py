"""The order of a change's entries in the log, on a real log."""

from __future__ import annotations

import pytest

from muniment import registry
from tests.server.people import MACHINE
from tests.server.registered import KEY, Registered


def proof(there: Registered, change_id: str) -> registry.OrderProof:
    """Seal, and ask what the log proves."""
    there.house.log.seal()
    with there.house.database.look(MACHINE) as work:
        return registry.prove_change(work, there.house.log, change_id)


def evaluated(there: Registered, change: registry.Change) -> None:
    """Record an evaluation of exactly a change's set."""
    document = {"metrics": {"auc": "0.95"}, "thresholds": {"auc": ">= 0.9"}}
    with there.house.database.work(there.who("builder").actor) as work:
        registry.record_run(work, KEY, registry.RunSort.EVALUATION, change.set_digest, document)


@pytest.mark.requirement("CHG-08", "CHG-16")
def test_tests_a_yes_and_a_release_stand_in_order(there: Registered) -> None:
    """By places in the log, with each entry named; what came in another order is told."""
    there.live()
    change = there.drafted("one")
    evaluated(there, change)
    assert proof(there, change.id).verdict == "could_not_tell"
    with there.house.database.work(there.who("builder").actor) as work:
        asked = registry.ask(work, change.id)
    there.yes(asked.request_id)
    with there.house.database.work(there.who("releaser").actor) as work:
        registry.promote(work, change.id)
        unsealed = registry.prove_change(work, there.house.log, change.id)
    assert unsealed.verdict == "could_not_tell"
    found = proof(there, change.id)
    assert found.verdict == "met"
    places = [each.index for each in found.marks]
    assert [each.sort for each in found.marks] == ["test", "approval", "deployment"]
    assert places == sorted(places, key=lambda at: at or 0)
    late = there.released("two")
    assert proof(there, late.id).says == "No test of exactly this set stands in the log."
    evaluated(there, late)
    assert "stands after the approval" in proof(there, late.id).says


def test_an_approval_that_is_not_sealed_is_proved_by_no_other_entry(there: Registered) -> None:
    """Before the log is sealed nothing is proved; what was asserted later never is."""
    there.live()
    there.house.log.seal()
    there.released("one")
    with there.house.database.look(MACHINE) as work:
        moment = registry.at(work, KEY, work.now)
    proven = registry.prove(there.house.log, moment)
    assert [(each.what, each.index, each.proof) for each in proven] == [
        ("deployed", None, ""),
        ("approved", None, ""),
    ]
    assert registry.in_order(proven) is None
    with there.house.database.work(there.who("builder").actor) as work:
        registry.add_version(work, KEY, "prompt/main", {"text": "old"}, asserted=True)
    brought = there.released("old")
    assert "asserted" in proof(there, brought.id).says
