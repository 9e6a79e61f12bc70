"""How many live pages are open, and whose."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from muniment.core.errors import UnavailableError
from muniment.web.seats import Seats


def test_one_person_keeps_nobody_out_and_all_together_have_an_end() -> None:
    """Each has as many seats as one may have, while there are any; who finds none is told why."""
    seats = Seats(each=2, most=3)
    with ExitStack() as taken:
        taken.enter_context(seats.taken_by("per_1"))
        taken.enter_context(seats.taken_by("per_1"))
        assert "you have 2 live pages open" in seats.full_for("per_1")
        seats.require_one("per_2")
        taken.enter_context(seats.taken_by("per_2"))
        with pytest.raises(UnavailableError, match="3 live pages are open") as refused:
            seats.require_one("per_2")
        assert "load the page again" in refused.value.remedy
    assert seats.full_for("per_1") == ""


def test_a_stream_that_breaks_gives_its_seat_back() -> None:
    """However a stream ends, nobody is counted for it any more."""
    seats = Seats(each=1, most=1)
    with pytest.raises(ConnectionError), seats.taken_by("per_1"):
        raise ConnectionError
    assert seats.full_for("per_1") == seats.full_for("per_2") == ""
