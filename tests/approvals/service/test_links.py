"""One-time links: they open a decision for one person once, and decide nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from muniment import approvals
from muniment.approvals import Mac
from muniment.core.errors import ForbiddenError, InvalidError
from muniment.vault.keyrings.local_file import LocalFileKeyring
from tests.approvals.people import ROOT, Office


@pytest.fixture
def mac(tmp_path: Path) -> Mac:
    """Sign links with a keyring of this installation."""
    return approvals.mac_of(LocalFileKeyring(tmp_path / "keyring.json", b"opens the keyring"))


def link(office: Office, mac: Mac, **more: timedelta) -> tuple[str, str]:
    """Ask something of Bo, and make a link for them."""
    request = office.ask()
    office.person("bo", "releaser")
    office.person("cy", "releaser")
    with office.database.work(ROOT) as work:
        return request.id, approvals.make_link(work, request.id, office.id("bo"), mac=mac, **more)


def test_a_link_opens_and_does_not_decide(office: Office, mac: Mac) -> None:
    """Following a link leads to the request, which is as open as before; it is recorded."""
    request_id, secret = link(office, mac)
    with office.by("bo") as work:
        found = approvals.follow_link(work, secret, mac=mac)
    assert found.id == request_id
    assert found.state.value == "open"
    assert office.recorded("approvals.opened") == []
    (entry,) = office.recorded("approvals.link_followed")
    assert entry["body"]["person"] == office.id("bo")
    assert secret not in str(office.recorded("approvals.linked"))


def test_a_link_is_followed_once(office: Office, mac: Mac) -> None:
    """A second time it opens nothing."""
    _, secret = link(office, mac)
    with office.by("bo") as work:
        approvals.follow_link(work, secret, mac=mac)
    with pytest.raises(ForbiddenError, match="followed before"), office.by("bo") as work:
        approvals.follow_link(work, secret, mac=mac)


def test_links_that_open_nothing(office: Office, mac: Mac, tmp_path: Path) -> None:
    """A link of somebody else, an altered one, one of another installation and an old one fail."""
    _, secret = link(office, mac, lasts=timedelta(hours=1))
    with pytest.raises(ForbiddenError, match="somebody else"), office.by("cy") as work:
        approvals.follow_link(work, secret, mac=mac)
    other = approvals.mac_of(LocalFileKeyring(tmp_path / "other.json", b"opens another one"))
    with pytest.raises(ForbiddenError, match="altered"), office.by("bo") as work:
        approvals.follow_link(work, secret, mac=other)
    for bad in ("", ".", "a.b", secret[:-1], "é" + secret, "x" * 5_000):
        with pytest.raises(ForbiddenError, match="altered"), office.by("bo") as work:
            approvals.follow_link(work, bad, mac=mac)
    office.later(3_600)
    with pytest.raises(ForbiddenError, match="time is over"), office.by("bo") as work:
        approvals.follow_link(work, secret, mac=mac)


@pytest.mark.parametrize("lasts", [timedelta(0), timedelta(days=-1), timedelta(days=15)])
def test_how_long_a_link_can_last(office: Office, mac: Mac, lasts: timedelta) -> None:
    """A link lasts some time and not for ever."""
    with pytest.raises(InvalidError):
        link(office, mac, lasts=lasts)
