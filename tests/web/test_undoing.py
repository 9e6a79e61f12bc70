"""What was done is said on the next page, once, with the act that undoes it."""

from __future__ import annotations

import html
import re

from tests.server.asking import Answer, ask
from tests.server.office import PAGES, Office, words
from tests.server.people import Somebody, person_with

UNDO = re.compile(r'class="notice ok just-done".*?href="([^"]+)"', re.DOTALL)


def after(office: Office, done: Answer, by: Somebody | None = None) -> Answer:
    """Go on to where an act leads, as a browser does, with the cookie it was given."""
    given = done.headers["set-cookie"].partition(";")[0]
    headers = {"accept": "text/html", **(by or office.ada).headers}
    headers["cookie"] = f"{headers['cookie']}; {given}"
    return ask(office.app, done.headers["location"], headers=headers)


def test_an_account_that_was_closed_is_opened_again_from_the_next_page(office: Office) -> None:
    """The page after the act says what was done and leads to its opposite; both are on record."""
    pat = person_with(office.house, "", name="Pat Person")
    active = len(office.entries("access.person_activated"))
    done = office.send(f"/people/{pat.id}/suspend", version="1")
    shown = after(office, done)
    assert "The account of Pat Person is closed." in words(shown)
    assert 'muniment_done=""' in shown.headers["set-cookie"], "it is said once"
    undo = UNDO.search(shown.body.decode())
    assert undo is not None
    assert undo[1] == f"{PAGES}/people/{pat.id}/reactivate"
    again = office.send(undo[1].removeprefix(PAGES), version="2")
    assert "is open again" in words(after(office, again))
    assert len(office.entries("access.person_suspended")) == 1
    assert len(office.entries("access.person_activated")) == active + 1


def test_a_grant_is_given_anew_as_it_was(office: Office) -> None:
    """A grant taken back stays so; the form of a new one is filled in with what it was."""
    pat = person_with(office.house, name="Pat Person")
    held = {"holder": f"person:{pat.id}", "role": "operator", "scope__system": "sys_1"}
    given = office.send("/grants/give", **held, ends_at="2027-05-31", reason="On call.")
    here = given.headers["location"].removeprefix(PAGES)
    done = office.send(f"{here}/revoke", version="1", reason="By mistake.")
    assert "is taken back" in words(after(office, done))
    undo = UNDO.search(after(office, done).body.decode())
    assert undo is not None
    form = office.page(html.unescape(undo[1]).removeprefix(PAGES)).body.decode()
    assert f'<option value="person:{pat.id}" selected' in form
    assert '<option value="operator" selected' in form
    assert 'value="sys_1"' in form
    assert 'value="2027-05-31"' in form


def test_only_the_session_that_did_it_is_told(office: Office) -> None:
    """An offer that this session was not given, or that somebody changed, says nothing."""
    pat = person_with(office.house, "", name="Pat Person")
    done = office.send(f"/people/{pat.id}/suspend", version="1")
    other = person_with(office.house, "admin", name="Otto Other")
    assert "just-done" not in after(office, done, by=other).body.decode()
    headers = {"accept": "text/html", **office.ada.headers}
    for forged in ("x", "e30.", "WyJhIl0=.0123"):
        asked = {**headers, "cookie": f"{headers['cookie']}; muniment_done={forged}"}
        answer = ask(office.app, done.headers["location"], headers=asked)
        assert (answer.status, "just-done" in answer.body.decode()) == (200, False)
