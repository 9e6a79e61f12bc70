"""Values that walk through the corridor."""

from __future__ import annotations

import pytest

from muniment.gateway.exchange import Call, Received, Stop, replace


def test_a_copy_has_other_values_and_the_first_stays() -> None:
    """Calls and what stops them are copied alike; a field that is none is refused."""
    call = Call(Received("exc_1", "chat", {}, ""))
    other = replace(call, prompt="sha256:aa")
    assert (call.prompt, other.prompt, other.received) == ("", "sha256:aa", call.received)
    stop = Stop(503, "overloaded", "it is full")
    assert (replace(stop, stage="limit").stage, stop.stage) == ("limit", "")
    for one in (call, stop):
        with pytest.raises(TypeError):
            replace(one, nothing=1)
