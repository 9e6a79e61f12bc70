"""The second step's page belongs to one browser, and says what is left to do."""

from __future__ import annotations

from muniment.server import House
from tests.access.reception import PASSWORD, admin_of
from tests.web.access.signin.browsing import Browsing

SECOND = "/console/sign-in/second"


def test_of_one_browser(house: House, browsing: Browsing) -> None:
    """Who has not shown a first factor has no second step; who has is told how to go on."""
    assert browsing.get(SECOND).headers["location"] == "/console/sign-in"
    assert browsing.post(f"{SECOND}/passkey/ask").status_code in (400, 422)
    admin_of(house.reception)
    sent = browsing.post("/console/sign-in", {"email": "ada@example.org", "password": PASSWORD})
    assert sent.headers["location"] == SECOND
    page = browsing.get(SECOND)
    assert "Set up a second factor" in page.text
    assert browsing.get(SECOND).text.count("Key: <code") == 1
    assert browsing.post(f"{SECOND}/passkey", {"step": "", "answer": ""}).status_code != 200
    assert browsing.post(SECOND, {"code": "123456"}).status_code in (303, 403)
    assert Browsing(browsing.app).get(SECOND).status_code == 303
