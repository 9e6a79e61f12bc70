"""The live view."""

from __future__ import annotations

import re
from urllib.request import Request, urlopen

from muniment.web.exchanges.living import event
from tests.exchanges.calling import Calling
from tests.exchanges.making import intent
from tests.server.office import words
from tests.web.browser.serving import serving


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


def test_a_line_goes_on_where_it_broke_off(calls: Calling) -> None:
    """What is recorded is sent with its place; whoever names the last one misses nothing."""
    calls.leave(intent("exc_line"))
    calls.settle()
    sent: list[list[str]] = []
    with serving(calls.there.app) as origin:
        for last in ("0", ""):
            headers = {"accept": "text/event-stream", **calls.who("operator").headers}
            place = {"last-event-id": last or sent[0][0]}
            asked = Request(
                f"{origin}/console/exchanges/live?after=0", headers={**headers, **place}
            )
            with urlopen(asked, timeout=30) as answer:
                assert answer.headers["content-type"].startswith("text/event-stream")
                lines = [answer.readline().decode().strip() for _ in range(4)]
            sent.append([lines[2].removeprefix("id: "), lines[3].removeprefix("data:").strip()])
    assert "exc_line" in sent[0][1]
    assert sent[1] == [sent[0][0], ""]
    assert event({"rows": [{"id": "exc_1"}], "after": 7}).endswith('"after": 7}\n\n')
