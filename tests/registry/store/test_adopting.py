"""Who answers for a version is kept once."""

from __future__ import annotations

from muniment import ledger
from muniment.ledger.kinds.registry import VersionAdopted
from muniment.registry import store
from tests.approvals.people import ROOT
from tests.registry.yard import Yard


def test_of_two_who_step_forward_the_first_answers(yard: Yard) -> None:
    """The second is told, and the row stays as it is."""
    yard.raise_up()
    made = yard.version()
    with yard.database.work(ROOT) as work:
        assert store.adopting.adopt(work, made.id, "per_a", "mine", work.now)
        assert not store.adopting.adopt(work, made.id, "per_b", "mine", work.now)
        ledger.record(work, VersionAdopted(yard.system.id, made.label, 1, "per_a", "mine"))
    with yard.looking() as work:
        assert store.adopting.adopters(work, [made.id, "ver_none"]) == {made.id: "per_a"}
