"""Roles as JSON."""

from __future__ import annotations

from muniment import access
from tests.server.office import Office

GIVEN = {"says": "Reads the ledger.", "permissions": ["ledger.read"]}


def test_everything_that_can_be_allowed_is_listed(office: Office) -> None:
    """Each permission is told with its sentence and the built-in roles that carry it."""
    rows = office.api("GET", "/permissions").json["rows"]
    assert [each["name"] for each in rows] == list(access.PERMISSIONS)
    assert office.api("GET", "/roles").json["rows"][0]["built_in"]


def test_a_role_of_ones_own_has_versions(office: Office) -> None:
    """Defining twice is a conflict; the next version names the one before; then it is ended."""
    made = office.api("POST", "/roles", {"name": "reader", **GIVEN})
    assert (made.status, made.json["version"]) == (201, 1)
    assert office.api("POST", "/roles", {"name": "reader", **GIVEN}).status == 409
    more = {**GIVEN, "permissions": ["ledger.read", "ledger.prove"]}
    assert office.api("PUT", "/roles/reader", more).status == 428
    changed = office.api("PUT", "/roles/reader", more, headers={"if-match": '"1"'})
    assert (changed.json["version"], len(changed.json["permissions"])) == (2, 2)
    stale = office.api("PUT", "/roles/reader", more, headers={"if-match": '"1"'})
    assert stale.status == 412
    assert office.api("DELETE", "/roles/reader").status == 204
    assert office.api("GET", "/roles/reader").status == 404


def test_built_in_roles_stay_as_they_are(office: Office) -> None:
    """No version of admin can be defined, no role that gives rights, and none of made-up acts."""
    assert office.api("PUT", "/roles/admin", GIVEN, headers={"if-match": '"1"'}).status >= 409
    both = ["policy.publish", "approvals.decide", "vault.rotate", "access.grant"]
    answer = office.api("POST", "/roles", {"name": "all", "says": "All.", "permissions": both})
    assert (answer.status, answer.json["field"]) == (422, "permissions")
    assert "cannot carry access.grant" in answer.json["detail"]
    made_up = {"name": "xyz", "says": "X.", "permissions": ["no"]}
    told = office.api("POST", "/roles", made_up)
    assert (told.status, told.json["field"]) == (422, "permissions")
