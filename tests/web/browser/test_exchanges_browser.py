"""The pages of calls in a browser: both widths, axe, live with a script and whole without one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from muniment import exchanges
from muniment.exchanges import Measure, Refusal, ScopeKind, StopKind, Window
from tests.exchanges.calling import Calling, calling_in
from tests.exchanges.making import JUDGED, intent, limit, origin, outcome
from tests.web.browser.looking import NARROW, WIDE, Theme, violations
from tests.web.browser.pictures import picture
from tests.web.browser.serving import serving

pytestmark = pytest.mark.browser

PAGES: Final = "/console/exchanges"
PATHS: Final = {
    "list": "",
    "call": "/exc_1",
    "refused": "/exc_no",
    "live": "/live",
    "limits": "/limits",
    "limit": "/limits/set",
    "stops": "/stops?ended=yes",
    "stop": "/stops/stop?kind=system&name=sys_1",
    "prices": "/prices",
    "match": "/exc_1/match",
}


@dataclass
class Site:
    """A console that is served, and its calls."""

    origin: str
    calls: Calling


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve an installation with calls of every end, limits of every tone, and stops."""
    with calling_in(tmp_path_factory.mktemp("calls")) as calls:
        took = {"inspect_prompt": 310, "decide_prompt": 52}
        calls.leave()
        calls.end(outcome(judged=JUDGED, answer="hmac-sha256:ee", milliseconds=1_284, took=took))
        calls.refuse(Refusal(origin("exc_no"), "gpt-test", "decide", "blocked", 403, JUDGED))
        calls.leave(intent("exc_open"))
        calls.settle()
        with calls.house.database.work(calls.who("security").actor) as work:
            some = ((ScopeKind.KEY, "key_1", 0), (ScopeKind.TEAM, "team_1", 600))
            for scope, named, amount in some:
                exchanges.set_limit(work, limit(amount=amount, scope=scope, scope_id=named))
            cost = limit(Measure.COST, Window.MONTH, 12_500_000, ScopeKind.SYSTEM, "sys_1")
            exchanges.set_limit(work, cost)
        with calls.house.database.work(calls.who("security").actor) as work:
            exchanges.stop(work, StopKind.TOOL, "wire-money", reason="It paid twice.")
        with serving(calls.there.app) as address:
            yield Site(address, calls)


def page_of(
    browser: Browser,
    site: Site,
    *,
    width: int = WIDE,
    theme: Theme = "light",
    script: bool = True,
) -> Page:
    """Open a browser in which somebody of security is signed in."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    secret = site.calls.who("security").secret
    context.add_cookies([{"name": "muniment", "value": secret, "url": site.origin}])
    return context.new_page()


@pytest.mark.parametrize(("width", "theme"), [(NARROW, "light"), (WIDE, "dark")])
def test_every_page_holds_and_is_read_by_axe(
    browser: Browser, site: Site, screens: Path, width: int, theme: Theme
) -> None:
    """No page scrolls sideways or complains at either width, or is hard to read for a machine."""
    page = page_of(browser, site, width=width, theme=theme)
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type == "error" else None
    )
    found = []
    for name, path in PATHS.items():
        page.goto(f"{site.origin}{PAGES}{path}")
        expect(page.locator("h1")).to_be_visible()
        picture(page, screens / f"exchanges-{name}-{width}-{theme}.png")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{name} is {wide} px wide")
        if width == NARROW:
            continue
        found += [f"{name}: {each}" for each in violations(page)]
    page.context.close()
    assert found == []
    assert said == []


def test_a_call_arrives_where_a_script_runs(browser: Browser, site: Site) -> None:
    """A call appears by itself as it leaves; where no script runs, the link shows it."""
    live, plain = page_of(browser, site), page_of(browser, site, script=False)
    for page in (live, plain):
        page.goto(f"{site.origin}{PAGES}/live")
        expect(page.locator("#live")).to_contain_text("exc_1")
    site.calls.leave(intent("exc_news"))
    site.calls.settle()
    expect(live.locator("#live")).to_contain_text("exc_news", timeout=15_000)
    expect(live.locator("#watching")).to_contain_text("1 since you came", timeout=15_000)
    expect(plain.locator("#live")).not_to_contain_text("exc_news")
    plain.get_by_role("link", name="Ask again now").click()
    expect(plain.locator("#live")).to_contain_text("exc_news")
    for page in (live, plain):
        page.context.close()


def test_who_finds_no_live_page_free_is_told_so(
    browser: Browser, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says why it is not live and that it asks again, instead of standing still."""
    monkeypatch.setattr(site.calls.there.app.state.seats, "each", 0)
    page = page_of(browser, site)
    page.goto(f"{site.origin}{PAGES}/live")
    told = page.locator("#watching")
    expect(told).to_contain_text("Not live: you have 0 live pages open", timeout=15_000)
    expect(told).to_contain_text("Asked again every 10 seconds")
    page.context.close()


def test_no_call_is_lost_while_the_server_is_away(browser: Browser, site: Site) -> None:
    """The stream breaks and the server comes back: what happened meanwhile arrives, each once."""
    with serving(site.calls.there.app) as address:
        page = page_of(browser, replace(site, origin=address))
        page.goto(f"{address}{PAGES}/live")
        expect(page.locator("#watching")).to_contain_text("nothing new")
    for name in ("exc_away_1", "exc_away_2"):
        site.calls.leave(intent(name))
        site.calls.settle()
    with serving(site.calls.there.app, port=int(address.rpartition(":")[2])):
        expect(page.locator("#live tr[data-id=exc_away_2]")).to_be_visible(timeout=30_000)
        expect(page.locator("#live tr[data-id=exc_away_1]")).to_have_count(1)
        expect(page.locator("#watching")).to_contain_text("2 since you came")
        page.get_by_role("button", name="Pause").click()
        site.calls.leave(intent("exc_paused"))
        site.calls.settle()
        page.get_by_role("button", name="Go on").click()
        expect(page.locator("#watching")).to_contain_text("3 since you came", timeout=15_000)
        page.context.close()
