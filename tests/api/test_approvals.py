"""Approvals as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from muniment.access import Scope
from muniment.server.app import make_app
from tests.server.asking import Answer, ask, house_in
from tests.server.people import Somebody, found_admin, person_with

SYSTEM = Scope.of(system="sys_1")
QUESTION = {
    "matter": "registry.deploy",
    "about_kind": "system",
    "about_id": "sys_1",
    "title": "Deploy credit-score 4",
    "consequence": "Credit decisions are made by version 4.",
    "document": {"model": "sha256:aa", "share": 10},
    "scope": {"system": "sys_1"},
}


class Api:
    """The JSON door, asked by one person or another."""

    def __init__(self, app: Any, people: dict[str, Somebody]) -> None:
        self.app = app
        self.people = people

    def __call__(self, name: str, path: str = "", given: object = None, **headers: str) -> Answer:
        sent = {**self.people[name].headers, "sec-fetch-site": "same-origin", **headers}
        if given is None:
            return ask(self.app, f"/api/v1/approvals{path}", headers=sent)
        body = json.dumps(given).encode()
        sent |= {"content-type": "application/json", "content-length": str(len(body))}
        return ask(
            self.app, f"/api/v1/approvals{path}", method="POST", headers=sent, chunks=(body,)
        )


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    """Ada may ask, Bo may answer, Eve may nothing."""
    with house_in(tmp_path / "data") as house:
        found_admin(house)
        people = {
            "ada": person_with(house, "builder", SYSTEM),
            "bo": person_with(house, "releaser", SYSTEM),
            "eve": person_with(house),
        }
        yield Api(make_app(house), people)


def test_ask_open_answer(api: Api) -> None:
    """A request is asked, waits for Bo, is opened and answered; the answer says how it stands."""
    made = api("ada", "", QUESTION)
    assert made.status == 201
    told = made.json
    assert (told["state"], told["missing"]) == ("open", ["one person"])
    assert [each["id"] for each in api("bo", "/inbox").json["rows"]] == [told["id"]]
    assert api("ada", "/inbox").json["rows"] == []
    given = {"answer": "approve", "digest": told["digest"], "reason": "tests are green"}
    unopened = api("bo", f"/{told['id']}/answer", given)
    assert unopened.status == 403
    assert "opened" in unopened.json["detail"]
    assert api("bo", f"/{told['id']}/open", {}).status == 200
    done = api("bo", f"/{told['id']}/answer", given)
    assert done.status == 200
    assert done.json["state"] == "approved"
    assert done.json["votes"][0]["reason"] == "tests are green"
    assert api("bo", "?state=open").json["rows"] == []
    assert len(api("bo", "?state=approved").json["rows"]) == 1


def test_a_question_sent_twice_is_asked_once(api: Api) -> None:
    """Under one idempotency key there is one request."""
    key = {"idempotency-key": "k-1"}
    first, second = (api("ada", "", {**QUESTION, "single_use": True}, **key) for _ in range(2))
    assert first.json["id"] == second.json["id"]
    assert len(api("ada").json["rows"]) == 1


@pytest.mark.parametrize(
    ("bad", "status"),
    [
        ({**QUESTION, "state": "approved"}, 422),
        ({**QUESTION, "document": {"share": 0.5}}, 422),
        ({**QUESTION, "document": []}, 422),
        ({**QUESTION, "rule": {"needs": [{"count": 0}]}}, 422),
        ({**QUESTION, "rule": {"needs": [{"count": 10}, {"count": 10}]}}, 422),
        ({**QUESTION, "expires_at": "2001-01-01T00:00:00Z"}, 422),
        ({**QUESTION, "scope": {"planet": "mars"}}, 422),
        ({**QUESTION, "scope": {}}, 403),
        ({}, 422),
        ([], 422),
    ],
)
def test_questions_that_are_refused(api: Api, bad: object, status: int) -> None:
    """Unknown fields, fractions, rules that ask nobody, past times and strange places are named."""
    answer = api("ada", "", bad)
    assert answer.status == status
    assert answer.json["detail"]
    assert api("ada").json["rows"] == []


def test_strangers(api: Api) -> None:
    """Eve neither asks, nor sees, nor answers; an unknown id is not found."""
    told = api("ada", "", QUESTION).json
    assert api("eve", "", QUESTION).status == 403
    assert api("eve").json["rows"] == []
    assert api("eve", f"/{told['id']}").status == 403
    assert api("eve", f"/{told['id']}/open", {}).status == 403
    assert api("bo", "/apr_none").status == 404


def test_remark_pass_up_withdraw(api: Api) -> None:
    """The other steps answer with how the request stands."""
    told = api("ada", "", {**QUESTION, "rule": {"escalate_to": "owner"}}).json
    assert api("bo", f"/{told['id']}/comment", {"text": "Why?"}).status == 200
    assert api("bo", f"/{told['id']}/escalate", {"reason": "above me"}).status == 200
    assert api("bo", f"/{told['id']}/escalate", {"reason": "again"}).status == 409
    assert api("ada", f"/{told['id']}/withdraw", {"reason": "no need"}).json["state"] == "withdrawn"
