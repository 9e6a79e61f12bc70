"""The list of calls."""

from __future__ import annotations

from tests.exchanges.calling import Calling
from tests.server.office import words


def test_calls_are_listed_narrowed_and_saved(calls: Calling) -> None:
    """The state of the last day stands first; filters and views narrow; nobody sees nothing."""
    told = words(calls.page("operator"))
    assert "3 calls in the last day: 1 under way, 1 answered, 1 refused." in told
    assert "1 left or came back without having been looked at whole" not in told
    assert "exc_open" in told
    assert "could not tell" not in words(calls.page("operator", "?state=answered"))
    assert "Saved views" in told
    assert "exc_1" not in words(calls.page("operator", "?state=refused"))
    assert "Nothing matches" in words(calls.page("operator", "?looked=no&state=answered"))
    assert "exc_no" in words(calls.page("operator", "?code=blocked&effect=cure"))
    for wrong in ("?state=odd", "?since=never", "?colour=red"):
        assert calls.page("operator", wrong).status == 422
    assert b"exc_1" in calls.page("operator", "/export.csv?system=sys_1").body
    today = words(calls.page("operator", "?since=2020-01-01&until=2100-01-01"))
    assert "exc_1" in today
    assert "exc_1" not in words(calls.page("nobody"))
    assert "No call yet" in words(calls.page("nobody"))
