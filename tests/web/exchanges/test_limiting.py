"""Limits as bars, set and ended."""

from __future__ import annotations

import pytest

from muniment import exchanges
from muniment.exchanges import Limit, Measure, Use, Window
from muniment.web.exchanges.limiting import bar_of
from tests.exchanges.calling import Calling
from tests.exchanges.making import limit
from tests.server.office import words


@pytest.mark.requirement("ACC-03")
def test_a_limit_is_set_changed_and_ended(calls: Calling) -> None:
    """Each field is checked by itself; what was set is drawn with its use, and can end."""
    assert "Nothing is limited" in words(calls.page("operator", "/limits"))
    given = {"scope": "system", "scope_id": "sys_1", "measure": "cost", "window": "month"}
    given |= {"amount": "12.50", "warn_percent": "80", "reason": "the budget"}
    for name, wrong in (
        ("scope", "planet"),
        ("scope_id", ""),
        ("amount", "much"),
        ("warn_percent", "101"),
        ("warn_percent", "x"),
        ("window", "now"),
        ("reason", ""),
    ):
        assert calls.send("operator", "/limits/set", **{**given, name: wrong}).status == 422
    assert calls.send("builder", "/limits/set", **given).status == 403
    assert calls.send("operator", "/limits/set", **given).status == 303
    told = words(calls.page("operator", "/limits"))
    assert "1 limit holds; none is near." in told
    assert "0.00 of 12.50 USD this month" in told
    with calls.house.database.look(calls.who("operator").actor) as work:
        (use,) = exchanges.limits_in_use(work)
    end = f"/limits/{use.limit.id}/end"
    assert "the budget" in words(calls.page("operator", end))
    assert calls.send("operator", end, reason="no longer").status == 303
    assert calls.send("operator", end, reason="no longer").status == 409
    assert "Nothing is limited" in words(calls.page("nobody", "/limits"))


@pytest.mark.parametrize(
    ("made", "used", "word", "share"),
    [
        (limit(amount=10), 7, "within", 0.7),
        (limit(amount=10), 8, "near", 0.8),
        (limit(amount=10), 12, "used up", 1.0),
        (limit(amount=0), 0, "used up", 1.0),
        (limit(Measure.CONCURRENCY, Window.NOW, 4), 1, "within", 0.25),
    ],
)
def test_how_a_limit_is_drawn(made: Limit, used: int, word: str, share: float) -> None:
    """Near from the share asked for on; a limit of nothing is used up; never over the edge."""
    bar = bar_of(Use(made, used, "now"))
    assert (bar.word, bar.share) == (word, share)
