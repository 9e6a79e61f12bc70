"""Only places in the log prove an order; what was asserted later proves nothing of its time."""

from __future__ import annotations

import pytest

from muniment.registry import Mark, MarkSort
from muniment.registry.rules.proving import judge_order


def marks(**places: int | None) -> list[Mark]:
    """Make one entry of each sort that is named, at its place."""
    sorts: dict[str, MarkSort] = {
        "test": "test",
        "yes": "approval",
        "deployed": "deployment",
        "seen": "traffic",
    }
    return [Mark(sorts[name], name, f"rec_{name}", at) for name, at in places.items()]


@pytest.mark.parametrize(
    ("places", "verdict", "says"),
    [
        ({"test": 1, "yes": 2, "deployed": 3, "seen": 4}, "met", "Tested (1), then approved (2)"),
        ({"test": 1, "yes": 2, "deployed": 3}, "met", "then deployed (3)"),
        ({"test": 1, "yes": 2}, "could_not_tell", "not deployed"),
        ({"test": 1, "yes": 2, "deployed": None}, "could_not_tell", "sealed"),
        ({"test": 1, "deployed": 3}, "not_met", "nobody had approved"),
        ({"test": 1, "yes": 4, "deployed": 3}, "not_met", "stands after the deployment"),
        ({"yes": 2, "deployed": 3}, "not_met", "No test"),
        ({"test": 3, "yes": 2, "deployed": 4}, "not_met", "Every test stands after"),
        ({"test": 1, "yes": 2, "deployed": 4, "seen": 3}, "not_met", "Traffic (3)"),
    ],
)
def test_the_order_is_judged_by_places(
    places: dict[str, int | None], verdict: str, says: str
) -> None:
    """Tests, then a yes, then a deployment, then traffic; anything else is told."""
    found, told = judge_order(marks(**places))
    assert found == verdict
    assert says in told


def test_what_was_asserted_later_never_counts() -> None:
    """However well it is ordered."""
    asserted = [
        Mark("test", "t", "rec_1", 1),
        Mark("approval", "y", "rec_2", 2),
        Mark("deployment", "d", "rec_3", 3, asserted=True),
    ]
    assert judge_order(asserted)[0] == "could_not_tell"
