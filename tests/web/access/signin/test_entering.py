"""The sign-in page, without a script: in, out, refused alike, and never led elsewhere."""

from __future__ import annotations

import json

import pytest

from muniment import access
from muniment.server import House
from tests.access.reception import PASSWORD, ROOT, admin_of, person_of
from tests.web.access.signin.browsing import Browsing

INES = {"email": "ines@example.org", "password": PASSWORD}


@pytest.fixture(autouse=True)
def people(house: House) -> None:
    """An admin, and Ines."""
    admin_of(house.reception)
    person_of(house.reception)


def test_in_and_out(browsing: Browsing) -> None:
    """Whoever is not in is led to sign in, comes to the page they wanted, and goes again."""
    led = browsing.get("/console/account")
    assert led.headers["location"] == "/console/sign-in?next=/console/account"
    page = browsing.get(led.headers["location"])
    assert 'value="/console/account"' in page.text
    inside = browsing.post("/console/sign-in", {**INES, "next": "/console/account"})
    assert (inside.status_code, inside.headers["location"]) == (303, "/console/account")
    assert browsing.get("/console/sign-in").status_code == 303
    assert browsing.post("/console/sign-out").status_code == 403
    out = browsing.post("/console/sign-out", {"csrf": browsing.token()})
    assert "You are signed out" in out.text
    assert browsing.get("/console/account").status_code == 303


def test_two_tabs(browsing: Browsing, house: House) -> None:
    """A form that was open while another tab came in works too, and ends the session before it."""
    assert browsing.post("/console/sign-in", INES).status_code == 303
    other = browsing.post("/console/sign-in", {"email": "ada@example.org", "password": PASSWORD})
    assert other.headers["location"].startswith("/console/sign-in/second")
    again = browsing.post("/console/sign-in", {**INES, "next": "/console/account"})
    assert (again.status_code, again.headers["location"]) == (303, "/console/account")
    with house.database.look(ROOT) as work:
        assert len(access.sessions(work)) == 1
    assert "Ines Moreau" in browsing.get("/console/account").text
    for foreign in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert browsing.post("/console/sign-in", INES, **foreign).status_code == 403
    assert browsing.post("/console/account/name", {"name": "Mallory"}).status_code == 403


def test_strangers_learn_nothing_of_the_ledger(browsing: Browsing, house: House) -> None:
    """Whoever is not in sees that it holds, not how much is recorded, when, or who witnesses it."""
    house.log.seal()
    strange = browsing.get("/console/sign-in").text
    assert "Ledger" in strange
    assert " entries</p>" not in strange
    browsing.post("/console/sign-in", INES)
    assert " entries</p>" in browsing.get("/console/account").text


def test_open_redirect(browsing: Browsing) -> None:
    """After signing in nobody is led out of the console."""
    for wanted in ("https://evil.example", "//evil.example", "/console/..//evil", "/\\evil"):
        fresh = Browsing(browsing.app)
        told = fresh.post("/console/sign-in", {**INES, "next": wanted})
        assert told.headers["location"] == "/console"


def test_refused_alike(browsing: Browsing) -> None:
    """Known or not, the page says the same; what was typed is kept, but for the password."""
    pages = [
        browsing.post("/console/sign-in", {"email": email, "password": "wrong phrase"})
        for email in ("ines@example.org", "nobody@example.org")
    ]
    texts = {page.text.replace("ines@", "x@").replace("nobody@", "x@") for page in pages}
    assert [page.status_code for page in pages] == [403, 403]
    assert len(texts) == 1
    assert "wrong phrase" not in texts.pop()


def test_waiting_is_told(browsing: Browsing) -> None:
    """Whoever guesses is told how long to wait, in words and for programs."""
    for _turn in range(6):
        last = browsing.post("/console/sign-in", {**INES, "password": "wrong phrase"})
    assert last.status_code in (403, 429)
    last = browsing.post("/console/sign-in", INES)
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0


def test_session_fixation(browsing: Browsing) -> None:
    """A session that a browser brings is never taken over by who signs in."""
    browsing.cookies.set("muniment", "x" * 43, domain="localhost.local", path="/")
    browsing.post("/console/sign-in", INES)
    values = {cookie.value for cookie in browsing.cookies.jar if cookie.name == "muniment"}
    assert values - {"x" * 43}


def test_a_passkey_is_asked_for(browsing: Browsing) -> None:
    """A browser gets a fresh challenge each time; an empty answer opens nothing."""
    told = [json.loads(browsing.post("/console/sign-in/passkey/ask").text) for _ in range(2)]
    assert told[0]["options"]["challenge"] != told[1]["options"]["challenge"]
    assert told[0]["options"]["userVerification"] == "required"
    assert told[0]["options"]["rpId"] == "localhost"
    assert browsing.post("/console/sign-in/passkey", {"step": told[0]["step"]}).status_code == 403


def test_unknown_issuers(browsing: Browsing) -> None:
    """An issuer nobody trusts leads nowhere, and a return nobody began is refused."""
    assert browsing.get("/console/sign-in/sso/iss_x").status_code == 403
    assert browsing.get("/console/sign-in/callback?code=a&state=b").status_code == 403
