"""Calls as nouns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muniment.exchanges import State
from tests.web.exchanges.test_cells import CALL


@pytest.mark.parametrize(
    ("state", "inspected", "uninspected"),
    [
        (State.ANSWERED, "whole", False),
        (State.ANSWERED, "part", True),
        (State.OPEN, "not", True),
        (State.UNKNOWN, "", True),
        (State.REFUSED, "not", False),
    ],
)
def test_what_left_without_having_been_looked_at(
    state: State,
    inspected: str,
    uninspected: bool,  # noqa: FBT001 what is expected
) -> None:
    """Whatever left and was not looked at whole counts; what was refused never left."""
    assert replace(CALL, state=state, inspected=inspected).uninspected is uninspected
