"""The live view."""

from __future__ import annotations

import re
from contextlib import ExitStack
from itertools import pairwise

import pytest

from muniment.web import events
from tests.exchanges.calling import Calling
from tests.exchanges.making import intent, outcome
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


def told_after(
    calls: Calling, who: str, place: str, seen: dict[str, str] | None = None
) -> list[tuple[int, str]]:
    """Read one stream of news to its end: the place and the call of each."""
    where = f"/live/events?after={place}"
    answer = calls.page(who, where, "text/event-stream", seen)
    assert (answer.status, answer.headers["content-type"].split(";")[0]) == (
        200,
        "text/event-stream",
    )
    found = re.findall(r'id: (\d+)\nevent: news\ndata: .*?"id": "(\w+)"', answer.body.decode())
    return [(int(at), call) for at, call in found]


def test_a_stream_goes_on_where_the_browser_saw_it_break(
    calls: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was recorded while nobody was connected comes next, once, in the order of the log."""
    # The stream ends by itself after three looks, or this test would take the minute it lasts.
    monkeypatch.setattr(events, "PACE", events.Pace(pause_seconds=0.0, rounds=3))
    for name in ("exc_a", "exc_b", "exc_c"):
        calls.leave(intent(name))
    calls.settle()
    whole = told_after(calls, "operator", "0")
    assert [call for _, call in whole][-3:] == ["exc_a", "exc_b", "exc_c"]
    assert all(one < other for (one, _), (other, _) in pairwise(whole))
    last = {"last-event-id": str(whole[-2][0])}
    assert told_after(calls, "operator", "0", last) == whole[-1:]
    calls.end(outcome("exc_a"))
    calls.settle()
    again = told_after(calls, "operator", "0", last)
    assert [call for _, call in again] == ["exc_c", "exc_a"]
    assert told_after(calls, "nobody", "0") == []


def test_a_stream_of_no_place_or_of_what_may_not_be_seen_never_begins(calls: Calling) -> None:
    """A refusal is an answer, not a stream that breaks off."""
    asked = "text/event-stream"
    assert calls.page("operator", "/live/events", asked).status == 422
    header = {"last-event-id": "9" * 30}
    assert calls.page("operator", "/live/events?after=0", asked, header).status == 422
    assert calls.page("nobody", "/live/events?after=0&system=sys_1", asked).status == 403


def test_who_watches_too_much_is_told_and_asks_now_and_then(
    calls: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stream too many is refused in words; the page is told why, and is given its news."""
    # As above: the stream ends after one look.
    monkeypatch.setattr(events, "PACE", events.Pace(pause_seconds=0.0, rounds=1))
    seats = calls.there.app.state.seats
    person = calls.who("operator").id
    with ExitStack() as open_pages:
        for _ in range(seats.each):
            assert seats.full_for(person) == ""
            open_pages.enter_context(seats.taken_by(person))
        refused = calls.page("operator", "/live/events?after=0", "text/event-stream")
        assert (refused.status, b"8 live pages open" in refused.body) == (503, True)
        told = calls.page("operator", "/live?after=0", "application/json").json
        assert told["rows"] != []
        assert "8 live pages open" in told["full"]
        assert "8 live pages" not in words(calls.page("operator", "/live"))
        assert seats.full_for("per_another") == ""
        for number in range(seats.most - seats.each):
            open_pages.enter_context(seats.taken_by(f"per_{number}"))
        assert "200 live pages are open" in seats.full_for("per_another")
    assert told_after(calls, "operator", "0") != []
    assert seats.full_for(person) == "", "a stream that ended gives its seat back"
    assert calls.page("operator", "/live?after=0", "application/json").json["full"] == ""
