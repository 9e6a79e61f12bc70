"""Changes as JSON."""

from __future__ import annotations

from tests.server.registered import Registered


def test_a_change_goes_its_way(there: Registered) -> None:
    """Drafted, checked, asked about, promoted by the digest, rolled back."""
    here = f"/systems/{there.live().id}"
    first = there.released("one")
    there.drafted("two")
    given = {"title": "Two", "reason": "asked", "versions": {"prompt/main": 2}}
    made = there.api("builder", f"{here}/changes", given)
    assert made.status == 201
    change = f"/changes/{made.json['id']}"
    assert made.json["next"] == "production:10"
    checked = there.api("builder", f"{change}/check", {}).json["findings"]
    assert {each["verdict"] for each in checked} == {"met", "could_not_tell"}
    there.yes(there.api("builder", f"{change}/ask", {}).json["request_id"])
    other = {"set_digest": first.set_digest}
    assert there.api("releaser", f"{change}/promote", other).status == 403
    right = {"set_digest": made.json["set_digest"]}
    step = there.api("releaser", f"{change}/promote", right).json
    assert [each["percent"] for each in step["shares"]] == [90, 10]
    assert there.api("operator", f"{here}/rollback", {"reason": "odd"}).status == 200
    assert there.api("owner", change).json["state"] == "rolled_back"
    assert len(there.api("owner", "/changes?state=draft").json["rows"]) == 1
    assert there.api("builder", f"{change}/withdraw", {"reason": "no"}).status == 409
