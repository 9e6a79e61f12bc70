"""Who may do what, looked over."""

from __future__ import annotations

import pytest

from muniment import access
from muniment.access import CampaignState
from tests.demo.asking import Shown

pytestmark = pytest.mark.slow


def test_access_was_reviewed_and_the_glass_broken(shown: Shown) -> None:
    """One review is closed, one is late; one emergency was looked over, one was not."""
    with shown.looking() as work:
        states = {each.state for each in access.reviews(work).rows}
        unreviewed = access.emergencies(work, unreviewed=True)
        every = access.emergencies(work)
        orphans = access.outside(work, orphans=True).rows
    assert states == {CampaignState.CLOSED, CampaignState.OVERDUE}
    assert (len(every), len(unreviewed)) == (2, 1)
    assert [each.account for each in orphans] == ["old-ci"]


def test_somebody_stood_in_and_something_ran_out(shown: Shown) -> None:
    """Somebody lets a colleague answer for them, and what nobody answered is never a yes."""
    assert {"approvals.delegated", "approvals.expired", "approvals.escalated"} <= shown.kinds()
