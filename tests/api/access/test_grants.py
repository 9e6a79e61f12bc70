"""Grants as JSON, and what stands across scopes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment.access import SCOPE_KINDS, Scope
from muniment.core.clock import stamp
from tests.server.office import Office
from tests.server.people import person_with


def grant(office: Office, holder_id: str, role: str, **more: object) -> dict[str, object]:
    """Give the body of a grant to a person."""
    return {
        "holder": {"kind": "person", "id": holder_id},
        "role": role,
        "reason": "For the test.",
        **more,
    }


def test_a_role_is_given_made_shorter_and_taken_back(office: Office) -> None:
    """A grant says by whom, why, where and until when; when taken back it opens nothing."""
    pat = person_with(office.house, name="Pat")
    made = office.api("POST", "/grants", grant(office, pat.id, "operator", scope={"system": "s1"}))
    assert made.status == 201
    told = made.json
    assert (told["scope"], told["granted_by"]) == ({"system": "s1"}, office.ada.id)
    here = f"/grants/{told['id']}"
    question = f"/may?permission=ledger.read&holder_id={pat.id}&system=s1"
    assert office.api("GET", question).json["grant_id"] == told["id"]
    shorter = office.api(
        "PATCH", here, {"ends_at": "2030-01-01T00:00:00Z"}, headers={"if-match": '"1"'}
    )
    assert shorter.json["ends_at"].startswith("2030-01-01")
    tag = {"if-match": shorter.headers["etag"]}
    assert (
        office.api("POST", f"{here}/revoke", {"reason": "Done."}, headers=tag).json["revoked_by"]
        == office.ada.id
    )
    assert office.api("GET", here).json["revoked_because"] == "Done."
    asked = office.api("GET", question).json
    assert asked["ok"] is False
    assert "revoked" in asked["reasons"][0]
    listed = office.api("GET", f"/grants?holder_id={pat.id}&only_holding=true").json["rows"]
    assert listed == []


@pytest.mark.requirement("ACC-02", "ACC-06", "ACC-07", "ACC-08", "ACC-14")
@pytest.mark.parametrize("kind", SCOPE_KINDS)
def test_a_grant_holds_at_each_kind_of_place(office: Office, kind: str) -> None:
    """A role over one model, dataset, store or area opens that one until it ends, and no other."""
    pat = person_with(office.house, name="Pat")
    ends = stamp(office.house.clock.now() + timedelta(days=9))
    body = grant(office, pat.id, "operator", scope={kind: "mine"}, ends_at=ends)
    made = office.api("POST", "/grants", body)
    assert made.status == 201, made.json
    assert (made.json["scope"], made.json["ends_at"] is None) == ({kind: "mine"}, False)
    asked = f"/may?permission=ledger.seal&holder_id={pat.id}"
    assert office.api("GET", f"{asked}&{kind}=mine").json["grant_id"] == made.json["id"]
    refused = office.api("GET", f"{asked}&{kind}=other").json
    assert (refused["ok"], refused["grant_id"]) == (False, None)
    assert f"reaches {kind} mine" in refused["reasons"][0]
    assert not office.api("GET", asked).json["ok"], "everything is more than one place"
    page = office.page("/grants/give").body.decode()
    assert f'name="scope.{kind}"' in page or f'name="{kind}"' in page


@pytest.mark.requirement("ACC-06", "ACC-07", "ACC-08")
def test_an_owner_reaches_their_system_and_no_other(office: Office) -> None:
    """IDOR across scopes: with a known id, who owns one system changes nothing of another."""
    mine, pat = Scope.of(system="sys_mine"), person_with(office.house, name="Pat Two")
    owner = person_with(office.house, "owner", mine, name="Olga Owner")
    for scope, status in (
        ({"system": "sys_mine"}, 201),
        ({"system": "sys_other"}, 403),
        ({"vector_store": "vs_1"}, 403),
        ({"dataset": "d_1", "system": "sys_other"}, 403),
        ({}, 403),
    ):
        asked = grant(office, pat.id, "operator", scope=scope)
        assert office.api("POST", "/grants", asked, by=owner).status == status, scope
    foreign = office.api(
        "POST", "/grants", grant(office, pat.id, "operator", scope={"system": "sys_other"})
    ).json
    for method, path, body in (
        ("PATCH", "", {"ends_at": "2030-01-01T00:00:00Z"}),
        ("POST", "/revoke", {"reason": "Done."}),
        ("GET", "", None),
    ):
        answer = office.api(
            method, f"/grants/{foreign['id']}{path}", body, by=owner, headers={"if-match": '"1"'}
        )
        assert answer.status == 403, (method, path, answer.json)
    assert office.api("GET", f"/grants/{foreign['id']}").json["revoked_at"] is None


def test_nobody_grants_to_themselves(office: Office) -> None:
    """Not even an admin, and the refusal says what to do instead."""
    answer = office.api("POST", "/grants", grant(office, office.ada.id, "security"))
    assert answer.status == 403
    assert "another admin" in answer.json["remedy"]


@pytest.mark.requirement("ACC-04")
def test_conflicting_duties_need_an_exception_by_somebody_else(office: Office) -> None:
    """A builder is not made releaser of the same system, unless security allows it for a time."""
    pat = person_with(office.house, "builder", Scope.of(system="s9"), name="Pat Three")
    asked = grant(
        office, pat.id, "releaser", scope={"system": "s9"}, ends_at="2026-12-20T00:00:00Z"
    )
    refused = office.api("POST", "/grants", asked)
    assert refused.status == 409
    leave = {
        "person_id": pat.id,
        "one": "builder",
        "other": "releaser",
        "scope": {"system": "s9"},
        "ends_at": (office.house.clock.now().replace(microsecond=0)).isoformat(),
        "reason": "Two people only.",
    }
    assert office.api("POST", "/exceptions", leave, by=office.who("security")).status == 422
    assert office.api("POST", "/exceptions", leave).status == 403
    assert office.api("GET", "/exceptions").json["rows"] == []
    pairs = office.api("GET", "/duties").json["rows"]
    assert {"one": "builder", "other": "releaser"}.items() <= pairs[0].items()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("scope", {"planet": "mars"}),
        ("scope", {"system": ""}),
        ("scope", {"system": 1}),
        ("scope", []),
        ("ends_at", "tomorrow"),
        ("ends_at", "2030-01-01T00:00:00"),
        ("reason", ""),
        ("reason", "x" * 2001),
        ("reason", "a\x00b"),
        ("role", None),
        ("holder", {"kind": "robot", "id": "x"}),
        ("holder", {"kind": "person", "id": "../x"}),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(
    office: Office, field: str, value: object
) -> None:
    """Wrong types, places, times and words are 422 in the one error shape."""
    answer = office.api("POST", "/grants", {**grant(office, "per_x", "operator"), field: value})
    assert answer.status == 422, answer.json
    assert answer.json["code"] == "invalid"
