"""The order of a change's entries in the log, on a real log."""

from __future__ import annotations

import pytest

from muniment import ledger, registry
from muniment.core.clock import stamp
from muniment.core.digest import digest_bytes
from muniment.ledger.kinds.exchanges import Seen
from tests.registry.signed import A_KEY, public_of
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


def goes_through(there: Registered, text: str) -> None:
    """Let a prompt go through the gateway, and seal its entry."""
    with there.house.database.work(MACHINE) as work:
        system, digest = registry.get_system(work, KEY).id, digest_bytes(text.encode())
        seen = Seen(system, "production", "prompt", "main", digest, "", stamp(work.now))
        ledger.record(work, seen)
    there.house.log.seal()


def followed(there: Registered) -> None:
    """Let the follower of traffic take every entry there is."""
    for entry in there.house.log.read_after(0, 1_000):
        if entry.kind == "exchanges.seen":
            with there.house.database.work(MACHINE) as work:
                registry.follow_seen(work, entry)


def through_all_steps(
    there: Registered, text: str, *, before: bool = False, host: str = ""
) -> registry.Change:
    """Take a change through every step, perhaps with traffic or a heartbeat before them."""
    change = there.drafted(text)
    evaluated(there, change)
    with there.house.database.work(there.who("builder").actor) as work:
        asked = registry.ask(work, change.id)
    there.yes(asked.request_id)
    if before:
        goes_through(there, text)
    if host:
        with there.house.database.work(there.who("operator").actor) as work:
            told = registry.Heartbeat(host, change.set_digest, work.now)
            registry.hear_host(work, registry.signed_heartbeat(told, A_KEY, None))
    while True:
        with there.house.database.work(there.who("releaser").actor) as work:
            if registry.next_step(work, registry.get_change(work, change.id)) is None:
                return change
            registry.promote(work, change.id)


@pytest.mark.requirement("CHG-16")
def test_traffic_stands_where_its_own_entry_stands(there: Registered) -> None:
    """Traffic that came before the release is told, though it was followed after it."""
    there.live()
    early = through_all_steps(there, "early", before=True)
    followed(there)
    found = proof(there, early.id)
    assert found.verdict == "not_met"
    assert "Traffic" in found.says
    late = through_all_steps(there, "late")
    goes_through(there, "late")
    followed(there)
    found = proof(there, late.id)
    assert found.verdict == "met"
    last = found.marks[-1]
    assert last.sort == "traffic"
    assert ledger.entry(there.house.log, last.index or 0).kind == "exchanges.seen"


def test_a_host_that_runs_it_before_the_release_is_told(there: Registered) -> None:
    """What a host signs is traffic too."""
    there.live()
    with there.house.database.work(there.who("compliance").actor) as work:
        pem = public_of(A_KEY)
        host = registry.trust_host(work, KEY, "production", "web-1", pem, reason="met it")
    change = through_all_steps(there, "one", host=host.id)
    found = proof(there, change.id)
    assert found.verdict == "not_met"
    assert any("web-1 runs it" in each.says for each in found.marks)
