"""The stage of a story: who acts on it, and what chance there is."""

from __future__ import annotations

import pytest

from muniment.demo.stage import Stage
from tests.demo.asking import Shown


def test_the_dice_always_fall_the_same() -> None:
    """A story is the same each time it is told, and its dice stay below their sides."""
    thrown = [Stage.dice((7, "text"), 6) for _ in range(3)]
    assert len(set(thrown)) == 1
    assert {Stage.dice(each, 3) for each in range(50)} == {0, 1, 2}


@pytest.mark.slow
def test_people_act_by_their_own_sessions(shown: Shown) -> None:
    """Whatever somebody of the story decides is theirs, signed in, by a grant they held then."""
    decided = [each for each in shown.entries() if each.kind == "approvals.decided"]
    assert len(decided) > 10
    assert {each.actor["kind"] for each in decided} == {"person"}
    assert all(each.actor["credential"] and each.actor["grant"] for each in decided)
    signed_in = [each for each in shown.entries() if each.kind == "access.signed_in"]
    assert len({each.body["person"] for each in signed_in}) >= 9
