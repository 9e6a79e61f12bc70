"""The kill switch on its pages."""

from __future__ import annotations

from muniment import exchanges
from muniment.core.actor import system_actor
from muniment.exchanges import StopKind
from muniment.ledger import record
from muniment.ledger.kinds.incidents import Opened
from tests.exchanges.calling import Calling
from tests.server.office import words


def test_stopped_and_let_go_with_reasons(calls: Calling) -> None:
    """The form names what happens and asks why; who may not stop is refused; both are listed."""
    assert "Nothing is stopped." in words(calls.page("operator", "/stops"))
    form = words(calls.page("operator", "/stops/stop?kind=system&name=sys_1"))
    assert "Stop system sys_1" in form
    assert "within a second" in form
    assert calls.send("builder", "/stops/stop", kind="key", name="k", reason="x").status == 403
    assert calls.send("operator", "/stops/stop", kind="", name="k", reason="x").status == 422
    assert calls.send("operator", "/stops/stop", kind="key", name="k", reason="").status == 422
    done = calls.send("operator", "/stops/stop", kind="key", name="k", reason="it leaked")
    assert done.status == 303
    told = words(calls.page("operator", "/stops"))
    assert "1 thing is stopped" in told
    assert "it leaked" in told
    with calls.house.database.look(calls.who("operator").actor) as work:
        (made,) = exchanges.stops(work)
    assert calls.send("operator", f"/stops/{made.id}/resume", reason="found").status == 403
    assert "it leaked" in words(calls.page("security", f"/stops/{made.id}/resume"))
    assert calls.send("security", f"/stops/{made.id}/resume", reason="found").status == 303
    assert calls.send("security", f"/stops/{made.id}/resume", reason="found").status == 409
    assert "found" in words(calls.page("operator", "/stops?ended=yes"))


def test_a_rule_is_named_as_a_rule(calls: Calling) -> None:
    """What a rule stopped says so; everything stopped is said first."""
    with calls.house.database.work(system_actor("incidents")) as work:
        record(work, Opened("inc_1", "sys_1", "high", "it leaks", "leaks", "system", "sys_1"))
    calls.settle()
    told = words(calls.page("operator", "/stops?kind=system"))
    assert "rule leaks" in told
    assert "automatic, no human being" in told
    with calls.house.database.work(calls.who("security").actor) as work:
        exchanges.stop(work, StopKind.EVERYTHING, "", reason="drill")
    assert "Everything is stopped" in words(calls.page("operator", "/stops"))
