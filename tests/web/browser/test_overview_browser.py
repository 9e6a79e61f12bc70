"""The first page in a browser: both widths and themes, read by axe, one step to what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from muniment import registry
from muniment.exchanges import Refusal
from tests.exchanges.calling import Calling, calling_in
from tests.exchanges.making import JUDGED, intent, origin, outcome
from tests.web.browser.looking import SIGHTS, Theme, opened, violations
from tests.web.browser.pictures import picture
from tests.web.browser.serving import serving

pytestmark = pytest.mark.browser


@dataclass
class Site:
    """A console that is served, and what is in it."""

    origin: str
    calls: Calling


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve an installation with a system that was released, and calls."""
    with calling_in(tmp_path_factory.mktemp("overview")) as made:
        for role in ("owner", "operator", "releaser", "builder", "compliance"):
            made.there.people[role] = made.who(role)
        made.there.live()
        made.there.released("one")
        made.leave()
        made.end(outcome(judged=JUDGED, answer="hmac-sha256:ee", answer_key="vk_1"))
        made.leave(intent("exc_open"))
        made.refuse(Refusal(origin("exc_no"), "gpt-test", "decide", "blocked", 403, JUDGED))
        change = made.there.drafted("two")
        with made.house.database.work(made.who("builder").actor) as work:
            registry.ask(work, change.id)
        made.settle()
        with serving(made.there.app) as address:
            yield Site(address, made)


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_the_first_page_is_sound_and_leads_on(
    browser: Browser, site: Site, screens: Path, width: int, theme: Theme
) -> None:
    """No barrier, nothing from elsewhere, no sideways scroll; a figure leads to its records."""
    with opened(browser, f"{site.origin}/health", width=width, theme=theme) as (page, watch):
        secret = site.calls.who("releaser").secret
        cookie = {"name": "muniment", "value": secret, "url": site.origin}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.goto(f"{site.origin}/console")
        expect(page.locator("h1")).to_have_text("Overview")
        picture(page, screens / f"overview-{width}-{theme}.png")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("link", name="Calls refused").click()
        expect(page.locator("h1")).to_have_text("Calls")
        expect(page.locator("tbody tr")).to_have_count(1)
        assert [said for said in watch.said if "status of 404" not in said] == []  # an icon
