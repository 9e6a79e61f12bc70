"""Teams as JSON."""

from __future__ import annotations

from tests.server.office import Office


def test_a_team_is_made_filled_emptied_and_ended(office: Office) -> None:
    """Who joins is listed until they part; a team that ended is not changed again."""
    made = office.api("POST", "/teams", {"name": "Credit risk"}).json
    here = f"/teams/{made['id']}"
    member = {"kind": "person", "id": office.who("builder").id}
    joined = office.api("POST", f"{here}/members", member)
    assert (joined.status, joined.json["member"]) == (201, member)
    inside = office.api("GET", f"{here}/members").json["rows"]
    assert [each["member"] for each in inside] == [member]
    parted = office.api("DELETE", f"{here}/members/person/{member['id']}")
    assert parted.json["left_at"]
    named = office.api("PATCH", here, {"name": "Risk"}, headers={"if-match": '"1"'})
    assert named.json["name"] == "Risk"
    ended = office.api("POST", f"{here}/end", headers={"if-match": '"2"'})
    assert ended.json["ended_at"]
    again = office.api("PATCH", here, {"name": "X"}, headers={"if-match": ended.headers["etag"]})
    assert again.status == 409
    assert made["id"] not in [each["id"] for each in office.api("GET", "/teams").json["rows"]]


def test_who_holds_a_duty_does_not_join_a_team_with_its_opposite(office: Office) -> None:
    """Joining is judged like granting: conflicting duties are refused with reasons."""
    team = office.api("POST", "/teams", {"name": "Releasers"}).json
    office.api(
        "POST",
        "/grants",
        {"holder": {"kind": "team", "id": team["id"]}, "role": "releaser", "reason": "They do."},
    )
    member = {"kind": "person", "id": office.who("builder").id}
    answer = office.api("POST", f"/teams/{team['id']}/members", member)
    assert answer.status == 409
    assert "builder" in " ".join(answer.json["reasons"])
