"""The words of a message."""

from __future__ import annotations

from dataclasses import replace

from muniment.notices import Group, Severity, rules
from muniment.testing.clock import START

GROUP = Group(
    "ntc_1",
    "approval-asked",
    "approvals.asked",
    Severity.LOOK,
    ("approval", "apr_1"),
    "An approval waits for you",
    "/console/approvals/apr_1",
    (),
    4,
    START,
    START,
)
BASE = "https://muniment.example.org"


def test_one_matter_is_named_and_linked() -> None:
    """Its title, how often, its kind and id, and the way there."""
    many = replace(GROUP, count=10_000)
    assert rules.title_of([GROUP]) == "An approval waits for you"
    assert rules.title_of([many]) == "An approval waits for you (10,000 times)"
    assert rules.link_of([GROUP], BASE) == f"{BASE}/console/approvals/apr_1"
    assert rules.body_of([GROUP], BASE) == (
        "An approval waits for you (approvals.asked, approval apr_1)\n"
        f"{BASE}/console/approvals/apr_1"
    )


def test_many_matters_are_counted_gravest_first() -> None:
    """Ten are listed and the rest counted; the title says how grave they are."""
    urgent = replace(GROUP, id="ntc_2", severity=Severity.URGENT, title="Alarm")
    groups = [*(replace(GROUP, id=f"ntc_{n}") for n in range(10, 22)), urgent]
    assert rules.title_of(groups) == "13 notices: 1 urgent, 12 look"
    body = rules.body_of(groups, BASE)
    assert body.startswith("Alarm")
    assert "and 3 more" in body
    assert rules.link_of(groups, BASE) == f"{BASE}/console/notices"
    assert rules.gravest(groups) is Severity.URGENT
    assert len(rules.facts_of(groups, BASE)) == 13
