"""What is observed by the JSON door: hosts trusted and heard, intervals beside declared ones."""

from __future__ import annotations

from muniment import registry
from muniment.registry import Heartbeat
from tests.registry.making import NEW
from tests.registry.signed import A_KEY, public_of
from tests.server.office import words
from tests.server.registered import KEY, Registered


def test_a_host_is_trusted_heard_and_shown(there: Registered) -> None:
    """Its heartbeat is an observed interval at a moment, in a period, and in the list."""
    there.live()
    change = there.released("Be kind.")
    given = {
        "system": KEY,
        "environment": "production",
        "name": "web-1",
        "public_key": public_of(A_KEY),
        "reason": "met it",
    }
    assert there.api("builder", "/hosts", given).status == 403
    host = there.api("compliance", "/hosts", given).json
    with there.house.database.look(there.who("operator").actor) as work:
        since = work.now
    told = Heartbeat(host["id"], NEW, since)
    beat = registry.signed_heartbeat(told, A_KEY, None)
    assert there.api("compliance", "/heartbeats", beat).status == 403
    heard = there.api("operator", "/heartbeats", beat)
    assert (heard.status, heard.json["set_digest"]) == (200, NEW)
    assert there.api("operator", "/heartbeats", {**beat, "payload": "x"}).status == 422
    at = there.api("operator", f"/systems/{KEY}/at?at={since:%Y-%m-%dT%H:%M:%S.%f}Z").json
    (seen,) = at["observed"]
    assert (seen["source"], seen["means"], seen["witness"]) == ("observed", "heartbeat", "web-1")
    assert at["shares"][0]["set_digest"] == change.set_digest
    assert "which is not declared then" in at["conflicts"][0]
    period = there.api("operator", f"/systems/{KEY}/served?since=2026-01-01T00:00:00Z").json
    (interval,) = period["declared"]
    assert interval["deployment"]["source"] == "declared"
    assert interval["approvals"][0]["approved_by"] == [there.who("releaser").id]
    assert [each["set_digest"] for each in period["observed"]] == [NEW]
    (row,) = there.api("operator", f"/observed?system={KEY}&means=heartbeat").json["rows"]
    assert row["record"].startswith("rec_")
    missing = there.api("operator", f"/systems/{KEY}").json["missing"]
    assert any("the host web-1 runs" in each for each in missing)
    page = there.page("operator", "/observed?means=heartbeat")
    assert "heartbeat of web-1" in words(page)
    ended = there.api("compliance", f"/hosts/{host['id']}/end", {"reason": "gone"})
    assert ended.json["ended_at"]
    assert len(there.api("operator", "/hosts").json["rows"]) == 1
