"""Detection as JSON: what is found, how it is protected, and who may ask."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.server.asking import Answer, ask
from tests.server.office import Office, office_in

MAIL = "maria.lopez@example.com"
TEXT = f"Please write to {MAIL} today."


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office, shared by the tests of this file."""
    with office_in(tmp_path_factory.mktemp("office")) as opened:
        yield opened


def post(office: Office, path: str, given: object, role: str = "security") -> Answer:
    """Ask as somebody of a role."""
    headers = {"content-type": "application/json", **office.who(role).headers}
    sent = json.dumps(given).encode()
    return ask(office.app, f"/api/v1/detect/{path}", method="POST", headers=headers, chunks=[sent])


def test_a_scan_points_and_never_repeats_the_value(office: Office) -> None:
    """Places, types, reasons, coverage and build; the value stays with who sent it."""
    told = post(office, "scan", {"text": TEXT, "explain": True})
    assert told.status == 200
    (found,) = told.json["findings"]
    assert (found["type"], TEXT[found["start"] : found["end"]]) == ("EMAIL_ADDRESS", MAIL)
    assert told.json["verdict"] == "found"
    assert told.json["inspected"] == len(TEXT)
    assert told.json["build"]
    assert MAIL.encode() not in told.body


def test_texts_values_and_messages_are_protected(office: Office) -> None:
    """Each in its own form, with what turns it back."""
    text = post(office, "protect", {"text": TEXT}).json
    assert text["text"] == "Please write to [EMAIL_1] today."
    assert text["map"] == {"[EMAIL_1]": MAIL}
    value = post(office, "protect", {"value": {"to": MAIL}}).json
    assert value["value"] == {"to": "[EMAIL_1]"}
    assert value["findings"][0]["under"] == "to"
    messages = [{"role": "user", "content": TEXT}]
    told = post(office, "protect", {"messages": messages}).json
    assert told["value"][0]["content"] == "Please write to [EMAIL_1] today."


def test_a_policy_may_tokenise_into_the_vault(office: Office) -> None:
    """A token stands for the value and is kept; without saying whose it is, nothing is made."""
    policy = {"default": "tokenise"}
    keep = {"subject": "sub_0a1b2c3d4e5f6a7b8c9d", "scope": "support"}
    told = post(office, "protect", {"text": TEXT, "policy": policy, "keep": keep})
    assert told.status == 200
    ((token, value),) = told.json["map"].items()
    assert (value, told.json["text"]) == (MAIL, f"Please write to {token} today.")
    assert token.startswith("tok_")
    assert post(office, "protect", {"text": TEXT, "policy": policy}).status == 422


def test_a_blocked_text_is_not_given(office: Office) -> None:
    """The answer says why, and holds neither the text nor a map."""
    told = post(office, "protect", {"text": TEXT, "policy": {"default": "block"}}).json
    assert (told["outcome"], told["text"], told["map"]) == ("block", None, {})
    assert told["reasons"] == ["EMAIL_ADDRESS stops the call"]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"text": "a", "value": 1},
        {"text": "a", "policy": {"default": "maks"}},
        {"text": "a", "policy": {"default": "hash"}},
        {"text": "a", "colour": 1},
        {"text": 5},
        {"text": "\ud800"},
    ],
)
def test_what_is_wrong_is_told_in_one_shape(office: Office, given: object) -> None:
    """A field, a reason, a remedy; never a traceback."""
    told = post(office, "protect", given)
    assert told.status == 422
    assert told.json["code"] == "invalid"
    assert told.json["remedy"]


def test_who_may_not_is_refused(office: Office) -> None:
    """An auditor reads types, and has no text looked at; strangers get nothing."""
    assert post(office, "scan", {"text": TEXT}, role="compliance").status == 403
    assert ask(office.app, "/api/v1/detect/types").status == 401
    listed = ask(office.app, "/api/v1/detect/types", headers=office.who("compliance").headers)
    assert "EMAIL_ADDRESS" in {each["type"] for each in listed.json}
