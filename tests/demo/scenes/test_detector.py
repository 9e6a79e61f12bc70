"""The detector of the company."""

from __future__ import annotations

import pytest

from muniment import detect
from muniment.detect import ProposalState
from tests.demo.asking import Shown

pytestmark = pytest.mark.slow


def test_one_change_is_in_force_and_one_waits(shown: Shown) -> None:
    """People said twice that it was wrong, and what they asked for went by a peer."""
    with shown.looking() as work:
        states = {detect.state_of(work, each) for each in detect.proposals(work).rows}
        cases = detect.cases(work).rows
    assert states == {ProposalState.IN_FORCE, ProposalState.WAITING}
    assert len(cases) == 2
