"""Setting up by link, without a script: from the link to the first page."""

from __future__ import annotations

from muniment.access.rules.totp import hotp, step_at
from muniment.server import House
from tests.access.service.test_seconds import read
from tests.web.access.signin.browsing import Browsing

SECOND = "/console/sign-in/second"
ADA = {"name": "Ada <b>Root", "email": "ada@example.org", "password": "plum ladder quiet tram"}


def key_on(text: str) -> bytes:
    """Read the key that the page shows."""
    return read(text.split('<code class="wrap">')[1].split("<", maxsplit=1)[0])


def test_from_the_link_to_the_first_page(house: House, browsing: Browsing, link: str) -> None:
    """The link leads through password, code and recovery codes into the console, once."""
    assert browsing.get("/console").headers["location"] == "/console/set-up"
    assert "muniment access first-link" in browsing.get("/console/set-up").text
    assert 'name="password"' in browsing.get(link).text
    refused = browsing.post(link, {**ADA, "password": "password1234"})
    assert refused.status_code == 422
    assert "tried first" in refused.text
    assert "Ada &lt;b&gt;Root" in refused.text
    assert "password1234" not in refused.text
    assert browsing.post(link, {**ADA, "password": ""}).status_code == 422
    assert browsing.post(link, ADA).headers["location"] == f"{SECOND}?next=/console/begin"
    page = browsing.get(f"{SECOND}?next=/console/begin")
    assert '<svg class="qr"' in page.text
    wrong = browsing.post("/console/sign-in/second/enrol", {"code": "000000"})
    assert wrong.status_code == 403
    code = hotp(key_on(page.text), step_at(house.clock.now()))
    done = browsing.post("/console/sign-in/second/enrol", {"code": code})
    assert done.text.count("<li><code>") == 10
    assert "Ada &lt;b&gt;Root" in browsing.get("/console/account").text
    assert browsing.get("/console/set-up").headers["location"] == "/console/sign-in"
    stranger = Browsing(browsing.app)
    for method in (stranger.get, stranger.post):
        assert method(link).status_code == 404
    assert browsing.get("/console/sign-in/link/made-up").status_code == 404


def test_the_session_is_kept_safely(house: House, browsing: Browsing, link: str) -> None:
    """The cookie is for this host alone, unseen by scripts, and not sent along by other sites."""
    browsing.post(link, ADA)
    page = browsing.get("/console/sign-in/second")
    code = hotp(key_on(page.text), step_at(house.clock.now()))
    done = browsing.post("/console/sign-in/second/enrol", {"code": code})
    set_cookies = done.headers.get_list("set-cookie")
    session = next(each for each in set_cookies if each.startswith("muniment="))
    assert "HttpOnly" in session
    assert "samesite=lax" in session.lower()
    assert "max-age" not in session.lower()
    assert all("HttpOnly" in each for each in set_cookies)


def test_another_site_cannot_set_it_up(browsing: Browsing, link: str) -> None:
    """What another site sends is refused before it is read."""
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert browsing.post(link, ADA, **foreign).status_code == 403
    assert browsing.get(link).status_code == 200
