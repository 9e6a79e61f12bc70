"""Reviews as JSON: frozen, answered by others, carried out, verified, closed, evidence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.server.office import Office
from tests.server.people import person_with


@pytest.mark.requirement("ACC-17", "ACC-18", "ACC-05")
def test_a_review_revokes_and_is_evidence(office: Office) -> None:
    """Each line is answered by its reviewer; what is revoked ends at once and is seen gone."""
    security, compliance = office.who("security"), office.who("compliance")
    pat = person_with(office.house, "operator", name="Pat Operator")
    due = (office.house.clock.now() + timedelta(days=30)).isoformat()
    body = {"name": "Q4", "reviewers": [security.id, compliance.id], "due_at": due}
    assert office.api("POST", "/reviews", body).status == 403
    opened = office.api("POST", "/reviews", {**body, "sorts": ["grant"]}, by=compliance)
    assert opened.status == 201
    here = f"/reviews/{opened.json['id']}"
    lines = office.api("GET", f"{here}/lines").json["rows"]
    assert len(lines) == opened.json["lines"]
    reviewers = {security.id: security, compliance.id: compliance}
    for line in lines:
        assert line["person_id"] != line["reviewer_id"], "nobody reviews themselves"
        said = "revoke" if line["person_id"] == pat.id else "keep"
        given = {"answer": said, "reason": "Looked at it.", "seconds": 12}
        wrong = next(who for key, who in reviewers.items() if key != line["reviewer_id"])
        address = f"/lines/{line['id']}/answer"
        assert office.api("POST", address, given, by=wrong).status == 403
        told = office.api("POST", address, given, by=reviewers[line["reviewer_id"]])
        assert (told.status, told.json["seconds"]) == (200, 12)
    assert not office.api("GET", f"/may?permission=ledger.read&holder_id={pat.id}").json["ok"]
    found = office.api("POST", f"{here}/verify", by=security).json
    assert (len(found["gone"]), found["still_there"]) == (1, [])
    tag = office.api("GET", here).headers["etag"]
    closed = office.api("POST", f"{here}/close", {}, by=compliance, headers={"if-match": tag})
    assert closed.json["state"] == "closed"
    evidence = office.api("GET", f"{here}/evidence").json
    assert len(evidence["lines"]) == len(lines)
    assert office.api("GET", f"{here}/evidence.csv").headers["content-type"].startswith("text/csv")
    assert office.api("GET", "/reviews").json["rows"][0]["id"] == opened.json["id"]
    (record,) = office.entries("access.review_closed")
    assert record["body"]["revoked"] == 1  # type: ignore[index]


def test_a_review_is_not_closed_with_lines_unanswered(office: Office) -> None:
    """Each line is answered, or somebody says why it is not; a line can go to another reviewer."""
    security, compliance = office.who("security"), office.who("compliance")
    due = (office.house.clock.now() + timedelta(days=30)).isoformat()
    body = {"name": "Q1", "reviewers": [security.id, compliance.id], "due_at": due}
    opened = office.api("POST", "/reviews", {**body, "sorts": ["grant"]}, by=security).json
    here = f"/reviews/{opened['id']}"
    refused = office.api("POST", f"{here}/close", {}, by=security, headers={"if-match": '"1"'})
    assert refused.status == 409
    lines = office.api("GET", f"{here}/lines?unanswered=true").json["rows"]
    line = next(each for each in lines if each["person_id"] == office.ada.id)
    other = security if line["reviewer_id"] == compliance.id else compliance
    moved = office.api(
        "POST", f"/lines/{line['id']}/reassign", {"reviewer_id": other.id}, by=security
    )
    assert moved.json["reviewer_id"] == other.id
    own = office.api("GET", f"{here}/lines?mine=true", by=other).json["rows"]
    assert line["id"] in [each["id"] for each in own]
    excuses = {each["id"]: "They are on leave." for each in lines}
    closed = office.api(
        "POST", f"{here}/close", {"excuses": excuses}, by=security, headers={"if-match": '"1"'}
    )
    assert closed.json["state"] == "closed"
    long = {"excuses": {"x": "y" * 2001}}
    assert office.api("POST", f"{here}/close", long, headers={"if-match": '"1"'}).status == 422
