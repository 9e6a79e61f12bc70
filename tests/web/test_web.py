"""The sidebar and the pages behind it."""

from __future__ import annotations

from starlette.routing import Match

from muniment.access import PERMISSIONS
from muniment.web import navigation, routes


def test_each_entry_of_the_sidebar_leads_to_a_page() -> None:
    """No entry leads nowhere, and each asks for a permission there is."""
    known = {each.name for each in PERMISSIONS.values()}
    for item in (item for group in navigation() for item in group.items):
        scope = {"type": "http", "method": "GET", "path": item.href}
        assert any(each.matches(scope)[0] is Match.FULL for each in routes()), item.href
        assert not item.permission or item.permission in known, item.permission


def test_no_two_pages_share_a_key() -> None:
    """After `g`, each letter goes to one page."""
    keys = [item.key for group in navigation() for item in group.items if item.key]
    assert len(keys) == len(set(keys))
