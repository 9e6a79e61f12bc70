"""Calls by JSON."""

from __future__ import annotations

import base64

from muniment.verify import parse_proof
from tests.access.recorded import records
from tests.exchanges.calling import TEXT, Calling
from tests.exchanges.making import intent


def test_listed_shown_and_counted(calls: Calling) -> None:
    """Filters narrow, pages go on, an unknown cost is null, and who sees nothing gets nothing."""
    page = calls.api("operator", "?limit=1").json
    assert [each["id"] for each in page["rows"]] == ["exc_no"]
    rest = calls.api("operator", f"?limit=2&cursor={page['next_cursor']}").json
    assert [each["id"] for each in rest["rows"]] == ["exc_open", "exc_1"]
    assert rest["rows"][0]["cost_micros"] is None
    assert calls.api("operator", "/exc_1").json["cost_micros"] == 300
    found = calls.api("operator", "?state=refused&code=blocked").json["rows"]
    assert [each["status"] for each in found] == [403]
    assert calls.api("operator", "?uninspected=true").json["rows"] == []
    counts = calls.api("operator", "/counts").json
    assert (counts["counts"]["open"], counts["uninspected"]) == (1, 0)
    assert calls.api("nobody", "").json["rows"] == []
    assert calls.api("nobody", "/exc_1").status == 403
    assert calls.api("operator", "/exc_none").status == 404
    for wrong in ("?state=odd", "?cursor=x", "?colour=red", "?limit=0", "?since=soon"):
        assert calls.api("operator", wrong).status == 422


def test_explained_with_proofs(calls: Calling) -> None:
    """Fourteen stages, decisions and attempts; each entry comes with a proof that reads."""
    told = calls.api("operator", "/exc_1/explain").json
    assert len(told["steps"]) == 14
    assert told["attempts"] == [
        {"route": "openai", "status": 200, "milliseconds": 120, "problem": ""}
    ]
    assert {each["direction"] for each in told["ruled"]} == {"prompt", "answer"}
    assert told["served"]["versions"] is None
    for each in told["entries"]:
        assert parse_proof(base64.b64decode(each["proof"])).index == each["index"]
    assert calls.api("nobody", "/exc_1/explain").status == 403


def test_followed_from_a_place(calls: Calling) -> None:
    """From now on nothing; then what was recorded since, once."""
    now = calls.api("operator", "/live").json
    assert now["rows"] == []
    calls.leave(intent("exc_new"))
    calls.settle()
    news = calls.api("operator", f"/live?after={now['after']}").json
    assert [each["id"] for each in news["rows"]] == ["exc_new"]
    assert calls.api("operator", f"/live?after={news['after']}").json["rows"] == []
    assert calls.api("operator", "/live?after=-2").status == 422


def test_a_disputed_text(calls: Calling) -> None:
    """By text or by bytes; never kept, not even by an Idempotency-Key; asked by who may open."""
    given = {"reason": "a complaint"}
    told = calls.api("security", "/exc_1/match", {**given, "text": TEXT.decode()})
    assert told.json["answer"] == "matches"
    encoded = base64.b64encode(TEXT + b" more").decode()
    told = calls.api("security", "/exc_1/match", {**given, "bytes": encoded})
    assert told.json["answer"] == "does_not_match"
    for wrong in ({}, {"text": "x", "bytes": "eA=="}, {"bytes": "?"}, {"text": "x", "a": "b"}):
        assert calls.api("security", "/exc_1/match", {**given, **wrong}).status == 422
    assert calls.api("operator", "/exc_1/match", {**given, "text": "x"}).status == 403
    assert "refund" not in str(records(calls.house.database))
