"""Policies for people by JSON: written, let hold, read, and who has not yet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policy.office import PolicyOffice
from tests.server.people import person_with


def given(office: PolicyOffice, **more: object) -> dict[str, Any]:
    """Give a text of a policy."""
    return {
        "title": "Acceptable use",
        "text": "# Acceptable use\n\n1. Ask first.\n",
        "owner": office.bo.id,
        "review_by": "2999-01-01T00:00:00Z",
        "controls": ["CC1.1"],
        "reason": "first",
        **more,
    }


def test_the_whole_way(office: PolicyOffice) -> None:
    """Begin, write, ask, let hold, read, write on top, and see who has not read it yet."""
    starters = office.api("GET", "/starters?limit=4").json
    assert len(starters["rows"]) == 4
    rest = office.api("GET", f"/starters?limit=4&cursor={starters['next_cursor']}").json
    assert [each["name"] for each in rest["rows"]] == ["retention", "vendor"]
    made = office.api("POST", "/written", given(office, id="use"))
    assert (made.status, made.headers["etag"], made.json["version"]) == (200, '"1"', 1)
    assert office.api("POST", "/written", given(office, id="use")).status == 409
    assert office.api("GET", "/written/use").json["stands"] == "draft"
    assert office.api("POST", "/written/use/versions/1/publish", {}, by=office.bo).status == 409
    asked = office.api("POST", "/written/use/versions/1/review", {}).json
    assert asked["request_id"].startswith("apr_")
    cora = person_with(office.house, "compliance", name="Cora Peer")
    office.approve(by=cora)
    held = office.api("POST", "/written/use/versions/1/publish", {}, by=cora).json
    assert (held["version"], held["digest"]) == (1, made.json["digest"])
    read = office.api("POST", "/written/use/acknowledge", {"digest": made.json["digest"]})
    assert (read.status, read.json["version"]) == (200, 1)
    found = office.api("GET", "/written/use")
    assert (found.headers["etag"], found.json["stands"], found.json["read_by"]) == (
        '"1"',
        "holds",
        1,
    )
    told = office.api("GET", "/written/use/readers?read=true").json["rows"]
    assert [each["name"] for each in told] == ["Ada Author"]
    missing = office.api("GET", "/readers?read=false&limit=1").json
    assert len(missing["rows"]) == 1
    assert missing["next_cursor"]
    assert len(office.api("GET", "/written").json["rows"]) == 1


def test_two_who_write_at_once_see_each_other(office: PolicyOffice) -> None:
    """A version is written on top of the one that was read; without saying which, or late: no."""
    office.api("POST", "/written", given(office, id="use"))
    new = given(office, text="1. Ask first.\n2. Then ask again.\n", reason="second")
    assert office.api("POST", "/written/use/versions", new).status == 428
    made = office.api("POST", "/written/use/versions", new, if_match='"1"')
    assert (made.status, made.headers["etag"]) == (200, '"2"')
    assert office.api("POST", "/written/use/versions", new, if_match='"1"').status == 412
    page = office.api("GET", "/written/use/versions?limit=1").json
    assert [each["version"] for each in page["rows"]] == [2]
    shown = office.api("GET", "/written/use/versions/2").json
    assert [each["text"] for each in shown["lines"] if each["kind"] == "added"] == [
        "2. Then ask again."
    ]
    assert shown["approved"] is False


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("GET", "/written/none", None, 404),
        ("GET", "/written/none/readers", None, 404),
        ("GET", "/written/none/versions/1", None, 404),
        ("GET", "/readers?cursor=x", None, 422),
        ("POST", "/written", {"id": "No Name"}, 422),
        ("POST", "/written", {"id": "use", "owner": "per_none"}, 404),
        ("POST", "/written", {"id": "use", "review_by": "2001-01-01T00:00:00Z"}, 422),
        ("POST", "/written", {"id": "use", "colour": 1}, 422),
        ("POST", "/written", {"id": "use", "text": "half \u0000"}, 422),
    ],
)
def test_what_is_refused(
    office: PolicyOffice, method: str, path: str, more: dict[str, Any] | None, status: int
) -> None:
    """What is not there, not valid or not asked for is refused with its status and a remedy."""
    sent = None if more is None else given(office, **more)
    answer = office.api(method, path, sent)
    assert answer.status == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json["title"]
