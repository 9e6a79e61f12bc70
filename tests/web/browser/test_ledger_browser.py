"""The ledger in a real browser: found, read, and verified there against a server that may lie."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, Page, expect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from muniment import ledger
from muniment.ledger import rotate_key
from muniment.ledger.rules import format_note
from muniment.server import House
from muniment.verify import Note, Signature, make_key, open_checkpoint
from tests.server.asking import Known, house_in
from tests.web.browser.looking import NARROW, SIGHTS, Theme, opened, violations
from tests.web.browser.pictures import picture
from tests.web.browser.serving import serving
from tests.web.ledger.recorded import ACTORS, EVIL, UNICODE, Promoted, fill, put

pytestmark = pytest.mark.browser

LIST: Final = "/console/ledger"
PLAIN, STRANGE = 300, 601

Change = Callable[[bytes], bytes]


@dataclass
class Lying:
    """Stand before the real server, and change what it sends under some paths."""

    app: ASGIApp
    changes: dict[str, Change] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        change = next(
            (each for path, each in self.changes.items() if path in scope.get("path", "")), None
        )
        if change is None:
            await self.app(scope, receive, send)
            return
        begun: list[Message] = []
        body = b""

        async def keep(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                begun.append(message)
            else:
                body += message.get("body", b"")

        await self.app(scope, receive, keep)
        body = change(body)
        headers = [pair for pair in begun[0]["headers"] if pair[0].lower() != b"content-length"]
        await send({**begun[0], "headers": headers})
        await send({"type": "http.response.body", "body": body})


@dataclass
class Site:
    """A console that is served: where, of which house, and how it may be made to lie."""

    origin: str
    house: House
    lying: Lying


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a real installation with about six hundred entries."""
    folder = tmp_path_factory.mktemp("brightwater")
    with house_in(folder / "brightwater") as house:
        fill(house, 600)
        put(house, [Promoted("support-agent", 8, EVIL), Promoted(UNICODE, 9, UNICODE)], ACTORS[1])
        house.log.seal()
        ledger.check(house.log)
        put(house, [Promoted("credit-score", 10, "waits")])
        lying = Lying(Known(house))
        with serving(lying) as address:
            yield Site(address, house, lying)


@pytest.fixture(autouse=True)
def honest(site: Site) -> Iterator[None]:
    """Every test begins and ends with a server that tells the truth."""
    yield
    site.lying.changes.clear()


def verified(page: Page, *, key: str = "", compared: bool = True) -> str:
    """Verify in this browser; give the answer."""
    if key:
        page.locator("#vkey").fill(key)
    page.locator("#compared").set_checked(compared)
    page.get_by_role("button", name="Verify in this browser").click()
    expect(page.locator("#verified > p .tag")).to_be_visible(timeout=20_000)
    return page.locator("#verified > p .tag").inner_text()


def steps(page: Page) -> dict[str, str]:
    """Read what each step answered."""
    rows = page.locator("#verified .corridor > li")
    return {row.locator("b").inner_text(): row.locator(".took").inner_text() for row in rows.all()}


def failed(page: Page) -> set[str]:
    """Name the steps that were not met."""
    return {name for name, answer in steps(page).items() if answer == "not met"}


PATHS: Final = {
    "list": LIST,
    "filtered": f"{LIST}?kind=sampled.promoted&actor=person:ines.ferreira",
    "nothing": f"{LIST}?subject=system:nobody",
    "wrong": f"{LIST}?kind=Wrong&since=soon&from_index=9&to_index=3",
    "entry": f"{LIST}/{PLAIN}",
    "first": f"{LIST}/0",
    "strange": f"{LIST}/{STRANGE}",
    "unicode": f"{LIST}/{STRANGE + 1}",
    "waiting": f"{LIST}/{STRANGE + 2}",
    "check": f"{LIST}/check",
}


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
@pytest.mark.parametrize("name", PATHS)
def test_a_page_of_the_ledger_is_sound(
    browser: Browser, site: Site, screens: Path, name: str, width: int, theme: Theme
) -> None:
    """No error, no breach of the policy, nothing from elsewhere, no barrier, no sideways scroll."""
    with opened(browser, site.origin + PATHS[name], width=width, theme=theme) as (page, watch):
        expect(page.locator("h1")).to_be_visible()
        picture(page, screens / f"ledger-{name}-{width}-{theme}.png")
        page.evaluate("document.querySelectorAll('.behind').forEach((one) => { one.open = true; })")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [said for said in watch.said if "status of 4" not in said] == []
        assert [url for url in watch.asked if not url.startswith(site.origin + "/")] == []


