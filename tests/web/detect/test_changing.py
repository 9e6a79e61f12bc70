"""Changes of the detector in the console: ask with figures, wait for the yes, put in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from tests.detect.yes import say_yes
from tests.server.asking import Answer, ask
from tests.server.office import Office, office_in, words

PAGES = "/console/detect/changes"
TYPED = {
    "configuration": 'allowed = [{ text = "desk@example.com" }]',
    "owner": "per_ines",
    "reason": "the address of our own front desk",
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office, shared by the tests of this file."""
    with office_in(tmp_path_factory.mktemp("office")) as opened:
        yield opened


def send(office: Office, path: str, /, *, role: str = "security", **typed: str) -> Answer:
    """Send a form of the pages of changes."""
    headers = {
        "accept": "text/html",
        "content-type": "application/x-www-form-urlencoded",
        **office.who(role).headers,
    }
    body = urlencode(typed).encode()
    return ask(office.app, PAGES + path, method="POST", headers=headers, chunks=[body])


def page(office: Office, path: str = "", role: str = "security") -> Answer:
    """Look at a page of changes."""
    headers = {"accept": "text/html", **office.who(role).headers}
    return ask(office.app, PAGES + path, headers=headers)


def test_a_change_goes_its_whole_way_on_the_pages(office: Office) -> None:
    """The list teaches, the form keeps what was typed, the page shows figures and then a button."""
    assert "No change yet" in words(page(office))
    told = send(office, "/new", **TYPED)
    assert told.status == 422
    assert "has an end" in words(told)
    assert "desk@example.com" in told.body.decode()
    ends = office.house.database.clock.now() + timedelta(days=30)
    told = send(office, "/new", **TYPED, expires_at=f"{ends:%Y-%m-%d}")
    assert told.status == 303, words(told)
    here = told.headers["location"].removeprefix(PAGES)
    assert "Put in force" not in words(page(office, here))
    assert send(office, f"{here}/apply").status == 409
    say_yes(office.house, office.who("compliance"), here.strip("/"))
    assert "Put in force" in words(page(office, here))
    assert "It finds less: more texts are allowed." in words(page(office, f"{here}/apply"))
    assert send(office, f"{here}/apply").status == 303
    assert "version 1" in words(page(office, here))
    assert "in force" in words(page(office))
    form = page(office, "/new").body.decode()
    assert "desk@example.com" in form


def test_what_is_no_configuration_stands_beside_its_field(office: Office) -> None:
    """A mistake in TOML is told with what was typed."""
    told = send(office, "/new", **{**TYPED, "configuration": "threshold = ["})
    assert told.status == 422
    assert "The configuration cannot be read" in words(told)


def test_who_may_not_ask_or_apply_is_refused(office: Office) -> None:
    """Compliance answers and neither asks nor applies; an unknown change is not found."""
    assert send(office, "/new", role="compliance", **TYPED).status == 403
    assert page(office, "/dch_nobody").status == 404
    assert send(office, "/dch_nobody/apply").status == 404
