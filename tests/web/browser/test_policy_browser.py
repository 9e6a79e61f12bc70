"""The pages of policy in a browser: both widths, axe, with and without a script."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from muniment import policy
from muniment.policy import DocumentDraft
from tests.policy.company import source
from tests.policy.judging import ALLOW, rule
from tests.policy.office import PAGES, PolicyOffice, policy_office
from tests.server.people import person_with
from tests.web.browser.looking import NARROW, violations
from tests.web.browser.pictures import picture

pytestmark = pytest.mark.browser

START_TIMEOUT_S: Final = 20.0
LONG: Final = rule(
    "regions",
    when='!["eu", "eea", "uk"].contains(context.place.region) && resource.provider != "self"',
    remedy="route:restricted",
)
CARDS: Final = rule("cards", when='context.text.types.contains("CREDIT_CARD")', remedy="mask")


@dataclass
class Site:
    """A console that is served, and the pages to look at."""

    origin: str
    office: PolicyOffice
    paths: tuple[tuple[str, str], ...]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve an installation with a version in force, one in shadow, and decisions."""
    with policy_office(tmp_path_factory.mktemp("policy")) as office:
        paths = furnished(office)
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(office.office.app, log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        waiting, waited_s = threading.Event(), 0.0
        while not server.started and waited_s < START_TIMEOUT_S:
            waiting.wait(0.05)
            waited_s += 0.05
        yield Site(f"http://127.0.0.1:{listening.getsockname()[1]}", office, paths)
        server.should_exit = True
        thread.join(START_TIMEOUT_S)
        listening.close()


def furnished(office: PolicyOffice) -> tuple[tuple[str, str], ...]:
    """Bring a version into force and another into shadow; decide something."""
    database, why = office.house.database, "Cards are masked from now on."
    with database.work(office.ada.actor) as work:
        policy.draft(work, source(ALLOW), reason=why)
        policy.ask_for_review(work, 1)
    office.approve()
    with database.work(office.bo.actor) as work:
        policy.publish(work, 1, reason=why)
    with database.work(office.ada.actor) as work:
        policy.draft(work, source(ALLOW, CARDS), reason=why)
        policy.shadow(work, 2, reason=why)
    kept = office.decide("CREDIT_CARD")
    with database.work(office.ada.actor) as work:
        policy.draft(work, source(ALLOW, CARDS, LONG), reason=why)
    written(office)
    return (
        ("list", ""),
        ("version", "/versions/2"),
        ("simulation", "/versions/2/simulation"),
        ("decisions", "/decisions"),
        ("decision", f"/decisions/{kept.id}"),
        ("edit", "/edit?from=2"),
        ("review", "/versions/2/review"),
        ("publish", "/versions/3/publish"),
        ("shadow", "/versions/3/shadow"),
        ("shadow-end", "/shadow/end"),
        ("rollback", "/rollback"),
        ("written", "/written"),
        ("written-one", "/written/acceptable-ai-use"),
        ("written-version", "/written/acceptable-ai-use/versions/2"),
        ("written-new", "/write?starter=retention"),
        ("written-edit", "/written/acceptable-ai-use/write"),
        ("written-review", "/written/acceptable-ai-use/versions/2/review"),
        ("written-publish", "/written/acceptable-ai-use/versions/2/publish"),
        ("written-read", "/written/acceptable-ai-use/read"),
        ("readers", "/readers"),
    )


def written(office: PolicyOffice) -> None:
    """Let one written policy hold, with a version on top of it, and another that is a draft."""
    database, why = office.house.database, "Wording was unclear."
    cora = person_with(office.house, "compliance", name="Cora Peer")
    for name in ("acceptable-ai-use", "vendor"):
        found = policy.template(name)
        with database.work(office.ada.actor) as work:
            due = work.now + timedelta(days=20)
            draft = DocumentDraft(found.title, found.text, office.bo.id, due, found.controls)
            policy.write_document(work, name, draft, reason="The first version.")
    with database.work(office.ada.actor) as work:
        policy.ask_for_document(work, "acceptable-ai-use", 1)
    office.approve(by=cora)
    with database.work(cora.actor) as work:
        held = policy.publish_document(work, "acceptable-ai-use", 1)
        policy.acknowledge(work, "acceptable-ai-use", digest=held.document.digest)
        text = held.document.text.replace("Ask before", "Always ask the owner before")
        draft = DocumentDraft("Acceptable use of AI", text, office.bo.id, due + timedelta(days=365))
    with database.work(office.ada.actor) as work:
        policy.write_document(work, "acceptable-ai-use", draft, reason=why)


def page_of(browser: Browser, site: Site, *, width: int = 1440, script: bool = True) -> Page:
    """Open a browser in which Bo, who may look at everything here, is signed in."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    secret = site.office.bo.secret
    context.add_cookies([{"name": "muniment", "value": secret, "url": site.origin}])
    return context.new_page()


@pytest.mark.parametrize("width", [NARROW, 1440])
def test_every_page_holds_and_is_read_by_axe(
    browser: Browser, site: Site, screens: Path, width: int
) -> None:
    """No page scrolls sideways, complains, or is hard to read for a machine."""
    page = page_of(browser, site, width=width)
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type == "error" else None
    )
    found = []
    for name, path in site.paths:
        page.goto(f"{site.origin}{PAGES}{path}")
        expect(page.locator("h1")).to_be_visible()
        picture(page, screens / f"policy-{name}-{width}.png")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{name} is {wide} px wide")
        found += [f"{name}: {each}" for each in violations(page)]
    page.context.close()
    assert found == []
    assert said == []


def test_the_editor_checks_as_one_types(browser: Browser, site: Site) -> None:
    """A moment after the last key it says what is wrong, and then that all is right."""
    page = page_of(browser, site)
    page.goto(f"{site.origin}{PAGES}/edit")
    page.get_by_label("Rules").fill("permit (principal")
    expect(page.locator("#policy-says")).to_contain_text("policy.cedar:1:")
    page.get_by_label("Rules").fill(ALLOW)
    expect(page.locator("#policy-says")).to_contain_text("1 rule, all right.")
    page.context.close()


def test_the_editor_checks_by_a_button_without_a_script(browser: Browser, site: Site) -> None:
    """Where no script runs, the button does the same, and what was typed stays."""
    page = page_of(browser, site, width=NARROW, script=False)
    page.goto(f"{site.origin}{PAGES}/edit")
    page.get_by_label("Rules").fill("permit (principal")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#policy-says")).to_contain_text("policy.cedar:1:")
    expect(page.get_by_label("Rules")).to_have_value("permit (principal")
    page.context.close()
