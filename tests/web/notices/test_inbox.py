"""The inbox page."""

from __future__ import annotations

import html
import re

from tests.server.asking import ask
from tests.web.notices.asking import PAGE, Console


def test_a_notice_is_new_until_it_is_opened(console: Console) -> None:
    """It stands in the inbox of whom it is for; opening it counts as a look, for them only."""
    notice = console.tell("Risk")
    page = console.get("", console.ada)
    assert b"A team was made" in page.body
    assert b">new<" in page.body
    assert console.get(f"/{notice}").status == 200  # security looks, which counts for nobody
    assert b">new<" in console.get("", console.ada).body
    shown = console.get(f"/{notice}", console.ada)
    assert b"Ada Builder" in shown.body
    assert b">new<" not in console.get("", console.ada).body


def test_filters_narrow_and_wrong_ones_are_said(console: Console) -> None:
    """By severity and by new; a filter that is none comes back beside what was typed."""
    console.tell("Fraud")
    assert b"A team was made" in console.get("?which=unseen&severity=look", console.ada).body
    assert b"A team was made" not in console.get("?severity=urgent", console.ada).body
    assert console.get("?severity=grave", console.ada).status == 422
    assert console.get("/export.csv", console.ada).status == 200


def test_all_are_marked_at_once(console: Console) -> None:
    """The page says what that means, and the doing leads back."""
    console.tell("Credit")
    assert b"passed up" in console.get("/seen", console.ada).body
    done = console.post("/seen", console.ada)
    assert done.status == 303
    assert b"You have looked at everything" in console.get("", console.ada).body


def test_what_others_were_told_is_for_who_watches(console: Console) -> None:
    """Security reads everybody's; a builder does not, and not a notice of others."""
    notice = console.tell("Legal")
    assert b"A team was made" in console.get("/all").body
    assert console.get("/all", console.ada).status == 403
    assert console.get("/ntc_none", console.ada).status == 403
    assert console.get(f"/{notice}", console.ada).status == 200


def test_those_picked_are_marked_and_no_other(console: Console) -> None:
    """Of two new notices the picked one is seen; one of somebody else's is left alone."""
    picked, other = console.tell("Audit"), console.tell("Treasury")
    asked = console.get(f"/seen?pick={picked}", console.ada)
    assert b"Mark 1 as seen?" in asked.body
    assert console.post("/seen", console.ada, pick=picked).status == 303
    page = console.get("?which=unseen", console.ada).body.decode()
    assert other in page
    assert picked not in page


def test_what_was_marked_is_put_back_as_new(console: Console) -> None:
    """The next page offers it once; what was marked in one go is new again, and once only."""
    console.tell("Vendors")
    done = console.post("/seen", console.ada)
    cookie = done.headers["set-cookie"].partition(";")[0]
    headers = {**console.ada.headers, "cookie": f"{console.ada.headers['cookie']}; {cookie}"}
    shown = ask(console.app, done.headers["location"], headers=headers).body.decode()
    assert "notice is seen" in shown or "notices are seen" in shown
    undo = html.unescape(re.findall(r'href="([^"]*put-back[^"]*)"', shown)[0]).removeprefix(PAGE)
    assert b"Put back as new?" in console.get(undo, console.ada).body
    at = re.findall(r'name="at" value="([^"]+)"', console.get(undo, console.ada).body.decode())[0]
    assert b"nothing of yours" in console.post("/put-back", console.sec, at=at).body.lower()
    assert console.post("/put-back", console.ada, at=at).status == 303
    assert b">new<" in console.get("?which=unseen", console.ada).body
    assert console.post("/put-back", console.ada, at=at).status == 409
    assert console.post("/put-back", console.ada, at="soon").status == 422
