"""The pages of routes."""

from __future__ import annotations

from tests.web.notices.asking import Console

GIVEN = {
    "title": "A role was given",
    "severity": "info",
    "to": "role:security",
    "group_seconds": "60",
    "escalate_seconds": "0",
    "escalate_to": "",
    "state": "on",
}


def test_a_route_is_made_changed_and_turned_off(console: Console) -> None:
    """What is wrong stands beside its field; a change from an older version is refused."""
    assert console.post("/routes/new", name="roles", kind="", **GIVEN).status == 422
    made = console.post("/routes/new", name="roles", kind="access.granted", **GIVEN)
    assert made.headers["location"].endswith("/routes/roles")
    changed = {**GIVEN, "state": "off", "version": "1"}
    assert console.post("/routes/roles/change", **changed).status == 303
    assert console.post("/routes/roles/change", **changed).status == 409
    assert b"access.granted" in console.get("/routes/roles").body
    for wrong in ({"to": "everybody"}, {"group_seconds": "soon"}, {"escalate_seconds": "60"}):
        refused = console.post("/routes/delegation/change", **{**GIVEN, "version": "0", **wrong})
        assert refused.status == 422
    assert console.get("/routes", console.ada).status == 403
    assert console.get("/routes/nothing").status == 404
