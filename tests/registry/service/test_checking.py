"""The checks of a change look at what is so now."""

from __future__ import annotations

from muniment import registry
from muniment.registry.service.checking import findings_of, versions_in
from tests.registry.yard import Yard


def test_who_is_not_named_is_not_met(yard: Yard) -> None:
    """A system without a reviewer of alerts or an approver says so in every change."""
    yard.raise_up(alert_reviewer="", change_approver="")
    change = yard.drafted("one")
    with yard.looking() as work:
        system = registry.get_system(work, "credit-score")
        found = {each.name: each.verdict for each in findings_of(work, system, change)}
        (version,) = versions_in(work, registry.set_of(work, change.set_digest))
    assert (found["alert_reviewer"], found["change_approver"]) == ("not_met", "not_met")
    assert found["system_review"] == "could_not_tell"
    assert version.label == "prompt/main"
