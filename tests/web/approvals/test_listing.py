"""The inbox."""

from __future__ import annotations

from tests.web.approvals.asking import Desk


def test_an_empty_inbox_teaches(desk: Desk) -> None:
    """With nothing to decide, the page says so and where else to look."""
    page = desk.get("bo", "")
    assert page.status == 200
    assert b"Nothing waits for you." in page.body
    assert b"See what waits for others" in page.body


def test_what_waits_for_whom(desk: Desk) -> None:
    """Bo is told that one decision waits; Ada, who asked, is not; Eve sees no line of it."""
    desk.ask_for()
    assert b"One decision</a></b> waits for you" in desk.get("bo", "").body
    assert b"Nothing waits for you." in desk.get("ada", "").body
    assert b"Deploy credit-score 4 &lt;now&gt;" in desk.get("ada", "?which=open").body
    assert b"Deploy credit-score" not in desk.get("eve", "?which=all").body


def test_decided_requests_move(desk: Desk) -> None:
    """What was answered is among the decided ones and no longer among the open."""
    request = desk.ask_for()
    desk.answer("bo", request)
    assert request.id.encode() not in desk.get("bo", "?which=open").body
    assert request.id.encode() in desk.get("bo", "?which=decided").body


def test_a_list_that_does_not_exist(desk: Desk) -> None:
    """A made-up tab is refused with those that are."""
    page = desk.get("bo", "?which=secret")
    assert page.status == 422
    assert b"mine, open, held, decided, all" in page.body


def test_a_tab_is_sorted_and_saved_as_it_is_shown(desk: Desk) -> None:
    """What is saved is the tab that is open, with what it is; no box lets several be picked."""
    request = desk.ask_for()
    assert request.id.encode() in desk.get("bo", "?which=open&sort=-what").body
    saved = desk.get("bo", "/export.json?which=open")
    assert saved.json["query"] == {"which": "open"}
    assert b"which: open" in desk.get("bo", "/export.csv?which=open").body
    assert b"checkbox" not in desk.get("bo", "?which=open").body
