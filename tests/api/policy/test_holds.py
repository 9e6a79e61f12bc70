"""Holds by JSON."""

from __future__ import annotations

from tests.policy.office import PolicyOffice


def test_held_listed_and_lifted(office: PolicyOffice) -> None:
    """Somebody holds, everybody who reads policies sees it, and another lifts it, once."""
    given = {"sort": "system", "subject": "sys_1", "reason": "a case is open"}
    made = office.api("POST", "/holds", given)
    assert (made.status, made.json["lifted_at"]) == (200, None)
    for more in ({"sort": "everything"}, {"sort": "all"}, {"reason": ""}, {"colour": "red"}):
        assert office.api("POST", "/holds", {**given, **more}).status == 422
    assert office.api("POST", "/holds", {**given, "sort": "decision"}).status == 404
    office.api("POST", "/holds", {"sort": "everything", "reason": "a court asks"})
    page = office.api("GET", "/holds?limit=1").json
    assert [each["id"] for each in page["rows"]] == [made.json["id"]]
    rest = office.api("GET", f"/holds?limit=1&cursor={page['next_cursor']}").json
    assert (rest["rows"][0]["sort"], rest["next_cursor"]) == ("everything", None)
    assert office.api("GET", "/holds?cursor=x").status == 422
    lift = f"/holds/{made.json['id']}/lift"
    assert office.api("POST", lift, {"reason": "closed"}, by=office.bo).json["lifted_at"]
    assert office.api("POST", lift, {"reason": "closed"}, by=office.bo).status == 409
