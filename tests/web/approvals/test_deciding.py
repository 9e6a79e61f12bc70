"""Answering from the page."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from muniment import approvals
from muniment.approvals import Rule, State
from tests.server.asking import ask
from tests.server.people import MACHINE
from tests.web.approvals.asking import DOCUMENT, Desk


def state_of(desk: Desk, request_id: str) -> State:
    """Read how a request stands."""
    with desk.house.database.look(MACHINE) as work:
        return approvals.get(work, request_id)[0].state


def test_an_answer_is_recorded_and_shown(desk: Desk) -> None:
    """After a yes the page shows who said it, why, and that it is approved."""
    request = desk.ask_for()
    done = desk.answer("bo", request)
    assert (done.status, done.headers["location"]) == (303, f"/console/approvals/{request.id}")
    page = desk.get("ada", f"/{request.id}").body.decode()
    assert "Bo Releaser" in page
    assert "looked at it" in page
    assert state_of(desk, request.id) is State.APPROVED


def test_a_changed_document_is_approved_as_changed(desk: Desk) -> None:
    """The edited document becomes the version that is approved."""
    request = desk.ask_for()
    changed = json.dumps({**DOCUMENT, "share": 5})
    desk.answer("bo", request, answer="approve_with_change", change=changed)
    with desk.house.database.look(MACHINE) as work:
        found = approvals.get(work, request.id)[0]
    assert found.state is State.APPROVED
    assert found.matter.document["share"] == 5


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"answer": "maybe"}, 422, "Choose one of them"),
        ({"reason": " "}, 422, "Write a sentence"),
        ({"digest": "sha256:0"}, 409, "changed since you saw it"),
        ({"answer": "approve_with_change", "change": "{"}, 422, "not JSON"),
        ({"answer": "approve_with_change", "change": "[]"}, 422, "not an object"),
        ({"answer": "approve_with_change", "change": '{"a": 0.5}'}, 422, "fraction"),
        ({"answer": "override"}, 403, "you may not do this"),
        ({"acts_for": "per_other"}, 403, "not asked you"),
    ],
)
def test_answers_that_are_refused(
    desk: Desk, fields: dict[str, str], status: int, says: str
) -> None:
    """What is wrong is said on the page, what was typed is kept, and nothing is recorded."""
    request = desk.ask_for()
    page = desk.answer("bo", request, **{"reason": "typed and kept", **fields})
    assert page.status == status
    assert says.lower() in page.body.decode().lower()
    assert "typed and kept" in page.body.decode() or "reason" in fields
    assert state_of(desk, request.id) is State.OPEN


def test_remarks_withdrawal_and_passing_up(desk: Desk) -> None:
    """What stands beside the answer works from the page as well."""
    request = desk.ask_for(Rule(escalate_to="owner"))
    assert desk.post("ada", f"/{request.id}/comment", text="Why <now>?").status == 303
    assert "Why &lt;now&gt;?" in desk.get("bo", f"/{request.id}").body.decode()
    assert desk.post("bo", f"/{request.id}/escalate", reason="above my head").status == 303
    assert "passed up" in desk.get("bo", f"/{request.id}").body.decode()
    assert desk.post("bo", f"/{request.id}/withdraw", reason="x").status == 403
    assert desk.post("ada", f"/{request.id}/withdraw", reason="no need").status == 303
    assert state_of(desk, request.id) is State.WITHDRAWN


def test_a_form_without_its_token_does_nothing(desk: Desk) -> None:
    """An answer that another site sends in the reader's name is refused."""
    request = desk.ask_for()
    desk.get("bo", f"/{request.id}")
    headers = {
        "cookie": desk.people["bo"].headers["cookie"],
        "content-type": "application/x-www-form-urlencoded",
        "sec-fetch-site": "cross-site",
    }
    fields = {"answer": "approve", "digest": request.version.digest, "reason": "forged"}
    body = urlencode(fields).encode()
    path = f"/console/approvals/{request.id}/answer"
    answer = ask(desk.app, path, method="POST", headers=headers, chunks=(body,))
    assert answer.status == 403
    assert state_of(desk, request.id) is State.OPEN
