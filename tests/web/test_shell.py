"""The shell: one frame, one set of words, nothing drawn that nobody gave."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import jinja2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from muniment.core.errors import ConflictError
from muniment.web import LedgerHealth, NavGroup, NavItem, Shell, install, navigation
from muniment.web.shell import _sought, current_item, environment, render
from tests.server.asking import app_of, ask
from tests.server.office import Office
from tests.server.office import words as said
from tests.web.asking import Asking, StrictPages

TEMPLATES = sorted(
    (Path(__file__).parents[2] / "src/muniment/web/templates").rglob("*.html"), key=str
)


def shell_page(health: Callable[[], LedgerHealth], groups: tuple[NavGroup, ...]) -> Asking:
    """Serve the search page, the smallest there is, in a shell of one's own."""

    async def show(request: Request) -> HTMLResponse:
        return render(request, "find.html", asked="<b>", found=())

    app = Starlette(routes=[Route("/here/below", show), Route("/here", show)])
    install(app, Shell(groups, "Sample", health))
    return Asking(StrictPages(app))


def verified() -> LedgerHealth:
    """Give a healthy ledger."""
    return LedgerHealth("verified")


GROUPS = (
    NavGroup("What runs", (NavItem("Here", "/here", key="h", waiting=3), NavItem("On", "/on"))),
    NavGroup("What holds", ()),
)


def test_the_sidebar_marks_the_page_and_leaves_out_empty_groups() -> None:
    """A reader sees where they are, what waits, and no question without an answer."""
    html = shell_page(verified, GROUPS).get("/here/below").text
    assert html.count('aria-current="page" data-key="h"') == 2  # the sidebar and the menu
    assert "What runs" in html
    assert "What holds" not in html
    assert '3<span class="away"> waiting</span>' in html


def test_what_a_reader_wrote_is_escaped() -> None:
    """Text from outside never becomes markup."""
    html = shell_page(verified, GROUPS).get("/here").text
    assert "&lt;b&gt;" in html
    assert "<b>”" not in html


def test_a_broken_ledger_says_so_on_every_page() -> None:
    """When the records do not verify, no page hides it."""
    html = shell_page(lambda: LedgerHealth("broken", href="/ledger"), GROUPS).get("/here").text
    assert "The ledger does not verify; writing has stopped." in html
    assert 'role="alert"' in html
    assert '<a href="/ledger">See what does not hold</a>' in html


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("verified", "verified"),
        ("late", "not verified lately"),
        ("broken", "does not verify"),
        ("unknown", "not verified yet"),
    ],
)
def test_the_corner_says_the_state_in_words(state: str, words: str) -> None:
    """The ledger's health is a sentence, not only a dot."""
    health = LedgerHealth(state)  # type: ignore[arg-type]  # each of the four is a valid state
    assert f"Ledger <b>{words}</b>" in shell_page(lambda: health, GROUPS).get("/here").text


def test_the_longest_matching_entry_is_the_current_one() -> None:
    """A page below two entries belongs to the nearer one, and a mere prefix to none."""
    near, far = NavItem("Near", "/a/b"), NavItem("Far", "/a")
    assert current_item((far, near), "/a/b/c") == near
    assert current_item((far, near), "/a/x") == far
    assert current_item((far, near), "/ab") is None


def test_an_application_without_a_shell_is_told_what_to_call() -> None:
    """A forgotten step is named, not guessed."""

    async def show(request: Request) -> HTMLResponse:
        return render(request, "find.html", asked="", found=())

    with pytest.raises(TypeError, match="install"):
        Asking(Starlette(routes=[Route("/", show)])).get("/")


def test_a_name_nobody_gave_is_an_error() -> None:
    """A misspelt value never shows as nothing."""
    with pytest.raises(jinja2.UndefinedError):
        environment().from_string("{{ nobody }}").render()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_keep_the_content_policy(path: Path) -> None:
    """No template carries an inline style, handler or script, or a link elsewhere."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text)
    assert "| safe" not in text


def test_every_key_of_the_sidebar_is_its_own() -> None:
    """No two pages answer to the same letter, and every page listed has an address."""
    items = [item for group in navigation() for item in group.items]
    keys = [item.key for item in items if item.key]
    assert len(keys) == len(set(keys))
    assert all(item.href.startswith("/console/") for item in items)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/console/registry/credit-score/", "credit score"),
        ("/console/exchanges/exc_1", "exc_1"),
        ("/a/\u202e", ""),
        ("/" + "x" * 500, "x" * 80),
    ],
)
def test_what_was_looked_for_is_read_from_an_address(path: str, words: str) -> None:
    """Its last part, in words; ids stay whole, and nothing that is no text is repeated."""
    assert _sought(path) == words


def test_error_pages_say_what_helps(office: Office) -> None:
    """A search where nothing is, roles where it is not allowed, calm where somebody was quicker."""

    async def clash(_request: Request) -> HTMLResponse:
        raise ConflictError("somebody was quicker", remedy="Look again.")

    async def broken(_request: Request) -> HTMLResponse:
        raise RuntimeError("a secret word")

    app = app_of(office.house, clash=clash, broken=broken)
    builder = {"accept": "text/html", **office.who("builder").headers}

    def told(path: str) -> str:
        return said(ask(app, path, headers=builder))

    nothing = ask(app, "/console/registry/credit-score", headers=builder).body.decode()
    assert 'id="sought" name="q" type="search" value="credit score"' in nothing
    assert "Your account lists your roles" in told("/console/health")
    assert "Nothing of what you asked for was done" in told("/clash")
    assert "What was acknowledged before is on record" in told("/broken")
    assert "a secret word" not in told("/broken")
    stranger = said(ask(app, "/nothing", headers={"accept": "text/html"}))
    assert "Search for it" not in stranger
