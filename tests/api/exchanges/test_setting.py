"""Limits and stops by JSON."""

from __future__ import annotations

from tests.exchanges.calling import Calling


def test_a_limit_is_set_shown_and_ended(calls: Calling) -> None:
    """One of the same thing is changed; what is wrong names its field; an ended one is shown."""
    given = {"scope": "key", "scope_id": "key_1", "measure": "requests", "window": "minute"}
    given |= {"reason": "the budget"}
    made = calls.api("operator", "/limits", {**given, "amount": 10}).json
    assert (made["amount"], made["used"]) == (10, 0)
    again = calls.api("operator", "/limits", {**given, "amount": 20}).json
    assert (again["id"], again["amount"]) == (made["id"], 20)
    assert [each["id"] for each in calls.api("operator", "/limits").json] == [made["id"]]
    for wrong in ({"amount": -1}, {"amount": "x"}, {"window": "now"}, {"scope_id": ""}):
        assert calls.api("operator", "/limits", {**given, "amount": 1, **wrong}).status == 422
    assert calls.api("builder", "/limits", {**given, "amount": 1}).status == 403
    end = f"/limits/{made['id']}/end"
    assert calls.api("operator", end, {"reason": "no longer"}).json["ended_at"]
    assert calls.api("operator", end, {"reason": "no longer"}).status == 409
    assert calls.api("operator", f"/limits/{made['id']}").json["ended_at"]
    assert calls.api("operator", "/limits").json == []
    assert calls.api("operator", "/limits/lim_none").status == 404


def test_something_is_stopped_and_goes_on(calls: Calling) -> None:
    """Who stopped what, why and since when; an operator stops and lets nothing go on."""
    made = calls.api("operator", "/stops", {"kind": "model", "name": "m", "reason": "it leaks"})
    stop = made.json
    assert (stop["kind"], stop["automatic"], stop["ended_at"]) == ("model", False, None)
    assert calls.api("operator", "/stops").json == [stop]
    assert calls.api("operator", f"/stops/{stop['id']}").json == stop
    resume = f"/stops/{stop['id']}/resume"
    assert calls.api("operator", resume, {"reason": "mended"}).status == 403
    assert calls.api("security", resume, {"reason": "mended"}).json["end_reason"] == "mended"
    assert calls.api("security", resume, {"reason": "mended"}).status == 409
    assert calls.api("operator", "/stops").json == []
    assert len(calls.api("operator", "/stops?ended=true").json) == 1
    for wrong in ({"kind": "planet", "reason": "x"}, {"kind": "everything", "name": "x"}):
        assert calls.api("operator", "/stops", {"reason": "x", **wrong}).status == 422
    assert calls.api("nobody", f"/stops/{stop['id']}").status == 403
