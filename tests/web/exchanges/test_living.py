"""The live view."""

from __future__ import annotations

import re

from tests.exchanges.calling import Calling
from tests.exchanges.making import intent
from tests.server.office import words


def test_news_come_from_a_place_on(calls: Calling) -> None:
    """The page shows the newest; asked again from its place, only what was recorded since."""
    page = calls.page("operator", "/live")
    assert "exc_1" in words(page)
    place = re.search(rb'data-after="(\d+)"', page.body)
    assert place is not None
    where = f"/live?after={place[1].decode()}"
    json = "application/json"
    assert calls.page("operator", where, json).json["rows"] == []
    calls.leave(intent("exc_new"))
    calls.settle()
    (row,) = calls.page("operator", where, json).json["rows"]
    assert (row["id"], row["end"], row["tone"]) == ("exc_new", "under way", "info")
    assert calls.page("operator", f"{where}&system=sys_2", json).json["rows"] == []
    assert calls.page("nobody", where, json).json["rows"] == []
    assert calls.page("operator", "/live?after=x", json).status == 422
    assert calls.page("operator", f"/live?system={'x' * 99}").status == 422
    assert "No call yet" in words(calls.page("nobody", "/live"))
