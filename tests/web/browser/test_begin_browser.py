"""The tutorial as a browser walks it: from the printed link to a governed, verified call."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from muniment import access
from muniment.server.app import make_app
from muniment.server.start import record_start
from tests.server.asking import house_in
from tests.server.people import MACHINE
from tests.web.browser.looking import SIGHTS, opened, violations
from tests.web.browser.pictures import picture
from tests.web.browser.serving import serving
from tests.web.browser.test_signin_browser import PATIENCE_MS, Served, set_up

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the whole product on an empty folder, with its background work."""
    folder = tmp_path_factory.mktemp("tutorial") / "data"
    with house_in(folder) as house, serving(make_app(house), lifespan="on") as address:
        record_start(house, "serve")
        base = address.replace("127.0.0.1", "localhost")
        with house.database.work(MACHINE) as work:
            made = access.first_link(work, house.settings)
        yield Served(house, base, f"{base}/console/set-up/{made.secret}")


@pytest.fixture(scope="module")
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """Give the first admin's browser, just after the set-up."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    opened_page = context.new_page()
    set_up(opened_page, served)
    opened_page.get_by_role("link", name="I have kept them").click()
    yield opened_page
    context.close()


def shell(command: str) -> str:
    """Run what a page told to paste."""
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.requirement("PRG-11")
def test_from_the_link_to_a_verified_call(
    browser: Browser, page: Page, served: Served, screens: Path, tmp_path: Path
) -> None:
    """The whole path by pages, then by keyboard alone, then without a script."""
    _walk_the_path(page, served, screens, tmp_path)
    _the_palette_finds_a_system_and_goes_there(page, served)
    _words_open_and_the_path_is_whole_without_a_script(browser, page, served)


def _walk_the_path(page: Page, served: Served, screens: Path, tmp_path: Path) -> None:
    """Name, system, key, call, watched live and masked, verified twice: all of it by the pages."""
    expect(page.get_by_role("heading", name="First steps", level=1)).to_be_visible()
    picture(page, screens / "begin.png")
    page.get_by_role("link", name="Name the organisation").click()
    page.get_by_label("Name of the organisation").fill("Brightwater Ltd")
    page.get_by_role("button", name="Keep the name").click()
    expect(page.locator(".crumbs li").first).to_have_text("Brightwater Ltd")
    page.get_by_role("link", name="Fill in a form").click()
    page.get_by_label("Name", exact=True).fill("Support desk")
    page.get_by_label("What it is for").fill("Answers questions about orders.")
    page.get_by_role("button", name="Create the system").click()
    page.get_by_role("button", name="Make a key and show me the call").click()
    expect(page.get_by_role("heading", name="Your first call")).to_be_visible()
    assert violations(page) == []
    expect(page.locator("#watching")).to_have_text("Watching: nothing new since you came.")
    answer = shell(page.get_by_label("The first call with curl").inner_text())
    assert "anna@example.org" in answer, answer
    row = page.locator("#live tr")
    expect(row).to_have_count(1, timeout=PATIENCE_MS)
    expect(row).to_contain_text("answered", timeout=PATIENCE_MS)
    picture(page, screens / "begin-call.png")
    page.get_by_role("link", name="Go on with the path").click()
    expect(page.get_by_text("4 of five steps are done.")).to_be_visible()
    whole, prove, one = page.locator("li details[open] .command code").all_inner_texts()
    assert "MET" in shell(whole)
    data = str(served.house.settings.data.dir)
    assert data in prove
    assert "MET" in shell(f"cd {tmp_path} && {prove} >&2 && {one}")
    page.get_by_role("link", name="let this browser compute it").click()
    page.get_by_label("I compared this key").check()
    page.get_by_role("button", name="Verify in this browser").click()
    expect(page.locator("#verified .tag").first).to_have_text("met", timeout=PATIENCE_MS)
    page.goto(f"{served.base}/console/begin")
    page.get_by_role("button", name="It said met, offline").click()
    expect(page.get_by_text("It is on record that you checked it.")).to_be_visible()
    served.house.log.seal()
    page.goto(f"{served.base}/console/begin")
    expect(page.get_by_text("All five steps are done.")).to_be_visible()
    page.get_by_role("link", name="Go to the overview").click()
    expect(page.get_by_role("link", name="The first steps are done.")).to_be_visible()


def _the_palette_finds_a_system_and_goes_there(page: Page, served: Served) -> None:
    """By keyboard alone: open, type, choose, be there; read by axe while it is open."""
    page.goto(f"{served.base}/console/overview")
    page.keyboard.press("Control+k")
    page.keyboard.type("support d")
    option = page.locator("#palette [role=option]", has_text="Support desk").first
    expect(option).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Control+a")
    page.keyboard.type("support desk")
    expect(page.locator("#palette [role=option][aria-selected=true]")).to_contain_text("Support")
    expect(page.locator("#palette [role=option]").first).to_contain_text("system")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Support desk", level=1)).to_be_visible()


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_the_pages_are_sound(
    browser: Browser, page: Page, served: Served, screens: Path, width: int, theme: str
) -> None:
    """No barrier and no sideways scroll on any of the new pages, at both widths."""
    cookies = page.context.cookies()
    with opened(browser, f"{served.base}/health", width=width, theme=theme) as (other, watch):  # type: ignore[arg-type]
        other.context.add_cookies(cookies)  # type: ignore[arg-type]
        for name in ("begin", "settings", "health", "words", "find?q=desk"):
            other.goto(f"{served.base}/console/{name}")
            picture(other, screens / f"{re.sub('[^a-z]', '-', name)}-{width}-{theme}.png")
            assert violations(other) == [], name
            assert other.evaluate("document.documentElement.scrollWidth") <= width, name
        assert [said for said in watch.said if "status of 404" not in said] == []


def _words_open_and_the_path_is_whole_without_a_script(
    browser: Browser, page: Page, served: Served
) -> None:
    """Without a script steps open, forms work, and a word pressed by keyboard explains itself."""
    cookies = page.context.cookies()
    with opened(browser, f"{served.base}/health", script=False) as (other, _watch):
        other.context.add_cookies(cookies)  # type: ignore[arg-type]
        other.goto(f"{served.base}/console/begin")
        other.get_by_text("Send the first governed call").click()
        other.get_by_role("button", name="Make a key and show me the call").click()
        expect(other.get_by_label("The first call with Python")).to_contain_text("OpenAI")
        other.goto(f"{served.base}/console/find?q=desk")
        expect(other.get_by_role("link", name="Support desk")).to_be_visible()
        other.goto(f"{served.base}/console/access/keys")
        term = other.locator("button.term").first
        term.focus()
        other.keyboard.press("Enter")
        expect(other.locator(".meaning:popover-open")).to_have_count(1)
        other.goto(f"{served.base}/console/exchanges/live")
        expect(other.get_by_role("link", name="Ask again now")).to_be_visible()
