"""Services as JSON."""

from __future__ import annotations

from tests.server.office import Office


def test_a_service_is_made_renamed_stopped_started_and_given_away(office: Office) -> None:
    """Each step answers with the service, and another person may come to answer for it."""
    other = office.who("builder")
    given = {"kind": "agent", "name": "helper", "owner_id": office.ada.id}
    made = office.api("POST", "/services", given)
    assert (made.status, made.json["active"]) == (201, True)
    here = f"/services/{made.json['id']}"
    for path, method, body in (
        (here, "PATCH", {"name": "helper two"}),
        (f"{here}/suspend", "POST", None),
        (f"{here}/reactivate", "POST", None),
        (f"{here}/transfer", "POST", {"owner_id": other.id}),
    ):
        tag = office.api("GET", here).headers["etag"]
        assert office.api(method, path, body, headers={"if-match": tag}).status == 200
    told = office.api("GET", here).json
    assert (told["name"], told["owner_id"], told["active"]) == ("helper two", other.id, True)
    assert told["id"] in [each["id"] for each in office.api("GET", "/services").json["rows"]]


def test_a_kind_that_is_none_is_refused(office: Office) -> None:
    """A service is an application, an agent or a pipeline."""
    given = {"kind": "daemon", "name": "x", "owner_id": office.ada.id}
    answer = office.api("POST", "/services", given)
    assert (answer.status, answer.json["field"]) == (422, "body.kind")
