"""The pages of access, all of them."""

from __future__ import annotations

from muniment.web import navigation
from muniment.web.access import routes
from tests.server.asking import ask
from tests.server.office import Office


def test_every_page_of_the_sidebar_is_there(office: Office) -> None:
    """Each page under Who is a page, opens, and has a letter."""
    paths = {route.path for route in routes()}
    (who,) = [group for group in navigation() if group.label == "Who"]
    assert len(who.items) >= 10
    for item in who.items:
        assert item.href in paths
        assert item.key
        assert office.page(item.href.removeprefix("/console/access")).status == 200


def test_the_sidebar_lists_what_one_may_see(office: Office) -> None:
    """A builder is not shown pages that would refuse them, and everybody finds the way out."""
    headers = {"accept": "text/html", **office.who("builder").headers}
    page = ask(office.app, "/console/style", headers=headers).body.decode()
    assert "/console/access/people" not in page
    assert "/console/ledger" in page
    assert 'action="/console/sign-out"' in page
    assert "Builder One" in page
