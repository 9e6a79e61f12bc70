"""The page of detection: try, see, report; whole without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from muniment import detect
from muniment.core.actor import system_actor
from muniment.web.callers import csrf_token
from tests.server.asking import Answer, ask
from tests.server.office import Office, office_in, words

MAIL = "maria.lopez@example.com"
TEXT = f"Please write to {MAIL} today.\r\nThank you <b>very</b> much."


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office, shared by the tests of this file."""
    with office_in(tmp_path_factory.mktemp("office")) as opened:
        yield opened


def send(office: Office, path: str = "", /, *, role: str = "security", **typed: str) -> Answer:
    """Send a form of the page."""
    headers = {
        "accept": "text/html",
        "content-type": "application/x-www-form-urlencoded",
        **office.who(role).headers,
    }
    body = urlencode(typed).encode()
    return ask(office.app, f"/console/detect{path}", method="POST", headers=headers, chunks=[body])


def test_a_text_is_shown_with_what_was_found_and_how_it_is_protected(office: Office) -> None:
    """Highlights with a word, a table with reasons, the protected text; all of it escaped."""
    told = send(office, text=TEXT, policy="mask")
    assert told.status == 200
    page = told.body.decode()
    assert re.search(rf'<mark class="found look">{MAIL}<small>EMAIL_ADDRESS, personal', page)
    assert "Please write to [EMAIL_1] today." in page
    assert "<b>very</b>" not in page
    assert "1 found. All of it was inspected." in words(told)


def test_a_stopped_text_is_not_shown_as_if_it_went_on(office: Office) -> None:
    """The outcome is said in words."""
    told = send(office, text=TEXT, policy="block")
    assert "This text would not go on." in words(told)
    assert "[EMAIL_1]" not in told.body.decode()


def test_a_false_alarm_and_a_miss_become_cases(office: Office) -> None:
    """The buttons keep a case and lead back to the page, which says so."""
    text = TEXT.replace("\r\n", "\n")
    start = text.index(MAIL)
    places = {"start": str(start), "end": str(start + len(MAIL))}
    told = send(office, "/feedback", text=TEXT, kind="false_alarm", type="EMAIL_ADDRESS", **places)
    assert told.status == 303
    shown = ask(office.app, told.headers["location"], headers=office.who("security").headers)
    assert "Kept as a case." in words(shown)
    told = send(
        office, "/feedback", text=TEXT, kind="missed", type="PERSON", missed="very</b> much"
    )
    assert told.status == 303
    with office.house.database.work(system_actor("test")) as work:
        newest = detect.cases(work).rows[0]
        _, opening = detect.open_case(work, office.house.safe, newest.id, reason="in a test")
    assert detect.text_of(opening)[newest.start : newest.end] == "very</b> much"


def test_the_text_of_a_case_is_opened_on_record_and_erased(office: Office) -> None:
    """With a reason it is shown, escaped; erased it is never shown again; others are refused."""
    send(office, "/feedback", text=TEXT, kind="missed", type="PERSON", missed="very</b> much")
    with office.house.database.look(system_actor("test")) as work:
        case = detect.cases(work).rows[0].id
    before = len(office.entries("vault.opened"))
    typed = {"case": case, "reason": "looking into the miss", "do": "open"}
    assert send(office, "/cases", role="compliance", **typed).status == 403
    assert send(office, "/cases", **{**typed, "reason": ""}).status == 422
    told = send(office, "/cases", **typed)
    assert "Thank you <b>very</b> much." in words(told)
    assert "<b>very</b>" not in told.body.decode()
    assert len(office.entries("vault.opened")) == before + 1
    assert send(office, "/cases", **{**typed, "do": "erase"}).status == 200
    told = send(office, "/cases", **typed)
    assert (told.status, "The text of this case is erased." in words(told)) == (422, True)


def test_mistakes_stand_beside_their_field(office: Office) -> None:
    """What was typed is kept, and the page says what to write instead."""
    assert "There is no text to look at" in words(send(office, text=" "))
    told = send(office, "/feedback", text=TEXT, kind="missed", type="PERSON", missed="nowhere")
    assert told.status == 422
    assert "These words do not stand in the text" in words(told)
    assert send(office, text=TEXT, policy="x").status == 422
    assert send(office, "/feedback", text=TEXT, kind="x").status == 422


def test_who_may_not_have_texts_looked_at_is_refused(office: Office) -> None:
    """The page can be read by all who may read; trying asks for more."""
    headers = {"accept": "text/html", **office.who("compliance").headers}
    assert ask(office.app, "/console/detect", headers=headers).status == 200
    assert send(office, role="compliance", text=TEXT).status == 403


def test_every_form_carries_the_token_of_the_session(office: Office) -> None:
    """Another site cannot make a browser send one."""
    page = send(office, text=TEXT, policy="mask").body.decode()
    forms = re.findall(r'<form[^>]*method="post"[^>]*>.*?</form>', page, re.DOTALL)
    assert len(forms) >= 3
    assert all('name="csrf"' in form for form in forms)
    assert csrf_token("a") != csrf_token("b")


KEPT = {"subject": "sub_0a1b2c3d4e5f6a7b8c9d", "scope": "support", "classification": "confidential"}
CARD = "4111 1111 1111 1111"


def test_tokens_are_kept_in_the_vault_and_turn_back(office: Office) -> None:
    """The protected text has tokens; with scope and reason the values come back, on record."""
    told = send(office, text=f"{MAIL} paid by {CARD} today", policy="tokenise", **KEPT)
    assert told.status == 200
    shown = words(told)
    token = re.search(r"tok_[a-z2-7]{32}", shown)
    number = re.search(r"(?<=paid by )[0-9 ]{19}(?= today)", shown.split("How it would be")[1])
    assert token
    assert number
    assert number[0] != CARD
    typed = {
        "restore": f"{token[0]} paid by {number[0]}",
        "numbers": number[0],
        "scope": "support",
        "reason": "the customer asked",
    }
    assert f"{MAIL} paid by {CARD}" in words(send(office, "/restore", **typed))
    assert len(office.entries("vault.restored")) == 2
    told = send(office, "/restore", **{**typed, "scope": "elsewhere"})
    assert told.status == 422
    assert "stands for nothing here" in words(told)
    assert send(office, "/restore", role="builder", **typed).status == 403


def test_tokens_need_a_pseudonym_and_the_right_to_make_them(office: Office) -> None:
    """A name is refused as whose values they are; who may not tokenise is not offered it."""
    told = send(office, text=TEXT, policy="tokenise", **{**KEPT, "subject": "Maria Lopez"})
    assert told.status == 422
    assert "never a name or an address" in words(told)
    offered = ask(office.app, "/console/detect", headers=office.who("compliance").headers)
    assert "by tokens" not in words(offered)