def test_from_the_list_to_a_proof(browser: Browser, site: Site) -> None:
    """A reader filters, pages through all of it, opens an entry, and goes on to its neighbour."""
    with opened(browser, site.origin + LIST) as (page, watch):
        expect(page.locator("tbody tr")).to_have_count(50)
        page.locator("#kind").select_option("sampled.promoted")
        page.locator("#actor").fill("web-shop")
        page.get_by_role("button", name="Filter").click()
        expect(page).to_have_url(re.compile(r"actor=web-shop"))
        expect(page.locator("#actor")).to_have_value("web-shop")
        seen = page.locator("tbody tr").count()
        page.get_by_role("link", name="Clear").click()
        expect(page).to_have_url(site.origin + LIST)
        page.locator("thead").get_by_role("link", name="Entry").click()
        for first in range(0, 600, 50):
            expect(page.locator("tbody tr").first.locator("th")).to_have_text(str(first))
            page.get_by_role("link", name="Next", exact=True).click()
        expect(page.locator("tbody tr").first.locator("th")).to_have_text("600")
        expect(page.get_by_role("link", name="Next", exact=True)).to_have_count(0)
        page.locator("tbody th a").last.click()
        expect(page.locator("h1")).to_have_text("Entry 602")
        page.get_by_role("navigation", name="Neighbours").get_by_role("link").first.click()
        expect(page.locator("h1")).to_have_text("Entry 601")
        assert 0 < seen <= 50
        assert watch.said == []


@pytest.mark.parametrize("index", [0, 255, 256, PLAIN, STRANGE, STRANGE + 1])
def test_an_entry_verifies_in_the_browser(browser: Browser, site: Site, index: int) -> None:
    """With the reader's key every step is met, wherever the entry stands and whatever it says."""
    with opened(browser, f"{site.origin}{LIST}/{index}") as (page, watch):
        assert verified(page, key=site.house.log.status().vkey) == "met"
        assert set(steps(page).values()) == {"met"}
        asked = {url.removeprefix(site.origin) for url in watch.asked}
        assert {f"/api/v1/ledger/{index}/proof", "/log/checkpoint"} <= asked
        assert watch.said == []


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_what_verifying_looks_like(
    browser: Browser, site: Site, screens: Path, width: int, theme: Theme
) -> None:
    """The steps are readable for everybody, when all is met and when something is not."""
    with opened(browser, f"{site.origin}{LIST}/{PLAIN}", width=width, theme=theme) as (page, _):
        assert verified(page) == "met"
        picture(page.locator("#proof"), screens / f"ledger-met-{width}-{theme}.png")
        assert violations(page) == []
        site.lying.changes["/tile/entries"] = lambda body: body.replace(b"sampled", b"sampler")
        assert verified(page) == "not met"
        picture(page.locator("#proof"), screens / f"ledger-not-met-{width}-{theme}.png")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_key_from_the_same_server_is_not_believed(browser: Browser, site: Site) -> None:
    """On first use the page says where the key came from, and leaves the answer open."""
    with opened(browser, f"{site.origin}{LIST}/{PLAIN}") as (page, _watch):
        expect(page.locator("#vkey-hint")).to_contain_text("This key came from the same server")
        assert verified(page, compared=False) == "could not tell"
        assert [a for a in steps(page).values() if a != "met"] == ["could not tell"]
        assert verified(page) == "met"
        page.goto(f"{site.origin}{LIST}/5")
        expect(page.locator("#vkey-hint")).to_contain_text("this browser remembers it")
        expect(page.locator("#compared")).to_be_checked()
        assert verified(page) == "met"
        assert "this browser saw 603 before" in page.locator("#verified").inner_text()


def _flipped(body: bytes) -> bytes:
    return body[:40] + bytes([body[40] ^ 1]) + body[41:]


def _other_hash(body: bytes) -> bytes:
    lines = body.split(b"\n")
    lines[3] = base64.b64encode(bytes(32))
    return b"\n".join(lines)


def _smaller(body: bytes) -> bytes:
    return body.replace(b"\n603\n", b"\n602\n")


def _other_entry(body: bytes) -> bytes:
    return body.replace(f"index {PLAIN}\n".encode(), f"index {PLAIN + 1}\n".encode())


def _resigned(body: bytes) -> bytes:
    start = body.index(b"\n\n") + 2 if b"index" in body else 0
    head, checkpoint = body[:start], body[start:]
    note, opened_head = open_checkpoint(checkpoint)
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    key = make_key(opened_head.origin, private.public_key().public_bytes_raw())
    signed = Signature(key.name, key.id, private.sign(note.text.encode()))
    return head + format_note(Note(note.text, (signed,)))


