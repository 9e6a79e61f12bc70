"""People as JSON."""

from __future__ import annotations

import pytest

from tests.server.office import Office


def test_a_person_comes_is_changed_suspended_let_in_and_leaves(office: Office) -> None:
    """Each step answers with the person and its ETag, and stands in the ledger."""
    made = office.api("POST", "/people", {"name": "Ines", "email": "ines@example.org"})
    assert (made.status, made.json["state"], made.headers["etag"]) == (201, "invited", '"1"')
    here = f"/people/{made.json['id']}"
    changed = office.api("PATCH", here, {"name": "Inês"}, headers={"if-match": '"1"'})
    assert (changed.json["name"], changed.json["email"]) == ("Inês", "ines@example.org")
    for step, state in (("suspend", "suspended"), ("reactivate", "active")):
        tag = office.api("GET", here).headers["etag"]
        told = office.api("POST", f"{here}/{step}", headers={"if-match": tag})
        assert told.json["state"] == state, told.json
    left = office.api("POST", f"{here}/leave", {})
    assert left.json["person"]["state"] == "left"
    named = [each["subject"] for each in office.entries("access.person_left")]
    assert {"kind": "person", "id": made.json["id"]} in named


@pytest.mark.parametrize("field", ["state", "id", "version", "source", "admin", "created_at"])
def test_no_field_is_set_that_was_not_asked_for(office: Office, field: str) -> None:
    """Mass assignment is refused with the field's name, and nothing is made."""
    given = {"name": "Eve", "email": "eve@example.org", field: "active"}
    answer = office.api("POST", "/people", given)
    assert answer.status == 422
    assert answer.json["field"] == f"body.{field}"
    assert office.api("GET", "/people?text=eve@").json["rows"] == []


def test_two_people_who_edit_do_not_overwrite_each_other(office: Office) -> None:
    """Without If-Match a change is refused with 428; from an old version with 412."""
    made = office.api("POST", "/people", {"name": "Two", "email": "two@example.org"}).json
    here = f"/people/{made['id']}"
    assert office.api("PATCH", here, {"name": "First"}).status == 428
    assert office.api("PATCH", here, {"name": "A"}, headers={"if-match": '"1"'}).status == 200
    stale = office.api("PATCH", here, {"name": "B"}, headers={"if-match": '"1"'})
    assert (stale.status, stale.json["code"]) == (412, "stale")
    assert "version 2" in stale.json["detail"]
    for wrong in ("*", "1", '"0"', '"x"', '"99999999999"'):
        assert office.api("PATCH", here, {"name": "B"}, headers={"if-match": wrong}).status == 412
    assert office.api("GET", here).json["name"] == "A"


def test_pages_lead_through_all_people_once(office: Office) -> None:
    """The cursor shows everybody once, and a made-up one is refused."""
    for number in range(5):
        office.api("POST", "/people", {"name": f"P{number}", "email": f"p{number}@example.org"})
    seen, cursor = list[str](), ""
    while True:
        page = office.api("GET", f"/people?limit=2{cursor}").json
        seen += [each["id"] for each in page["rows"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(seen) == len(set(seen)) >= 6
    assert office.api("GET", "/people?cursor=nonsense").status == 422
    assert office.api("GET", "/people?limit=0").status == 422


def test_who_may_not_is_told_why_and_what_then(office: Office) -> None:
    """A refusal names the reason and a way out, and nothing of what was asked for."""
    answer = office.api("GET", "/people", by=office.who("builder"))
    assert (answer.status, answer.json["code"]) == (403, "forbidden")
    assert answer.json["reasons"]
    assert "can grant it" in answer.json["remedy"]
