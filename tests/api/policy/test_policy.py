"""Policy by JSON: the whole way, and what is refused."""

from __future__ import annotations

import pytest

from tests.policy.judging import ALLOW, rule
from tests.policy.office import PolicyOffice

WHY = {"reason": "for the test"}


def files(*rules: str) -> list[dict[str, str]]:
    """Write rules into one file."""
    return [{"name": "a.cedar", "text": "\n".join(rules)}]


def test_the_whole_way(office: PolicyOffice) -> None:
    """Check, draft, shadow, ask, publish, look back, simulate, replay, go back."""
    told = office.api("POST", "/check", {"files": files("permit (")}).json
    assert (told["bundle"], told["problems"][0]["line"]) == ("", 1)
    made = office.api("POST", "/versions", {"files": files(ALLOW), **WHY})
    assert (made.status, made.json["number"]) == (200, 1)
    assert office.api("POST", "/versions/1/shadow", WHY).status == 200
    assert office.api("POST", "/shadow/end", WHY).json["how"] == "shadow_ended"
    refused = office.api("POST", "/versions/1/publish", WHY, by=office.bo)
    assert refused.status == 409
    asked = office.api("POST", "/versions/1/review", {}).json
    assert asked["request_id"].startswith("apr_")
    office.approve()
    published = office.api("POST", "/versions/1/publish", {**WHY, "revision": 2}, by=office.bo)
    assert published.json["how"] == "published"
    assert office.api("GET", "").json == {"revision": 3, "enforced": 1, "shadow": 0}
    kept = office.decide("CREDIT_CARD")
    office.api("POST", "/versions", {"files": files(ALLOW, rule("no")), **WHY})
    shown = office.api("GET", "/versions/2").json
    assert [each["rule"] for each in shown["changes"]] == ["no"]
    told = office.api("GET", "/versions/2/diff").json
    assert (told["before"], told["files"][0]["name"], told["files"][0]["added"]) == (
        1,
        "a.cedar",
        1,
    )
    assert office.api("GET", "/versions/1/diff?base=1").json["files"] == []
    simulated = office.api("GET", "/versions/2/simulation?days=1").json
    assert (simulated["tried"], simulated["changed"]) == (1, 1)
    assert office.api("GET", f"/decisions/{kept.id}").json["facts"]["action"] == "call"
    assert office.api("GET", f"/decisions/{kept.id}/replay").json["verdict"] == "met"
    assert len(office.api("GET", "/decisions").json["rows"]) == 1
    assert [each["number"] for each in office.api("GET", "/versions").json["rows"]] == [2, 1]
    assert len(office.api("GET", "/changes").json) == 3
    assert office.api("POST", "/rollback", WHY, by=office.bo).status == 409
    office.house.log.seal()
    moment = kept.at.isoformat().replace("+00:00", "Z")
    found = office.api("GET", f"/at?at={moment}").json
    assert (found["verdict"], found["version"]["number"]) == ("met", 1)
    assert found["proof"]


@pytest.mark.parametrize(
    ("method", "path", "given", "status"),
    [
        ("GET", "/versions/9", None, 404),
        ("GET", "/versions/x", None, 422),
        ("GET", "/versions/9/diff", None, 404),
        ("GET", "/versions/1/diff?base=-1", None, 422),
        ("GET", "/decisions/dec_none", None, 404),
        ("GET", "/at?at=2999-01-01T00:00:00Z", None, 422),
        ("POST", "/versions", {"files": files("permit ("), "reason": "r"}, 422),
        ("POST", "/versions", {"files": files(ALLOW), "reason": "r", "colour": 1}, 422),
        ("POST", "/versions/9/shadow", WHY, 404),
        ("POST", "/versions/1/shadow", {"reason": ""}, 422),
    ],
)
def test_what_is_refused(
    office: PolicyOffice, method: str, path: str, given: object, status: int
) -> None:
    """What is not there, not valid or not asked for is refused with its status."""
    assert office.api(method, path, given).status == status
