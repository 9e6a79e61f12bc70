"""The console in a real browser: seen, walked by keyboard, read by a machine, without a script."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from tests.web.browser.looking import LOOKS, NARROW, NARROWEST, Theme, opened, violations
from tests.web.browser.pictures import picture

pytestmark = pytest.mark.browser

STYLE: Final = "/console/style"
PATHS: Final = [STYLE, f"{STYLE}/error", f"{STYLE}/stop", "/console/find?q=x"]
MAX_TRANSFER_BYTES: Final = 100_000


@pytest.mark.parametrize(("width", "theme"), LOOKS)
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_sound_at_every_width_and_theme(
    browser: Browser, origin: str, screens: Path, path: str, width: int, theme: Theme
) -> None:
    """No error, no breach of the policy, nothing from elsewhere, no barrier, no sideways scroll."""
    with opened(browser, origin + path, width=width, theme=theme) as (page, watch):
        expect(page.locator("h1")).to_be_visible()
        name = re.sub(r"\W+", "-", path).strip("-")
        picture(page, screens / f"{name}-{width}-{theme}.png")
        page.evaluate("document.querySelectorAll('.behind').forEach((one) => { one.open = true; })")
        assert violations(page) == []
        across = page.evaluate("document.documentElement.scrollWidth")
        assert across <= width
        complaints = [said for said in watch.said if "status of 409" not in said]
        assert complaints == []
        assert [url for url in watch.asked if not url.startswith(origin + "/")] == []


@pytest.mark.parametrize("path", PATHS)
def test_a_page_flows_into_the_narrowest_screen(browser: Browser, origin: str, path: str) -> None:
    """At 320 px, which is 1280 px at four times the size, nothing is lost sideways."""
    with opened(browser, origin + path, width=NARROWEST) as (page, _watch):
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST


def test_a_breach_of_the_policy_would_be_seen(browser: Browser, origin: str) -> None:
    """The watch above is no ornament: an inline style and a foreign picture are both reported."""
    with opened(browser, origin + STYLE) as (page, watch):
        with page.expect_console_message(lambda said: "style-src" in said.text):
            page.evaluate(
                "document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">')"
            )
        with page.expect_console_message(lambda said: "img-src" in said.text):
            page.evaluate("new Image().src = 'http://elsewhere.example/x.png'")
        breaches = " ".join(said for said in watch.said if "Content Security Policy" in said)
        assert "style-src" in breaches
        assert "img-src" in breaches


def test_a_page_is_light(browser: Browser, origin: str) -> None:
    """The heaviest page comes, with everything it needs, in 100 KB at most."""
    with opened(browser, origin + STYLE) as (page, watch):
        page.wait_for_load_state("networkidle")
        assert len(watch.sizes_bytes) >= 4
        assert sum(watch.sizes_bytes) <= MAX_TRANSFER_BYTES


def test_the_keyboard_reaches_everything(browser: Browser, origin: str) -> None:
    """Skip link, search, keys, going by letter and closing all work without a mouse."""
    with opened(browser, origin + STYLE) as (page, _watch):
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()
        page.keyboard.press("/")
        expect(page.locator("#find")).to_be_focused()
        page.keyboard.type("?g/")
        expect(page.locator("#find")).to_have_value("?g/")
        page.keyboard.press("Escape")
        expect(page.locator("#find")).not_to_be_focused()
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        assert violations(page) == []
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).to_be_hidden()
        page.keyboard.press("g")
        page.keyboard.press("y")
        page.wait_for_url(re.compile(r"/console/style$"))


def test_going_by_name(browser: Browser, origin: str) -> None:
    """Ctrl K narrows the pages of the sidebar; Enter goes; a name nobody has leads to search."""
    with opened(browser, f"{origin}{STYLE}/error") as (page, _watch):
        page.keyboard.press("Control+k")
        expect(page.locator("#palette")).to_be_visible()
        assert violations(page) == []
        page.keyboard.type("sty")
        expect(page.locator("#palette [role=option]")).to_have_count(1)
        page.keyboard.press("Enter")
        page.wait_for_url(origin + STYLE)
        page.keyboard.press("Control+k")
        page.keyboard.type("some")
        page.keyboard.press("Escape")
        expect(page.locator("#palette")).to_be_hidden()
        page.keyboard.press("Control+k")
        page.keyboard.type("nowhere")
        expect(page.locator(".palette-none")).to_be_visible()
        page.keyboard.press("Enter")
        page.wait_for_url(f"{origin}/console/find?q=nowhere")


def test_the_menu_on_a_narrow_screen(browser: Browser, origin: str, screens: Path) -> None:
    """The menu opens by keyboard, holds the same pages and the ledger, and closes by Escape."""
    with opened(browser, origin + STYLE, width=NARROW) as (page, _watch):
        menu = page.locator(".menu")
        page.locator(".menu summary").focus()
        page.keyboard.press("Enter")
        expect(menu.get_by_role("link", name="Style")).to_be_visible()
        expect(menu.get_by_text("Ledger verified")).to_be_visible()
        picture(page, screens / "menu-390-light.png", whole=False)
        assert violations(page) == []
        page.keyboard.press("Escape")
        expect(menu.get_by_role("link", name="Style")).to_be_hidden()
        expect(page.locator(".menu summary")).to_be_focused()


def test_everything_works_without_a_script(browser: Browser, origin: str) -> None:
    """Menu, sorting, search and confirmation need no script; what would need one is not shown."""
    with opened(browser, origin + STYLE, width=NARROW, script=False) as (page, watch):
        page.locator(".menu summary").click()
        expect(page.locator(".menu").get_by_role("link", name="Style")).to_be_visible()
        page.locator(".menu summary").click()
        expect(page.locator(".copy").first).to_be_hidden()
        page.locator("thead").get_by_role("link", name="Calls").click()
        expect(page).to_have_url(re.compile(r"sort=calls"))
        expect(page.locator("th[aria-sort=ascending]")).to_have_text("Calls")
        page.locator("a[data-dialog=stop-dialog]").click()
        expect(page.locator("h1")).to_have_text("Stop credit-score?")
        page.locator("#find").fill("style")
        page.locator("#find").press("Enter")
        expect(page.locator(".list a")).to_have_text("Style")
        assert watch.said == []


def test_a_confirmation_opens_in_place(browser: Browser, origin: str, screens: Path) -> None:
    """With a script the question stands over the page, and keeping as it is closes it."""
    with opened(browser, origin + STYLE) as (page, _watch):
        page.locator("a[data-dialog=stop-dialog]").click()
        expect(page.locator("#stop-dialog")).to_be_visible()
        picture(page, screens / "dialog-1440-light.png", whole=False)
        assert violations(page) == []
        page.locator("#stop-dialog").get_by_text("Keep as it is").click()
        expect(page.locator("#stop-dialog")).to_be_hidden()
        assert page.url == origin + STYLE


def test_a_chosen_theme_is_kept(browser: Browser, origin: str) -> None:
    """The reader's theme outlives the page, and “System” forgets it."""
    ground = "getComputedStyle(document.body).backgroundColor"
    with opened(browser, origin + STYLE) as (page, _watch):
        light = page.evaluate(ground)
        page.locator(".side .theme").get_by_text("Dark").click()
        dark = page.evaluate(ground)
        assert dark != light
        page.reload()
        assert page.evaluate(ground) == dark
        expect(page.locator(".side .theme input[value=dark]")).to_be_checked()
        page.locator(".side .theme").get_by_text("System").click()
        page.reload()
        assert page.evaluate(ground) == light


