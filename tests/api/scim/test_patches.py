"""Changes of SCIM, as directories really write them."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from muniment.api.scim.patches import patched
from muniment.core.errors import InvalidError

INES: dict[str, Any] = {
    "id": "per_1",
    "userName": "ines",
    "active": True,
    "name": {"givenName": "Ines"},
    "emails": [{"value": "ines@example.org", "type": "work"}],
    "members": [{"value": "a"}, {"value": "b"}],
}


@pytest.mark.parametrize(
    ("change", "name", "after"),
    [
        ({"op": "Replace", "path": "active", "value": False}, "active", False),
        ({"op": "replace", "value": {"active": False}}, "active", False),
        ({"op": "add", "path": "name.familyName", "value": "M"}, "name.familyName", "M"),
        ({"op": "replace", "value": {"name.givenName": "I"}}, "name.givenName", "I"),
        ({"op": "replace", "value": {"name": {"familyName": "M"}}}, "name.givenName", "Ines"),
        ({"op": "remove", "path": "name"}, "name", None),
        ({"op": "remove", "path": "name.givenName"}, "name.givenName", None),
        ({"op": "add", "path": "title", "value": "Lead"}, "title", "Lead"),
        ({"op": "add", "value": {"id": "per_2", "title": "Lead"}}, "id", "per_1"),
        (
            {"op": "replace", "path": 'emails[type eq "work"].value', "value": "x@y.z"},
            "emails",
            [{"value": "x@y.z", "type": "work"}],
        ),
        (
            {"op": "add", "path": 'emails[type eq "home"].value', "value": "x@y.z"},
            "emails",
            [{"value": "ines@example.org", "type": "work"}, {"value": "x@y.z"}],
        ),
        (
            {"op": "add", "path": "members", "value": [{"value": "c"}, {"value": "a"}]},
            "members",
            [{"value": "a"}, {"value": "b"}, {"value": "c"}],
        ),
        ({"op": "remove", "path": 'members[value eq "a"]'}, "members", [{"value": "b"}]),
        (
            {"op": "Remove", "path": "members", "value": [{"value": "b"}]},
            "members",
            [{"value": "a"}],
        ),
        ({"op": "replace", "path": "MEMBERS", "value": []}, "members", []),
        (
            {
                "op": "replace",
                "path": "urn:ietf:params:scim:schemas:core:2.0:User:userName",
                "value": "i",
            },
            "userName",
            "i",
        ),
    ],
)
def test_what_a_change_does(change: dict[str, Any], name: str, after: Any) -> None:
    """Each way of writing a change does what it means, and the given resource stays as it was."""
    before = copy.deepcopy(INES)
    found: Any = patched(INES, [change])
    for part in name.split("."):
        found = (found or {}).get(part)
    assert found == after
    assert before == INES


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        (None, "invalidSyntax"),
        ([], "invalidSyntax"),
        ([7], "invalidSyntax"),
        ([{"op": "move", "path": "active"}], "invalidSyntax"),
        ([{"op": "add", "value": 7}], "invalidSyntax"),
        ([{"op": "remove"}], "noTarget"),
        ([{"op": "replace", "path": "id", "value": "x"}], "mutability"),
        ([{"op": "replace", "path": "groups", "value": []}], "mutability"),
        ([{"op": "replace", "path": "userName.first", "value": "x"}], "invalidPath"),
        ([{"op": "replace", "path": 'userName[type eq "x"]', "value": {}}], "invalidPath"),
        ([{"op": "replace", "path": 'emails[type eq "x"]', "value": {}}], "noTarget"),
        ([{"op": "replace", "path": 'emails[type eq "work"]', "value": 7}], "invalidSyntax"),
        ([{"op": "add", "path": "a b", "value": 7}], "invalidPath"),
    ],
)
def test_what_is_no_change(changes: Any, kind: str) -> None:
    """What cannot be carried out is refused in SCIM's own words."""
    with pytest.raises(InvalidError) as caught:
        patched(INES, changes)
    assert caught.value.field == kind
