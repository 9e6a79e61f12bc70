"""Cases as JSON: reported, listed without their texts, opened on record, erased."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from muniment import detect
from muniment.core.actor import system_actor
from tests.api.test_detect import MAIL, TEXT, post
from tests.server.asking import ask
from tests.server.office import Office, office_in

START = TEXT.index(MAIL)
MISS = {"kind": "missed", "type": "EMAIL_ADDRESS", "start": START, "end": START + len(MAIL)}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office, shared by the tests of this file."""
    with office_in(tmp_path_factory.mktemp("office")) as opened:
        yield opened


def test_a_report_becomes_a_case_on_record(office: Office) -> None:
    """Its digest stands in the ledger, its text neither there nor in the list."""
    told = post(office, "feedback", {**MISS, "text": TEXT})
    assert told.status == 200
    (entry, *_) = office.entries("detect.case_reported")
    assert told.json["digest"] in json.dumps(entry)
    assert MAIL not in json.dumps(entry)
    headers = office.who("compliance").headers
    listed = ask(office.app, "/api/v1/detect/feedback", headers=headers)
    assert told.json["id"] in {each["id"] for each in listed.json["rows"]}
    assert MAIL.encode() not in listed.body


def test_a_text_is_opened_with_permission_reason_and_record_until_it_is_erased(
    office: Office,
) -> None:
    """Who may not open is refused, a reason is asked for, and after erasing nobody reads it."""
    case = post(office, "feedback", {**MISS, "text": TEXT}).json["id"]
    why = {"reason": "looking into the miss"}
    assert post(office, f"feedback/{case}/open", why, role="builder").status == 403
    assert post(office, f"feedback/{case}/open", {"reason": ""}).status == 422
    assert not office.entries("vault.opened")
    told = post(office, f"feedback/{case}/open", why).json
    assert told["text"][told["start"] : told["end"]] == MAIL
    (entry,) = office.entries("vault.opened")
    assert "looking into the miss" in json.dumps(entry)
    assert post(office, f"feedback/{case}/erase", {"reason": "no longer needed"}).json["erased_at"]
    assert post(office, f"feedback/{case}/open", why).status == 409
    assert post(office, "feedback/cas_nobody/open", why).status == 404


@pytest.mark.parametrize(
    "wrong", [{"subject": "Maria"}, {"classification": "x"}, {"keep_days": 0}, {"end": 10_000}]
)
def test_a_report_that_cannot_be_kept_is_refused(office: Office, wrong: dict[str, object]) -> None:
    """A name is no pseudonym, and a class is one of the settings."""
    assert post(office, "feedback", {**MISS, "text": TEXT, **wrong}).status == 422


def test_a_text_that_json_cannot_say_is_not_said(office: Office) -> None:
    """Half a surrogate pair is kept, and opening it says how to read it."""
    house = office.house
    with house.database.work(system_actor("test")) as work:
        odd, place = f"{TEXT}\ud800", {"type": "PERSON", "start": 0, "end": 4}
        case = detect.report(work, house.safe, odd, detect.CaseKind.MISSED, **place)  # type: ignore[arg-type]  # as it stands above
    told = post(office, f"feedback/{case.id}/open", {"reason": "looking into the miss"})
    assert (told.status, "feedback show" in told.json["remedy"]) == (422, True)
