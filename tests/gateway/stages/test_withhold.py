"""Who need not be asked is not waited for; the waiting itself stands in `test_holding.py`."""

from __future__ import annotations

from functools import partial

import anyio
import pytest

from muniment.gateway.exchange import Answered, Call, Route, replace
from muniment.gateway.stages.withhold import withhold
from tests.gateway.asking import Shared

ROUTE = Route("double", "double-1", "openai", {}, "openai")


@pytest.mark.parametrize("stream", [None, "a stream"])
def test_an_answer_without_a_held_tool_goes_on_as_it_is(shared: Shared, stream: str | None) -> None:
    """Nobody is asked about it, and a stream looks after its own tools."""
    call: Call = shared.call("protect")
    call = replace(call, answer=Answered(200, ROUTE, (), stream=stream))
    assert anyio.run(partial(withhold, call, shared.means)) is call
