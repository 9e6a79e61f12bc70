"""The pages of sessions."""

from __future__ import annotations

import pytest

from tests.server.asking import ask
from tests.server.office import Office, place, words
from tests.server.people import person_with


@pytest.mark.requirement("ACC-21")
def test_all_sessions_of_somebody_are_ended(office: Office) -> None:
    """The list says who is in and how; one form puts them out at once, and says why."""
    pat = person_with(office.house, "operator", name="Pat Person")
    listed = words(office.page("/sessions"))
    assert "Pat Person password and code 127.0.0.1 a test" in listed
    assert "Pat Person" not in words(office.page(f"/sessions?person_id={office.ada.id}"))
    here = f"/people/{pat.id}/end-sessions"
    assert f'href="/console/access{here}"' in office.page(f"/people/{pat.id}").body.decode()
    assert "One session is open now." in words(office.page(here))
    assert office.send(here, why="").status == 422
    place(office.send(here, why="a lost laptop"))
    account = ask(office.app, "/console/account", headers={"accept": "text/html", **pat.headers})
    assert account.headers["location"].startswith("/console/sign-in")
    assert "Pat Person" not in words(office.page("/sessions"))
    (entry,) = office.entries("access.sessions_ended")
    assert entry["body"]["why"] == "a lost laptop"  # type: ignore[index]  # an entry's body


def test_who_guards_sees_sessions_and_others_do_not(office: Office) -> None:
    """Security sees them; a builder, and an id nobody has, are refused."""
    assert office.page("/sessions", office.who("security")).status == 200
    for role in ("builder", "compliance"):
        assert office.page("/sessions", office.who(role)).status == 403
        there = f"/people/{office.ada.id}/end-sessions"
        assert office.send(there, office.who(role), why="x").status == 403
    assert office.send("/people/per_none/end-sessions", why="x").status == 404
