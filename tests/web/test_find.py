"""Search: it works without a script, and says so when there is nothing."""

from __future__ import annotations

from muniment.web.find import MAX_QUERY_CHARS, matching
from muniment.web.shell import NavItem
from tests.web.asking import Asking

ITEMS = (NavItem("People and keys", "/console/people"), NavItem("Policies", "/console/policies"))


def test_every_word_must_be_in_the_name() -> None:
    """Words narrow, in any order and any case; none at all lists everything."""
    assert matching(ITEMS, "KEYS people") == ITEMS[:1]
    assert matching(ITEMS, "p") == ITEMS
    assert matching(ITEMS, "") == ITEMS
    assert matching(ITEMS, "keys policies") == ()


def test_a_page_is_found_by_name(pages: Asking) -> None:
    """The search field leads to the page it names."""
    html = pages.get("/console/find", params={"q": "sty"}).text
    assert '<h2><a href="/console/style">Style</a></h2>' in html
    assert "1 page has “sty” in the name." in html


def test_nothing_found_says_what_to_try(pages: Asking) -> None:
    """An empty answer teaches the next step, and cuts a very long question."""
    answer = pages.get("/console/find", params={"q": "<x>" * MAX_QUERY_CHARS})
    assert answer.status_code == 200
    assert "Try fewer letters" in answer.text
    assert "<x>" not in answer.text
    assert answer.text.count("&lt;x&gt;") < MAX_QUERY_CHARS
