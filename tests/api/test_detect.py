"""Detection as JSON: what is found, how it is protected, and who may ask."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.detect.yes import say_yes
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


def test_a_report_becomes_a_case_on_record(office: Office) -> None:
    """Its digest stands in the ledger, its text does not."""
    start = TEXT.index(MAIL)
    told = post(
        office,
        "feedback",
        {
            "kind": "false_alarm",
            "text": TEXT,
            "type": "EMAIL_ADDRESS",
            "start": start,
            "end": start + len(MAIL),
        },
    )
    assert told.status == 200
    (entry, *_) = office.entries("detect.case_reported")
    assert told.json["digest"] in json.dumps(entry)
    assert MAIL not in json.dumps(entry)


def get(office: Office, path: str, role: str = "security") -> Answer:
    """Look as somebody of a role."""
    return ask(office.app, f"/api/v1/detect/{path}", headers=office.who(role).headers)


def test_a_change_is_asked_for_approved_and_applied(office: Office) -> None:
    """With figures before and after; before the yes it is refused, after it it holds."""
    given = {
        "configuration": "threshold = 0.4",
        "owner": "per_ines",
        "reason": "to find more than before",
    }
    told = post(office, "changes", given, role="builder")
    assert told.status == 200, told.body
    asked = told.json
    assert (asked["state"], asked["version"]) == ("waiting", 0)
    assert asked["differences"] == [{"what": "threshold", "before": "0.5", "after": "0.4"}]
    assert asked["after"]["names"]["found"] >= asked["before"]["names"]["found"] > 0
    assert [each["name"] for each in asked["judged"]] == ["cases", "values", "names", "signals"]
    assert post(office, f"changes/{asked['id']}/apply", {}).status == 409
    assert post(office, f"changes/{asked['id']}/apply", {}, role="builder").status == 403
    say_yes(office.house, office.who("compliance"), asked["id"])
    assert post(office, f"changes/{asked['id']}/apply", {}).json["version"] == 1
    assert get(office, "configuration").json["configuration"] == "threshold = 0.4\n"
    assert get(office, f"changes/{asked['id']}").json["state"] == "in_force"
    assert get(office, "changes").json["rows"][0]["id"] == asked["id"]
    assert get(office, "configuration/history").json[0]["owner"] == "per_ines"


@pytest.mark.parametrize(
    ("field", "value"),
    [("configuration", "threshold = 7"), ("configuration", "what = 1"), ("system", "a\u00e9")],
)
def test_a_change_that_cannot_be_is_refused(office: Office, field: str, value: str) -> None:
    """What is wrong is told with its field, and nothing is kept."""
    given = {
        "configuration": "threshold = 0.3",
        "owner": "per_ines",
        "reason": "to find more than before",
        field: value,
    }
    assert post(office, "changes", given).status == 422
    assert get(office, "changes/dch_nobody").status == 404
