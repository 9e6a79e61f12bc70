"""The pages of notices in a browser: at both widths, read by axe, whole without a script."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from muniment import access, notices
from muniment.jobs.follow import step
from muniment.notices import Severity
from muniment.notices.service import post_ripe
from muniment.server.app import make_app
from tests.server.asking import house_in
from tests.server.people import MACHINE, Somebody, found_admin, person_with
from tests.web.browser.looking import NARROW, violations
from tests.web.browser.pictures import picture

pytestmark = pytest.mark.browser

START_TIMEOUT_S: Final = 20.0
READ_WIDE: Final = ("inbox", "notice")  # axe reads the rest once, on a narrow screen
SECRET_ADDRESS: Final = "https://hooks.example.org/very-secret"


@dataclass
class Site:
    """A console that is served, and who looks at it."""

    origin: str
    sec: Somebody
    new: Somebody
    paths: dict[str, str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve an installation in which something was told, over a channel too."""
    settings = {"access.second_factor_roles": ()}
    with house_in(tmp_path_factory.mktemp("told") / "data", **settings) as house:
        house.log.begin()
        found_admin(house)
        sec = person_with(house, "security", name="Sam Okafor")
        new = person_with(house, "builder", name="Noor Haddad")
        ops = person_with(house, "operator", name="Ona Perator")
        with house.database.work(sec.actor) as work:
            made, _ = notices.add_channel(
                work, house.courier, name="Security room", via="webhook", target=SECRET_ADDRESS
            )
            notices.subscribe_role(work, made.id, "security", least=Severity.LOOK)
        with house.database.work(ops.actor) as work:
            access.break_glass(work, "security", reason="The gateway is down.")
        house.log.seal()
        for follower in house.runner.followers:
            while step(house.database, follower, house.log.read_after):
                pass
        with house.database.work(MACHINE) as work:
            work.now = work.now.replace(year=work.now.year + 1)
            post_ripe(work, house.courier)
        with house.database.look(sec.actor) as work:
            told = notices.inbox(work).rows[0].group.id
        channel = f"/channels/{made.id}"
        paths = {
            "inbox": "",
            "notice": f"/{told}",
            "all": "/all",
            "seen": "/seen",
            "mine": "/mine",
            "add": "/mine/add",
            "hours": "/mine/hours",
            "channels": "/channels",
            "channel": channel,
            "new-channel": "/channels/new",
            "change": f"{channel}/change",
            "secret": f"{channel}/secret",
            "test": f"{channel}/test",
            "role": f"{channel}/roles",
            "routes": "/routes",
            "route": "/routes/glass-broken",
            "change-route": "/routes/glass-broken/change",
            "new-route": "/routes/new",
        }
        with _served(make_app(house)) as origin:
            yield Site(origin, sec, new, paths)


class _served:  # noqa: N801 it reads as a verb
    """A server that runs for the length of a `with`."""

    def __init__(self, app: object) -> None:
        self.listening = socket.socket()
        self.listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="warning", lifespan="off")  # type: ignore[arg-type]  # an ASGI app
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(
            target=self.server.run, kwargs={"sockets": [self.listening]}, daemon=True
        )

    def __enter__(self) -> str:
        self.thread.start()
        waiting, waited_s = threading.Event(), 0.0
        while not self.server.started and waited_s < START_TIMEOUT_S:
            waiting.wait(0.05)
            waited_s += 0.05
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def __exit__(self, *_given: object) -> None:
        self.server.should_exit = True
        self.thread.join(START_TIMEOUT_S)
        self.listening.close()


def page_for(
    browser: Browser, site: Site, who: Somebody, width: int, *, dark: bool = False
) -> Page:
    """Open a browser in which somebody is signed in."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "muniment", "value": who.secret, "url": site.origin}])
    return context.new_page()


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (NARROW, True)])
def test_every_page_is_whole_and_accessible(
    browser: Browser, site: Site, screens: Path, width: int, *, dark: bool
) -> None:
    """No page scrolls sideways, none shows an address, and axe finds nothing to say."""
    page = page_for(browser, site, site.sec, width, dark=dark)
    found = []
    for name, path in site.paths.items():
        answer = page.goto(f"{site.origin}/console/notices{path}")
        assert answer is not None
        assert answer.status == 200, name
        expect(page.locator("h1")).to_be_visible()
        assert SECRET_ADDRESS not in page.content()
        sideways = page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        assert not sideways, f"{name} scrolls sideways at {width}"
        picture(page, screens / f"notices-{name}-{width}.png")
        if width != NARROW and name not in READ_WIDE:
            continue
        found += [f"{name}: {each}" for each in violations(page)]
    page.context.close()
    assert found == []


def test_who_was_told_nothing_learns_how_they_are_reached(
    browser: Browser, site: Site, screens: Path
) -> None:
    """An empty inbox says what would stand there, and leads to one's own ways and hours."""
    page = page_for(browser, site, site.new, NARROW)
    page.goto(f"{site.origin}/console/notices")
    expect(page.get_by_text("Nothing was told to you yet")).to_be_visible()
    picture(page, screens / "notices-empty.png")
    page.locator("main").get_by_role("link", name="How you are reached").first.click()
    expect(page.get_by_role("heading", name="How you are reached")).to_be_visible()
    page.get_by_role("link", name="Set quiet hours").click()
    page.get_by_label("From", exact=True).fill("25:00")
    page.get_by_role("button", name="Set them").click()
    expect(page.locator("#starts-error")).to_contain_text("is not a time of day")
    page.get_by_label("From", exact=True).fill("22:00")
    page.get_by_role("button", name="Set them").click()
    expect(page.get_by_text("22:00 to 07:00 in UTC")).to_be_visible()
    page.context.close()


def test_a_look_at_a_notice_counts(browser: Browser, site: Site) -> None:
    """Opening it marks it as seen; a channel's secret is shown once when it is replaced."""
    page = page_for(browser, site, site.sec, 1440)
    page.goto(f"{site.origin}/console/notices{site.paths['notice']}")
    expect(page.get_by_text("Somebody has looked at it.")).to_be_visible()
    page.goto(f"{site.origin}/console/notices")
    expect(page.get_by_text("You have looked at everything you were told.")).to_be_visible()
    page.goto(f"{site.origin}/console/notices{site.paths['secret']}")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("whsec_")).to_be_visible()
    page.context.close()
