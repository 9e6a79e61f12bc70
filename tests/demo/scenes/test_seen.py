"""What nobody registered."""

from __future__ import annotations

import pytest

from muniment import registry
from muniment.registry import SightingQuery, SightingState
from tests.demo.asking import Shown

pytestmark = pytest.mark.slow


def test_something_unregistered_is_open_and_something_settled(shown: Shown) -> None:
    """A tool that nobody permitted waits for a decision; another was said not to be ours."""
    with shown.looking() as work:
        rows = registry.find_sightings(work, SightingQuery(), limit=100).rows
    by_name = {each.name: each.state for each in rows}
    assert by_name["send_mail"] is SightingState.OPEN
    assert by_name["search_web"] is SightingState.NOT_OURS
