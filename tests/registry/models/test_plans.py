"""A plan is named by what it would do, so that what is done is what was shown."""

from __future__ import annotations

from muniment.registry import Plan, Planned, PlannedSort


def test_a_plan_is_named_by_its_steps() -> None:
    """Another step or another set is another plan; what only waits is drift, and no step."""
    step = Planned(PlannedSort.WRITE, "prompt/main", ("+text: a",))
    one, same = Plan("a", (step,)), Plan("a", (step,), ("chg_1 waits",))
    assert one.digest == same.digest
    assert one.digest != Plan("a", ()).digest
    assert one.digest != Plan("a", (step,), set_digest="sha256:1").digest
    assert Plan("a", (), ("chg_1 waits",)).drifted
    assert not Plan("a", ()).drifted