LIES: Final[dict[str, tuple[dict[str, Change], set[str]]]] = {
    "a byte of the entry": (
        {"/tile/entries": lambda body: body.replace(b'"sampled.', b'"sampler.')},
        {"It is what this page shows", "The path leads to the root"},
    ),
    "a hash of the path": ({"/proof": _other_hash}, {"The path leads to the root"}),
    "the size in the proof": ({"/proof": _smaller}, {"The head is signed"}),
    "another entry's place": ({"/proof": _other_entry}, {"The proof can be read"}),
    "another signer": (
        {"/proof": _resigned, "/log/checkpoint": _resigned},
        {"The head is signed", "The log has not shrunk"},
    ),
    "no proof at all": ({"/proof": lambda _: b"<html>"}, {"The proof can be read"}),
    "the page alone": (
        {f"{LIST}/{PLAIN}": lambda body: body.replace(b"&#34;seq&#34;:", b"&#34;seq&#34;:1")},
        {"It is what this page shows"},
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_found_and_placed(browser: Browser, site: Site, lie: str) -> None:
    """Whatever the server alters, the answer is “not met”, and it says which step."""
    site.lying.changes, wrong = dict(LIES[lie][0]), LIES[lie][1]
    with opened(browser, f"{site.origin}{LIST}/{PLAIN}") as (page, _watch):
        assert verified(page, key=site.house.log.status().vkey) == "not met"
        assert failed(page) >= wrong
        assert all(name in page.locator("#verified > p").inner_text() for name in wrong)


def test_a_foreign_key_is_not_met(browser: Browser, site: Site) -> None:
    """A reader with another key learns that this log is not the one they were told of."""
    name = site.house.log.status().origin
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
    foreign = make_key(name, private.public_key().public_bytes_raw()).vkey
    with opened(browser, f"{site.origin}{LIST}/{PLAIN}") as (page, _watch):
        assert verified(page, key=foreign) == "not met"
        assert failed(page) == {"The head is signed", "The log has not shrunk"}
        expect(page.locator("#vkey-hint")).to_contain_text("not the key that this server shows")
        assert verified(page, key="nonsense") == "could not tell"
        assert verified(page, key=foreign.replace("+", "+0", 1)[:-9]) == "could not tell"
        wrong_id = re.sub(r"\+[0-9a-f]{8}\+", "+00000000+", foreign)
        assert verified(page, key=wrong_id) == "not met"
        assert "The key is yours" in failed(page)


def test_a_log_that_shrank_is_found(browser: Browser, site: Site) -> None:
    """A head older than the one this browser saw does not pass."""
    with opened(browser, f"{site.origin}{LIST}/{PLAIN}") as (page, _watch):
        assert verified(page) == "met"
        page.evaluate(
            "const kept = JSON.parse(localStorage.getItem('muniment.ledger.key'));"
            "kept.size += 1; localStorage.setItem('muniment.ledger.key', JSON.stringify(kept));"
        )
        assert verified(page) == "not met"
        assert failed(page) == {"The log has not shrunk"}


def test_a_server_that_does_not_answer_is_no_answer(browser: Browser, site: Site) -> None:
    """What cannot be fetched is neither met nor not met."""
    with opened(browser, f"{site.origin}{LIST}/{PLAIN}") as (page, _watch):
        page.route("**/log/tile/**", lambda route: route.abort())
        assert verified(page) == "could not tell"
        assert steps(page)["The entry is hashed"] == "could not tell"


def test_a_browser_without_ed25519_says_so(browser: Browser, site: Site) -> None:
    """An old browser is told to check offline; it never says “met”."""
    with opened(browser, f"{site.origin}{LIST}/{PLAIN}") as (page, _watch):
        refuse = "() => Promise.reject(new DOMException('', 'NotSupportedError'))"
        page.evaluate(f"() => {{ crypto.subtle.importKey = {refuse}; }}")
        assert verified(page) == "could not tell"
        assert "this browser has no Ed25519" in page.locator("#verified").inner_text()


def test_the_ledger_without_a_script(browser: Browser, site: Site, screens: Path) -> None:
    """Filtering, sorting, paging, saving and the offline command need no script."""
    with opened(browser, site.origin + LIST, width=NARROW, script=False) as (page, watch):
        expect(page.locator("#text")).to_be_hidden()  # on a narrow screen, until it is asked for
        page.locator(".narrowing summary").click()
        page.locator("#text").fill("EMAIL_ADDRESS")
        page.get_by_role("button", name="Filter").click()
        expect(page).to_have_url(re.compile(r"text=EMAIL_ADDRESS"))
        expect(page.locator("#text")).to_be_visible()
        newest = page.locator("tbody th a").first.inner_text()
        page.get_by_role("link", name="Next").click()
        expect(page.locator("tbody th a").first).not_to_have_text(newest)
        page.locator("tbody th a").first.click()
        expect(page.locator("#verify")).to_be_hidden()
        expect(page.get_by_text("python3 verify.py entry-")).to_be_visible()
        with page.expect_download() as saved:
            page.get_by_role("link", name="Save proof file").click()
        assert saved.value.suggested_filename.endswith(".tlog-proof")
        picture(page, screens / "ledger-no-script-390-light.png")
        assert watch.said == []


def test_a_key_that_was_rotated_is_told_apart(browser: Browser, site: Site) -> None:
    """Whoever holds the old key learns that another key signs now; the new one verifies."""
    old = site.house.log.status().vkey
    new = rotate_key(site.house.log, ACTORS[0])
    site.house.log.seal()
    with opened(browser, f"{site.origin}{LIST}/{PLAIN}") as (page, _watch):
        assert verified(page, key=old) == "not met"
        assert verified(page, key=new) == "met"
        page.goto(f"{site.origin}{LIST}/check")
        expect(page.locator(".list > li")).to_have_count(2)
        expect(page.locator(".list > li").last).to_contain_text("retired")
