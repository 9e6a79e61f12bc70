"""The pages of the registry in a browser: seen at both widths, read by axe, without a script."""

from __future__ import annotations

import pickle
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from muniment import registry
from tests.registry.rules.scanning.files import Evil
from tests.registry.signed import A_KEY, public_of
from tests.server.registered import KEY, Registered, registered_in
from tests.web.browser.looking import AXE, NARROW, WIDE, Theme, violations
from tests.web.browser.pictures import picture
from tests.web.registry.test_seen import see

pytestmark = pytest.mark.browser
START_TIMEOUT_S: Final = 20.0
THEMES: Final[tuple[Theme, ...]] = ("light", "dark")  # it is dark when axe reads for contrast


@dataclass
class Site:
    """A console that is served, and the pages to look at."""

    origin: str
    there: Registered
    paths: dict[str, str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve an installation with a system that was released, and a draft."""
    with registered_in(tmp_path_factory.mktemp("registered")) as there:
        system = there.live()
        done, draft = there.released("Be kind."), there.drafted("Be exact.")
        wire = see(there, system.id, "tool", "wire")
        state_widely(there, system.id)
        digest = observed_and_kept(there)
        here = f"/systems/{system.id}"
        paths = {
            "systems": "/systems",
            "system": here,
            "at": f"{here}/at",
            "part": f"{here}/parts/prompt/main",
            "suspend": f"{here}/suspend",
            "changes": "/changes",
            "done": f"/changes/{done.id}",
            "draft": f"/changes/{draft.id}",
            "register": "/systems/register",
            "boundary": f"{here}/boundary",
            "outline": f"{here}/boundary/edit",
            "state": f"{here}/state",
            "seen": "/seen",
            "sighting": f"/seen/{wire}",
            "import": "/import",
            "observed": "/observed",
            "upload": f"{here}/upload",
            "file": f"{here}/files/{digest}",
        }
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(there.app, log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        waiting, waited_s = threading.Event(), 0.0
        while not server.started and waited_s < START_TIMEOUT_S:
            waiting.wait(0.05)
            waited_s += 0.05
        yield Site(f"http://127.0.0.1:{listening.getsockname()[1]}", there, paths)
        server.should_exit = True
        thread.join(START_TIMEOUT_S)
        listening.close()


def observed_and_kept(there: Registered) -> str:
    """Let a host tell of another set, and keep a file that is not safe; give its digest."""
    with there.house.database.work(there.who("compliance").actor) as work:
        pem, reason = public_of(A_KEY), "met it"
        host = registry.trust_host(work, KEY, "production", "web-1", pem, reason=reason)
    with there.house.database.work(there.who("operator").actor) as work:
        told = registry.Heartbeat(host.id, f"sha256:{'b' * 64}", work.now)
        registry.hear_host(work, registry.signed_heartbeat(told, A_KEY, None))
    house, actor, data = there.house, there.who("builder").actor, pickle.dumps(Evil())
    own = house.settings.registry
    kept = registry.keep_artefact(house.safe, own, actor, KEY, "", [data], name="model.pkl")
    registry.scan_artefact(house.safe, actor, KEY, kept.digest)
    return kept.digest


def state_widely(there: Registered, system_id: str) -> None:
    """State a boundary with many components, vendors and findings."""
    stated = there.stated(
        environments=[
            {"name": "staging", "stage": "staging"},
            {"name": "production", "stage": "production"},
        ],
    )
    more: list[dict[str, object]] = [
        {"name": "retriever", "sort": "retriever", "environments": ["production"]},
        {
            "name": "index",
            "sort": "embedding_store",
            "environments": ["staging", "production"],
            "data_classes": ["personal", "financial"],
        },
        {"name": "embedder", "sort": "model_endpoint", "vendor": "umbrella cloud"},
        {"name": "refund", "sort": "tool", "action": "irreversible"},
        {"name": "queue", "sort": "review_queue", "environments": ["production"]},
        {"name": "console", "sort": "admin_tool", "entry_point": True},
    ]
    stated["components"] = [*stated["components"], *more]
    stated["flows"] = [
        *stated["flows"],
        {"source": "app", "target": "retriever", "data_classes": ["personal"]},
        {"source": "retriever", "target": "index", "data_classes": ["personal", "financial"]},
        {"source": "index", "target": "embedder", "data_classes": ["financial"]},
        {"source": "app", "target": "log", "data_classes": ["personal"]},
        {"source": "model", "target": "refund"},
        {"source": "refund", "target": "queue"},
        {"source": "queue", "target": "app"},
        {"source": "console", "target": "log"},
    ]
    with there.house.database.work(there.who("owner").actor) as work:
        registry.change_system(work, system_id, stated)


def page_of(
    browser: Browser, site: Site, *, width: int = 1440, theme: Theme = "light", script: bool = True
) -> Page:
    """Open a browser in which the owner is signed in."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    secret = site.there.who("owner").secret
    context.add_cookies([{"name": "muniment", "value": secret, "url": site.origin}])
    return context.new_page()


def test_every_page_holds_at_both_widths_and_is_read_by_axe(
    browser: Browser, site: Site, screens: Path
) -> None:
    """No page scrolls sideways, and none is hard to read for a machine, in light or in dark.

    A page is opened once and looked at in each way; of what axe judges only contrast changes with
    the colours.
    """
    page = page_of(browser, site)
    found = []
    for name, path in site.paths.items():
        page.goto(f"{site.origin}/console/registry{path}")
        expect(page.locator("h1")).to_be_visible()
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                picture(page, screens / f"registry-{name}-{width}-{theme}.png")
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found.append(f"{name} is {wide} px wide at {width} px")
        found += [f"{name}, dark: {each}" for each in without_contrast(page)]
        page.emulate_media(color_scheme="light")
        found += [f"{name}: {each}" for each in violations(page)]
    page.context.close()
    assert found == []


def without_contrast(page: Page) -> list[str]:
    """Let axe judge the colours only; name what is hard to tell from its ground."""
    result = Axe().run(page, options={**AXE, "runOnly": ["color-contrast"]})
    return [f"{each['nodes'][0]['target']}" for each in result.response["violations"]]


def test_a_system_is_stopped_without_a_script(browser: Browser, site: Site) -> None:
    """The page says what will happen, asks why, and leads back to the system."""
    page = page_of(browser, site, width=NARROW, script=False)
    page.goto(f"{site.origin}/console/registry{site.paths['suspend']}")
    page.get_by_label("Why").fill("odd answers")
    page.get_by_role("button", name="Stop it now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Credit score")
    expect(page.get_by_text("It is suspended")).to_be_visible()
    page.context.close()


def test_a_boundary_is_stated_without_a_script(browser: Browser, site: Site) -> None:
    """A row is added, filled and looked at; a mistake opens its row; then it is stated."""
    page = page_of(browser, site, width=NARROW, script=False)
    page.goto(f"{site.origin}/console/registry{site.paths['outline']}")
    page.get_by_role("button", name="Add a component").click()
    row = page.locator("details[open]")
    expect(row).to_have_count(1)
    row.get_by_label("Name").fill("cache")
    row.get_by_label("What it is").select_option("cache")
    row.get_by_label("Days it keeps data").fill("a week")
    page.get_by_role("button", name="Show what changes").click()
    expect(row.get_by_text("out of range")).to_be_visible()
    row.get_by_label("Days it keeps data").fill("7")
    page.get_by_role("button", name="Show what changes").click()
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    expect(page.get_by_role("heading", name="How it would be drawn")).to_be_visible()
    page.get_by_role("button", name="State it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Boundary of credit-score")
    expect(page.get_by_role("cell", name="kept 7 days")).to_be_visible()
    page.context.close()


def test_a_date_is_gone_to_without_a_script(browser: Browser, site: Site) -> None:
    """A date in the form of the timeline leads to exactly what served then."""
    page = page_of(browser, site, script=False)
    page.goto(f"{site.origin}/console/registry{site.paths['system']}")
    page.get_by_label("Date", exact=True).fill("2020-01-01")
    page.get_by_role("button", name="Show what served").click()
    expect(page.get_by_text("Nothing served at 1 Jan 2020")).to_be_visible()
    page.context.close()


def test_a_file_is_sent_without_a_script(browser: Browser, site: Site, tmp_path: Path) -> None:
    """The form streams it with its token first; its page says what the scan found."""
    file = tmp_path / "weights.pkl"
    file.write_bytes(pickle.dumps({"weights": list(range(200_000))}))
    page = page_of(browser, site, script=False)
    page.goto(f"{site.origin}/console/registry{site.paths['upload']}")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Keep and scan it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("weights.pkl")
    expect(page.get_by_text("Nothing unsafe was found in it.")).to_be_visible()
    page.context.close()
