"""Keys as JSON: shown once, replaced, revoked, and never more than their holder."""

from __future__ import annotations

import pytest

from tests.server.office import Office
from tests.server.people import Somebody, service_with


def key_body(somebody: Somebody, **more: object) -> dict[str, object]:
    """Give the body of a key for a person."""
    return {"holder": {"kind": "person", "id": somebody.id}, "label": "a key", **more}


def test_a_key_is_shown_once(office: Office) -> None:
    """The secret stands in the first answer only: not in a list, nor in the answer sent again."""
    ada, name = office.ada, {"idempotency-key": "make-it-once"}
    made = office.api("POST", "/keys", key_body(ada), headers=name)
    assert made.status == 201
    secret = made.json["secret"]
    assert secret.startswith("mun_per_")
    again = office.api("POST", "/keys", key_body(ada), headers=name)
    assert again.headers["idempotency-replayed"] == "true"
    assert (again.json["id"], again.json["secret"]) == (made.json["id"], None)
    shown = office.api("GET", f"/keys/{made.json['id']}").body + office.api("GET", "/keys").body
    assert secret.encode() not in shown
    mine = Somebody(ada.id, secret)
    assert office.api("GET", "/me", by=mine).json["credential"] == made.json["id"]


def test_a_key_is_replaced_and_ended(office: Office) -> None:
    """The successor works beside the old one for the overlap; an ended key opens nothing."""
    made = office.api("POST", "/keys", key_body(office.ada)).json
    old = Somebody(office.ada.id, made["secret"])
    fresh = office.api("POST", f"/keys/{made['id']}/rotate", {"overlap_seconds": 3600}).json
    new = Somebody(office.ada.id, fresh["secret"])
    assert [office.api("GET", "/me", by=each).status for each in (old, new)] == [200, 200]
    assert office.api("GET", f"/keys/{made['id']}").json["replaced_by"] == fresh["id"]
    tag = {"if-match": '"1"'}
    assert office.api("POST", f"/keys/{fresh['id']}/revoke", headers=tag).status == 200
    office.house.keybook._looked_at = float("-inf")  # half a second later
    assert office.api("GET", "/me", by=new).status == 401


@pytest.mark.requirement("ACC-12")
def test_a_key_may_less_than_its_holder(office: Office) -> None:
    """Limited to one permission and one place, it does only that there; and no person's acts."""
    limited = key_body(office.ada, permissions=["ledger.read"], scope={"console": "ledger"})
    secret = office.api("POST", "/keys", limited).json["secret"]
    key = Somebody(office.ada.id, secret)
    assert office.api("GET", "/people", by=key).status == 403
    assert office.api("GET", "/may?permission=ledger.read&console=ledger", by=key).json["ok"]
    assert not office.api("GET", "/may?permission=ledger.read", by=key).json["ok"]
    wider = office.api("POST", "/keys", key_body(office.ada), by=key)
    assert wider.status == 403


def test_nobody_makes_keys_for_others(office: Office) -> None:
    """Whoever sees a secret could act in that name, so not even an admin makes one."""
    pat = office.who("builder")
    assert office.api("POST", "/keys", key_body(pat)).status == 403
    shop = service_with(office.house, pat)
    body = {"holder": {"kind": "service", "id": shop.id}, "label": "x"}
    assert office.api("POST", "/keys", body).status == 403
    assert office.api("POST", "/keys", body, by=pat).status == 201
    listed = office.api("GET", f"/keys?holder_kind=service&holder_id={shop.id}").json["rows"]
    assert len(listed) == 2
