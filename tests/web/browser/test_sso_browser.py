"""Single sign-on in a real browser: the real product, and a real OpenID provider beside it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.access.provider import provider_running
from tests.server.running import command, started

pytestmark = [pytest.mark.browser, pytest.mark.slow]

INES = {
    "sub": "ines",
    "email": "ines@example.org",
    "email_verified": True,
    "name": "Ines Moreau",
    "groups": ["watchers"],
}
REACHING = {"MUNIMENT_NETWORK_REACH_PLAIN_LOOPBACK": "true"}


def test_sign_on_roles_and_sign_out(browser: Browser, tmp_path: Path, screens: Path) -> None:
    """Through a real provider somebody new comes in, holds what their group gives, and goes."""
    data = str(tmp_path / "data")
    with (
        provider_running(INES) as issuer,
        started(
            "up", "--data", data, "--port", "0", until="works once", environment=REACHING
        ) as server,
    ):
        base = server.address.replace("127.0.0.1", "localhost")
        described = tmp_path / "issuer.toml"
        described.write_text(
            f'name = "Directory"\nurl = "{issuer}"\nclient_id = "console"\njust_in_time = true\n'
            'algorithms = ["RS256"]\n'
            '[[group_roles]]\ngroup = "watchers"\nrole = "operator"\n'
        )
        secret = tmp_path / "secret"
        secret.write_text("a secret we share\n")
        words = ("access", "sso", "add", str(described), "--secret-file", str(secret))
        made = command(*words, "--data", data, environment=REACHING)
        assert made.returncode == 0, made.stderr
        issuer_id = made.stdout.split()[0]
        checked = command("access", "sso", "check", issuer_id, "--data", data, environment=REACHING)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert "It has a key for RS256." in checked.stdout
        context = browser.new_context()
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(f"{base}/console/sign-in?next=/console/account")
        page.screenshot(path=screens / "sign-in-sso.png", full_page=True)
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
        listed = command("access", "sessions", "--json", "--data", data)
        assert json.loads(listed.stdout) == []
