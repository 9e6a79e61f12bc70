"""The page of one decision."""

from __future__ import annotations

import pytest

from muniment import approvals
from muniment.approvals import Rule
from muniment.approvals.store import opening_of
from tests.server.people import MACHINE
from tests.web.approvals.asking import Desk


def test_the_page_shows_exactly_what_is_asked(desk: Desk) -> None:
    """Digest, what changes, checks with three answers, policies and consequence, all as text."""
    request = desk.ask_for()
    page = desk.get("bo", f"/{request.id}").body.decode()
    assert request.version.digest in page
    assert '<del class="wrap">sha256:00</del>' in page
    assert '<ins class="wrap">sha256:aa</ins>' in page
    assert "could not tell" in page
    assert "release.baseline" in page
    assert "Credit decisions are made by version 4." in page
    assert "<b>bold</b>" not in page
    assert "Ada Builder" in page


def test_what_was_not_there_before_is_read_first_and_compared_then(desk: Desk) -> None:
    """Where nothing was before no change is drawn; words stand above numbers and digests."""
    request = desk.ask_for(before=None)
    page = desk.get("bo", f"/{request.id}").body.decode()
    assert "What a yes holds for" in page
    assert "<ins" not in page
    assert page.index("<code>note</code>") < page.index("<code>share</code>")


def test_showing_it_is_recorded_for_who_may_answer(desk: Desk) -> None:
    """The first look is recorded with the digest; reloading records nothing more."""
    request = desk.ask_for()
    for _ in range(2):
        desk.get("bo", f"/{request.id}")
    with desk.house.database.look(MACHINE) as work:
        opening = opening_of(work, request.id, desk.people["bo"].id, request.version.digest)
    assert opening is not None


@pytest.mark.parametrize(
    ("name", "says"),
    [("ada", "You cannot answer this."), ("sec", "Record my answer")],
)
def test_who_can_answer_finds_the_form(desk: Desk, name: str, says: str) -> None:
    """Who cannot answer is told why, who can finds the form."""
    request = desk.ask_for()
    assert says in desk.get(name, f"/{request.id}").body.decode()


def test_strangers_see_nothing(desk: Desk) -> None:
    """Whoever has no role over the system is refused, and so is a made-up id."""
    request = desk.ask_for()
    assert desk.get("eve", f"/{request.id}").status == 403
    assert desk.get("bo", "/apr_none").status == 404


def test_an_override_is_offered_where_it_is_possible(desk: Desk) -> None:
    """Only where the rule names a role, and to who may override."""
    request = desk.ask_for(Rule(override_role="security"))
    assert "Override" in desk.get("sec", f"/{request.id}").body.decode()
    assert "Override" not in desk.get("bo", f"/{request.id}").body.decode()


def test_a_link_leads_to_the_decision_once(desk: Desk) -> None:
    """The link redirects its person to the request; a second time, and others, are refused."""
    request = desk.ask_for()
    mac = approvals.mac_of(desk.house.reception.keyring())
    with desk.house.database.work(MACHINE) as work:
        secret = approvals.make_link(work, request.id, desk.people["bo"].id, mac=mac)
    assert desk.get("sec", f"/link/{secret}").status == 403
    first = desk.get("bo", f"/link/{secret}")
    assert (first.status, first.headers["location"]) == (303, f"/console/approvals/{request.id}")
    assert desk.get("bo", f"/link/{secret}").status == 403
    assert desk.get("bo", "/link/nonsense").status == 403