def test_times_are_shown_where_the_reader_is(browser: Browser, origin: str) -> None:
    """A time is local, with its zone, and UTC on hover."""
    with opened(browser, origin + STYLE, zone="Asia/Tokyo") as (page, _watch):
        shown = page.locator("#story time").first
        expect(shown).to_have_text("20 Nov 2026, 23:27 GMT+9")
        expect(shown).to_have_attribute("title", "2026-11-20 14:27:03 UTC")


def test_copying_says_that_it_happened(browser: Browser, origin: str) -> None:
    """The whole digest is copied, not what is shown of it."""
    with opened(browser, origin + STYLE) as (page, _watch):
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        button = page.locator("#digests .copy").first
        whole = button.get_attribute("data-copy")
        button.click()
        expect(button).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == whole


def test_one_box_selects_all_rows(browser: Browser, origin: str) -> None:
    """The box in the head sets every row, and shows when only some are set."""
    with opened(browser, origin + STYLE) as (page, _watch):
        rows = page.locator("tbody .pick input")
        page.locator("[data-pick-all]").check()
        assert all(rows.nth(at).is_checked() for at in range(rows.count()))
        rows.first.uncheck()
        assert page.locator("[data-pick-all]").evaluate("(box) => box.indeterminate")


def test_nothing_moves_for_who_asked_for_none(browser: Browser, origin: str) -> None:
    """Motion is there only for readers who have not asked for less."""
    moving = "document.getAnimations().length"
    with opened(browser, origin + STYLE, motion="reduce") as (page, _watch):
        assert page.evaluate(moving) == 0
    with opened(browser, origin + STYLE, motion="no-preference") as (page, _watch):
        assert page.evaluate(moving) > 0


def test_static_files_are_not_asked_for_twice(browser: Browser, origin: str) -> None:
    """A second page takes the stylesheet and the scripts from the browser's own store."""
    with opened(browser, origin + STYLE) as (page, _watch):
        page.wait_for_load_state("networkidle")
        page.goto(f"{origin}{STYLE}/stop")
        page.wait_for_load_state("networkidle")
        fetched = page.evaluate(
            "performance.getEntriesByType('resource')"
            ".filter((one) => /static.*(css|js)$/.test(one.name) && one.transferSize > 0).length"
        )
        assert fetched == 0
