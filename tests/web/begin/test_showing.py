"""The path of the first steps, walked by forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.server.asking import Answer, ask
from tests.server.office import Office, office_in, words


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An installation that was just set up."""
    with office_in(tmp_path_factory.mktemp("begin")) as opened:
        yield opened


def see(office: Office, path: str = "/begin", role: str = "") -> Answer:
    """Look at a page of the console."""
    headers = {"accept": "text/html", **(office.who(role) if role else office.ada).headers}
    return ask(office.app, f"/console{path}", headers=headers)


def send(office: Office, path: str, **typed: str) -> Answer:
    """Send a form of the console."""
    kind = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html"}
    body = [urlencode(typed).encode()]
    headers = {**kind, **office.ada.headers}
    return ask(office.app, f"/console{path}", method="POST", headers=headers, chunks=body)


def met(office: Office) -> list[bool]:
    """Read from the page which steps are done."""
    page = see(office).body.decode()
    return [each == "met" for each in re.findall(r'class="tag[^"]*">(met|not yet)<', page)]


def test_each_step_is_known_by_its_record(fresh: Office) -> None:
    """The path is walked in order; what is done shows, is offered on the overview, and survives."""
    assert met(fresh) == [False] * 5
    assert "First steps 0 of 5 done" in words(see(fresh, "/overview"))
    assert send(fresh, "/begin/key").status == 409
    assert send(fresh, "/begin/name", name="Brightwater Ltd", was="").status == 303
    assert "Brightwater Ltd" in words(see(fresh, "/account"))
    twice = send(fresh, "/begin/name", name="Other Ltd", was="")
    assert "somebody named it meanwhile: Brightwater Ltd" in words(twice).lower().replace(
        "brightwater ltd", "Brightwater Ltd"
    )
    assert "Write one, like support-desk" in words(send(fresh, "/begin/system", name="名"))
    assert send(fresh, "/begin/system", name="Desk", purpose="Answers.").status == 303
    assert send(fresh, "/begin/system", name="More", purpose="Answers.").status == 409
    made = send(fresh, "/begin/key")
    assert made.headers["cache-control"] == "no-store"
    secret = re.search(r'id="secret">(mun_svc_\w+)<', made.body.decode())
    assert secret is not None
    assert secret[1] not in see(fresh).body.decode()
    fresh.house.log.seal()
    assert met(fresh) == [True, True, False, False, False]
    size = fresh.house.log.status().size
    assert send(fresh, "/begin/verified", how="offline", size="x").status == 422
    assert send(fresh, "/begin/verified", how="offline", size=str(size)).status == 303
    fresh.house.log.seal()
    assert met(fresh) == [True, True, False, False, True]


def test_it_is_for_who_manages_access(fresh: Office) -> None:
    """Others are refused, and are told nothing of it on the overview."""
    assert see(fresh, role="builder").status == 403
    assert "First steps" not in words(see(fresh, "/overview", role="builder"))


def test_commands_hold_real_values(fresh: Office) -> None:
    """The verifier, the folder and the key are those of this installation."""
    fresh.house.log.seal()
    told = words(see(fresh))
    assert str(Path(fresh.house.log.tiles.root).resolve()) in told
    assert fresh.house.log.status().vkey in told
