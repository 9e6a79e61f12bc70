"""The sign-in page, without a script: in, out, refused alike, and never led elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muniment import access
from muniment.access.rules.totp import hotp, step_at
from muniment.server import House
from muniment.server.app import make_app
from tests.access.reception import PASSWORD, QUICK, ROOT, admin_of, person_of
from tests.postgres import fresh_database as fresh_postgres
from tests.server.asking import house_in
from tests.web.access.signin.browsing import Browsing
from tests.web.access.signin.test_setting_up import key_on

INES = {"email": "ines@example.org", "password": PASSWORD}


@pytest.fixture(autouse=True)
def people(house: House) -> None:
    """An admin, and Ines."""
    admin_of(house.reception)
    person_of(house.reception)


@pytest.mark.requirement("ACC-12", "ACC-20")
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


def test_no_page_stands_in_a_frame_of_others(browsing: Browsing) -> None:
    """Nobody lays a page of ours under theirs: way in, account, refusal or redirect."""
    answers = [browsing.get(path) for path in ("/console/sign-in", "/console/set-up", "/console")]
    answers.append(browsing.post("/console/sign-in", {**INES, "password": "wrong phrase"}))
    browsing.post("/console/sign-in", INES)
    answers += [browsing.get("/console/account"), browsing.post("/console/account/name", {})]
    answers += [browsing.get("/console/nothing"), browsing.get("/api/v1/about")]
    for each in answers:
        assert each.headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in each.headers["content-security-policy"]


def test_on_postgresql(tmp_path: Path, postgres_url: str, postgres_template: str) -> None:
    """In, refused, a second factor, recovery by a link, out: the same on PostgreSQL."""
    with (
        fresh_postgres(postgres_url, postgres_template) as url,
        house_in(tmp_path / "other", **{"database.url": url, "jobs.inside": False}) as house,
    ):
        house.log.begin()
        house.reception.hasher = QUICK
        admin_of(house.reception)
        ines = person_of(house.reception)
        browsing = Browsing(make_app(house))
        assert browsing.post("/console/sign-in", {**INES, "password": "no"}).status_code == 403
        assert browsing.post("/console/sign-in", INES).status_code == 303
        assert "Ines Moreau" in browsing.get("/console/account").text
        out = browsing.post("/console/sign-out", {"csrf": browsing.token()})
        assert "You are signed out" in out.text
        ada = Browsing(browsing.app)
        told = ada.post("/console/sign-in", {"email": "ada@example.org", "password": PASSWORD})
        assert told.headers["location"] == "/console/sign-in/second"
        page = ada.get("/console/sign-in/second").text
        code = hotp(key_on(page), step_at(house.clock.now()))
        assert "recovery codes" in ada.post("/console/sign-in/second/enrol", {"code": code}).text
        with house.database.work(ROOT) as work:
            link = access.reset_link(work, ines.id, house.settings).secret
        anew = {"password": "another good long phrase"}
        assert browsing.post(f"/console/sign-in/link/{link}", anew).status_code == 303
        assert browsing.post(f"/console/sign-in/link/{link}", anew).status_code == 404
        with house.database.look(ROOT) as work:
            assert len(access.sessions(work)) == 2


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
