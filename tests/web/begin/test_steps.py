"""How far somebody has come along the path."""

from __future__ import annotations

from muniment.web.begin.steps import look
from tests.exchanges.calling import Calling


def test_calls_and_what_was_masked_in_them_are_read_from_records(calls: Calling) -> None:
    """An answered call is a step, one that was made safe another; both lead to their page."""
    with calls.house.database.look(calls.who("admin").actor) as work:
        path = look(work, calls.house.log)
    done = {each.key: each for each in path.steps if each.done}
    assert set(done) == {"call", "watch"}
    assert done["watch"].href == "/console/exchanges/exc_1"
    assert path.current == "name"
    assert path.call is not None
