"""The rules of the company."""

from __future__ import annotations

import pytest

from muniment import policy
from muniment.policy import How
from tests.demo.asking import Shown

pytestmark = pytest.mark.slow


def test_rules_hold_one_is_tried_and_policies_are_read(shown: Shown) -> None:
    """Three versions came into force by a peer's yes; one is in shadow; people read two texts."""
    with shown.looking() as work:
        standing = policy.standing(work)
        how = [each.how for each in policy.history(work)]
        written = policy.written_policies(work).rows
        shadowed = policy.decisions(work, only_shadowed=True).rows
    assert how.count(How.PUBLISHED) == 3
    assert standing.shadow > standing.enforced > 0
    assert shadowed, "what it would have said is on record"
    assert sorted(each.read_by for each in written) == [0, 6, 6]
