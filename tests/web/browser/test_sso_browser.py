"""Single sign-on in a real browser: the real product, and a real OpenID provider beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from muniment import access
from muniment.access import GroupRole, IssuerUse, Trust
from muniment.server.app import make_app
from muniment.server.start import record_start
from tests.access.provider import provider_running
from tests.server.asking import house_in
from tests.server.people import MACHINE
from tests.web.browser.pictures import picture
from tests.web.browser.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

INES = {
    "sub": "ines",
    "email": "ines@example.org",
    "email_verified": True,
    "name": "Ines Moreau",
    "groups": ["watchers"],
}
REACHING: dict[str, object] = {"network.reach_plain_loopback": True}


def test_sign_on_roles_and_sign_out(browser: Browser, tmp_path: Path, screens: Path) -> None:
    """Through a real provider somebody new comes in, holds what their group gives, and goes."""
    with (
        provider_running(INES) as issuer,
        house_in(tmp_path / "data", **REACHING) as house,
        serving(make_app(house)) as address,
    ):
        record_start(house, "serve")
        base = address.replace("127.0.0.1", "localhost")
        trust = Trust(
            algorithms=("RS256",),
            just_in_time=True,
            group_roles=(GroupRole("watchers", "operator"),),
        )
        with house.database.work(MACHINE) as work:
            made = access.add_issuer(
                house.reception,
                work,
                name="Directory",
                url=issuer,
                use=IssuerUse.PEOPLE,
                client_id="console",
                client_secret="a secret we share",
                trust=trust,
            )
        checked = access.check_issuer(house.reception, made)
        assert [each for each in checked if not each.ok] == []
        assert "It has a key for RS256." in [each.says for each in checked]
        context = browser.new_context()
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(f"{base}/console/sign-in?next=/console/account")
        picture(page, screens / "sign-in-sso.png")
        page.get_by_role("link", name="Sign in through Directory").click()
        expect(page).to_have_url(re.compile(re.escape(issuer)))
        page.locator("button[name=sub][value=ines]").click()
        expect(page.get_by_role("heading", name="Ines Moreau")).to_be_visible()
        expect(page).to_have_url(f"{base}/console/account")
        expect(page.get_by_text("operator over everything")).to_be_visible()
        back = page.evaluate("history.length")
        assert back >= 2
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
        there = page.get_by_role("link", name="Sign out there too")
        expect(there).to_have_attribute("href", re.compile(re.escape(issuer)))
        page.goto(f"{base}/console/account")
        expect(page.get_by_role("heading", name="Set up this installation")).to_be_visible()
        page.goto(f"{base}/console/sign-in/callback?code=stolen&state=stolen")
        expect(page.get_by_text("You are not signed in.")).to_be_visible()
        context.close()
        with house.database.look(MACHINE) as work:
            assert access.sessions(work) == ()
