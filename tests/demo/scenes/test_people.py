"""Who works at the company."""

from __future__ import annotations

import pytest

from muniment import access
from muniment.access import PersonState
from tests.demo.asking import Shown

pytestmark = pytest.mark.slow


def test_people_come_go_and_are_invited(shown: Shown) -> None:
    """Of every state there is somebody, teams have members, and an auditor reads for a time."""
    with shown.looking() as work:
        people = access.people(work).rows
        roles = {each.role for each in access.grants(work).rows}
        teams = access.teams(work).rows
    assert {each.state for each in people} == set(PersonState)
    assert {"admin", "auditor", "compliance", "support-lead"} <= roles
    assert len(teams) == 3
