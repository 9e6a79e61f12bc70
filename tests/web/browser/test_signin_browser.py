"""Coming in, in a real browser against the real product: set-up, password and code, passkeys."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from muniment import access
from muniment.access.rules.totp import hotp, step_at
from muniment.server import House
from muniment.server.app import make_app
from muniment.server.start import record_start
from tests.server.asking import house_in
from tests.server.people import MACHINE
from tests.web.browser.looking import violations
from tests.web.browser.pictures import picture
from tests.web.browser.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "plum ladder quiet tram"
PATIENCE_MS = 30_000
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


@dataclass(frozen=True)
class Served:
    """A fresh installation that runs: where, and the link by which it is set up."""

    house: House
    base: str
    link: str


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Serve the product on an empty folder, as `muniment up` does, but in this process."""
    with house_in(tmp_path / "data") as house, serving(make_app(house)) as address:
        record_start(house, "serve")
        base = address.replace("127.0.0.1", "localhost")
        with house.database.work(MACHINE) as work:
            made = access.first_link(work, house.settings)
        yield Served(house, base, f"{base}/console/set-up/{made.secret}")


@contextmanager
def page_of(browser: Browser, *, width: int = 1440) -> Iterator[Page]:
    """Open a browser of its own."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    try:
        yield context.new_page()
    finally:
        context.close()


def code_of(page: Page, *, later: int = 0) -> str:
    """Read the key on the page and make the code an application would show."""
    text = page.locator("code.wrap").first.inner_text()
    return code_for(text, later=later)


def code_for(text: str, *, later: int = 0) -> str:
    """Make the code an application would show now, or some steps later."""
    secret = base64.b32decode(text + "=" * (-len(text) % 8))
    at = datetime.now(UTC) + timedelta(seconds=30 * later)
    return hotp(secret, step_at(at))


def fill_set_up(page: Page, served: Served) -> None:
    """Open the first link and say who one is."""
    page.goto(served.link)
    page.get_by_label("Your name").fill("Ada Root")
    page.get_by_label("E-mail address").fill("ada@example.org")


def set_up(page: Page, served: Served) -> str:
    """Become the first admin with a password and a code generator; give its key."""
    fill_set_up(page, served)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Set up with this password").click()
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    key = page.locator("code.wrap").first.inner_text()
    page.get_by_label("Code it shows now").fill(code_for(key))
    page.get_by_role("button", name="Confirm the code").click()
    expect(page.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()
    return key


def give_authenticator(page: Page) -> None:
    """Put a device into the browser that keeps passkeys and verifies its user."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_set_up_then_password_and_code(browser: Browser, served: Served, screens: Path) -> None:
    """The printed link makes the first admin once; then password and code let in."""
    with page_of(browser) as page:
        page.goto(f"{served.base}/console")
        expect(page.get_by_role("heading", name="Set up this installation")).to_be_visible()
        key = set_up(page, served)
        codes = page.locator(".codes code").all_inner_texts()
        assert len(set(codes)) == 10
        page.get_by_role("link", name="I have kept them").click()
        expect(page.get_by_role("heading", name="First steps")).to_be_visible()
        page.goto(served.link)
        expect(page.get_by_role("heading", name="This link does not work")).to_be_visible()
        page.goto(f"{served.base}/console/account")
        expect(page.get_by_text("A second factor is set up.")).to_be_visible()
        picture(page, screens / "account.png")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
        page.goto(f"{served.base}/console/ledger?kind=access.*")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        picture(page, screens / "sign-in.png")
        page.get_by_label("E-mail address").fill("ada@example.org")
        page.get_by_label("Password").fill("not the password")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_text("do not fit together")).to_be_visible()
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", name="Show a second factor")).to_be_visible()
        page.get_by_label("Code").fill("000000")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("This code is not right")).to_be_visible()
        page.get_by_label("Code").fill(code_for(key, later=1))
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(re.compile(r"/console/ledger\?kind=access\.\*$"))


def test_passkey_only(browser: Browser, served: Served) -> None:
    """The first admin may use a passkey alone, which then lets in without any password."""
    with page_of(browser) as page:
        give_authenticator(page)
        fill_set_up(page, served)
        page.get_by_role("button", name="Use a passkey instead").click()
        expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
        expect(page.get_by_role("button", name="Confirm the code")).to_have_count(0)
        page.get_by_label("Name of this passkey").fill("Laptop")
        page.get_by_role("button", name="Make a passkey").click()
        expect(page.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()
        page.goto(f"{served.base}/console/account")
        expect(page.get_by_text("Laptop", exact=True)).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
        page.goto(f"{served.base}/console/sign-in?next=/console/account")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("heading", name="Ada Root")).to_be_visible()


def test_a_link_lets_in_again(browser: Browser, served: Served) -> None:
    """Whoever lost everything gets in by a link from the machine; all they had has ended."""
    with page_of(browser) as page, page_of(browser) as other:
        set_up(page, served)
        with served.house.database.work(MACHINE) as work:
            ada = access.person_by_address(work, "ada@example.org")
            assert ada
            made = access.reset_link(work, ada.id, served.house.settings)
        other.goto(f"{served.base}/console/sign-in/link/{made.secret}")
        expect(other.get_by_role("heading", name="A new password for Ada Root")).to_be_visible()
        other.get_by_label("Password").fill("another good long phrase")
        other.get_by_role("button", name="Use this password").click()
        expect(other.get_by_role("heading", name="Set up a second factor")).to_be_visible()
        page.goto(f"{served.base}/console/account")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        other.get_by_label("Code it shows now").fill(code_of(other))
        other.get_by_role("button", name="Confirm the code").click()
        expect(other.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()


def test_accessible_and_narrow(browser: Browser, served: Served, screens: Path) -> None:
    """The pages of signing in are clean to axe, and fit a telephone, light and dark."""
    with page_of(browser, width=390) as page:
        for address in (served.link, f"{served.base}/console/sign-in"):
            page.goto(address)
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
        set_up(page, served)
        page.goto(f"{served.base}/console/account")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page) == []
            picture(page, screens / f"account-390-{scheme}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
