"""The documentation as a site: built without a warning, whole, and asking no other host."""

from __future__ import annotations

import functools
import http.server
import threading
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import pytest
from playwright.sync_api import Request, expect, sync_playwright

from benchmarks.report import keep_soak
from tools import browser
from tools import docs as site
from tools.docs_checks import differing, problems

ROOT = Path(__file__).parents[2]
PAGE = '<html><body><a href="other.html#there">x</a><article>{}</article></body></html>'


def test_a_link_leads_to_the_same_page_on_the_site_and_on_a_forge() -> None:
    """Links between docs/ and the root are turned; those in code stay as they are."""
    text = "[in](run.md#tls) [out](../SECURITY.md) `x`\n```\n[code](../SECURITY.md)\n```\n"
    said, lost = site.turned(text, PurePosixPath("docs/install.md"), ROOT)
    assert (said, lost) == (text.replace("[out](../SECURITY.md)", "[out](security.md)"), [])
    said, lost = site.turned("[a](../../NOTICE)", PurePosixPath("docs/decisions/0007-x.md"), ROOT)
    assert (said, lost) == ("[a](../notice.md)", [])
    said, lost = site.turned("![a](docs/screens/x.md)", PurePosixPath("README.md"), ROOT)
    assert lost == ["README.md: (docs/screens/x.md) is not on the site"]
    assert site.turned("[a](Makefile)", PurePosixPath("README.md"), ROOT)[1]


def test_a_page_in_no_menu_is_named(tmp_path: Path) -> None:
    """Every page can be reached from the menu, however deep it stands there."""
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).write_text("# A\n")
    nav = ["a.md", {"Deep": [{"Deeper": "b.md"}]}]
    assert site.in_no_menu(tmp_path, nav) == ["c.md: stands in no menu of zensical.toml"]


def test_a_list_that_became_a_paragraph_is_named() -> None:
    """A list which only a forge would draw is a failure, not a surprise."""
    text = "Words\n- one\n- two\n"
    assert differing(text, Counter({"li": 2})) == []
    assert differing(text, Counter()) == ["a forge draws 2 <li>, the site 0"]


def test_what_leads_nowhere_or_asks_another_host_is_named(tmp_path: Path) -> None:
    """A lost page, a lost anchor and a picture from elsewhere are each told with their page."""
    pages, built = tmp_path / "pages", tmp_path / "site"
    pages.mkdir()
    built.mkdir()
    (built / "one.html").write_text(PAGE.format('<img src="https://elsewhere.example/x.png">'))
    assert problems(pages, built) == [
        "one.html: (other.html#there) leads nowhere",
        "one.html: asks https://elsewhere.example/x.png for something",
    ]
    (built / "one.html").write_text(PAGE.format(""))
    (built / "other.html").write_text("<p id=here>")
    assert problems(pages, built) == ["one.html: (other.html#there) has no such anchor"]
    (built / "other.html").write_text("<p id=there>")
    assert problems(pages, built) == []


def test_every_page_of_a_menu_is_there() -> None:
    """A menu names no page that is not written."""
    nav = tomllib.loads((ROOT / site.CONFIG).read_text())["project"]["nav"]
    beside = {called: name for name, called in site.BESIDE.items()}
    named = [ROOT / beside.get(each, f"docs/{each}") for each in site.named(nav)]
    assert [path for path in named if not path.is_file()] == []


def test_every_page_stands_in_a_menu(tmp_path: Path) -> None:
    """No page of docs/ or of the root is out of a reader's reach."""
    nav = tomllib.loads((ROOT / site.CONFIG).read_text())["project"]["nav"]
    site.lay_out(ROOT, tmp_path / "pages")
    assert site.in_no_menu(tmp_path / "pages", nav) == []


def test_the_report_of_a_run_under_load_is_led_to(tmp_path: Path) -> None:
    """Whoever runs `make soak` finds its report on the site, once, without writing a menu."""
    menu = tmp_path / site.CONFIG
    menu.write_text((ROOT / site.CONFIG).read_text())
    for text in ("# First", "# Again"):
        page = keep_soak("2026-01-01-0000-sqlite", text, tmp_path)
    nav = list(site.named(tomllib.loads(menu.read_text())["project"]["nav"]))
    assert nav.count("soak/2026-01-01-0000-sqlite.md") == 1
    assert page.read_text() == "# Again"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the built site on a free port of this machine."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
            """Say nothing."""

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.slow
@pytest.mark.browser
def test_the_site_is_built_without_a_warning_and_asks_nobody_else() -> None:
    """`make docs` succeeds; its pages and its search work without any other host."""
    built = site.build(ROOT)
    found = browser.find_chromium()
    assert found is not None, "no Chromium; say `python -m tools.browser`"
    asked: list[str] = []

    def keep(request: Request) -> None:
        asked.append(request.url)

    with served(built) as address, sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = started.new_page()
        page.on("request", keep)
        for name in ("index.html", "readme.html", "reference/settings.html", "screens.html"):
            page.goto(f"{address}/{name}")
            expect(page.locator("article h1")).to_be_visible()
        page.wait_for_load_state("networkidle")  # before its scripts are there, keys turn pages
        page.keyboard.press("Control+k")
        page.keyboard.type("checkpoint")
        expect(page.locator("mark", has_text="checkpoint").first).to_be_visible()
        started.close()
    assert asked
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
