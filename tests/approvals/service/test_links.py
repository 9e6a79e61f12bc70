"""One-time links: they open a decision for one person once, and decide nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment import approvals
from muniment.core.errors import ForbiddenError, InvalidError
from tests.approvals.people import ROOT, Office

MAC = approvals.mac_from(b"a key of this installation")


def link(office: Office, **more: timedelta) -> tuple[str, str]:
    """Ask something of Bo, and make a link for them."""
    request = office.ask()
    office.person("bo", "releaser")
    office.person("cy", "releaser")
    with office.database.work(ROOT) as work:
        return request.id, approvals.make_link(work, request.id, office.id("bo"), mac=MAC, **more)


def test_a_link_opens_and_does_not_decide(office: Office) -> None:
    """Following a link leads to the request, which is as open as before; it is recorded."""
    request_id, secret = link(office)
    with office.by("bo") as work:
        found = approvals.follow_link(work, secret, mac=MAC)
    assert found.id == request_id
    assert found.state.value == "open"
    assert office.recorded("approvals.opened") == []
    (entry,) = office.recorded("approvals.link_followed")
    assert entry["body"]["person"] == office.id("bo")
    assert secret not in str(office.recorded("approvals.linked"))


def test_a_link_is_followed_once(office: Office) -> None:
    """A second time it opens nothing."""
    _, secret = link(office)
    with office.by("bo") as work:
        approvals.follow_link(work, secret, mac=MAC)
    with pytest.raises(ForbiddenError, match="followed before"), office.by("bo") as work:
        approvals.follow_link(work, secret, mac=MAC)


def test_links_that_open_nothing(office: Office) -> None:
    """A link of somebody else, an altered one, one of another installation and an old one fail."""
    _, secret = link(office, lasts=timedelta(hours=1))
    with pytest.raises(ForbiddenError, match="somebody else"), office.by("cy") as work:
        approvals.follow_link(work, secret, mac=MAC)
    other = approvals.mac_from(b"another key")
    with pytest.raises(ForbiddenError, match="altered"), office.by("bo") as work:
        approvals.follow_link(work, secret, mac=other)
    for bad in ("", ".", "a.b", secret[:-1], "é" + secret, "x" * 5_000):
        with pytest.raises(ForbiddenError, match="altered"), office.by("bo") as work:
            approvals.follow_link(work, bad, mac=MAC)
    office.later(3_600)
    with pytest.raises(ForbiddenError, match="time is over"), office.by("bo") as work:
        approvals.follow_link(work, secret, mac=MAC)


@pytest.mark.parametrize("lasts", [timedelta(0), timedelta(days=-1), timedelta(days=15)])
def test_how_long_a_link_can_last(office: Office, lasts: timedelta) -> None:
    """A link lasts some time and not for ever."""
    with pytest.raises(InvalidError):
        link(office, lasts=lasts)
