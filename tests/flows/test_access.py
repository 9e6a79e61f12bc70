"""From the first start to a review that revokes; all of it is found in the ledger and verifies."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from muniment import access, verify
from muniment.core.actor import system_actor
from muniment.server import House
from muniment.server.app import make_app
from tests.access.issuing import Issuing, issuer_running
from tests.server.asking import house_in

MACHINE = system_actor("cli")
PASSWORD = "plum ladder quiet tram"
ON_TRIAL: dict[str, object] = {
    "network.reach_plain_loopback": True,
    "access.second_factor_roles": (),
    "server.public_url": "http://localhost:8484",
}


@dataclass
class Browser:
    """A browser of one person, with its cookies; it follows forms, and no redirects."""

    app: Starlette
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> httpx.Response:
        """Look at a page."""
        return asyncio.run(self._ask("GET", path))

    def send(self, path: str, **typed: object) -> httpx.Response:
        """Load a form, fill it in, and send it with what it carries along."""
        page = self.get(path).text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        given = {**hidden, **{k.replace("__", "."): v for k, v in typed.items()}}
        return asyncio.run(self._ask("POST", path, given))

    async def _ask(
        self, method: str, path: str, data: dict[str, object] | None = None
    ) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(
            transport=transport,
            base_url="http://localhost:8484",
            cookies=self.cookies,
            headers={"accept": "text/html", "sec-fetch-site": "same-origin", **self.headers},
        ) as client:
            answer = await client.request(method, path, data=data)
            self.cookies = client.cookies
            return answer


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A first start."""
    with house_in(tmp_path / "data", **ON_TRIAL) as opened:
        opened.log.begin()
        yield opened


@pytest.fixture
def issuing(house: House) -> Iterator[Issuing]:
    """The organisation's identity provider."""
    with issuer_running(house.clock) as running:
        yield running


def followed(answer: httpx.Response) -> str:
    """Give where a form led."""
    assert answer.status_code == 303, re.sub(r"<[^>]+>|\s+", " ", answer.text)[-3000:]
    return answer.headers["location"]


@dataclass
class Journey:
    """An organisation on its way: its installation, its directory, and who is where."""

    house: House
    issuing: Issuing
    app: Starlette
    people: dict[str, Browser] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def stranger(self) -> Browser:
        """Open a browser nobody has used."""
        return Browser(self.app)

    def first_start(self) -> None:
        """The link that was printed makes the admin, and works once."""
        with self.house.database.work(MACHINE) as work:
            link = access.first_link(work, self.house.settings).secret
        ada = self.stranger()
        assert ada.get("/console/ledger").headers["location"] == "/console/set-up"
        typed = {"name": "Ada", "email": "ada@example.org", "password": PASSWORD}
        followed(ada.send(f"/console/set-up/{link}", **typed))
        assert self.stranger().get(f"/console/set-up/{link}").status_code == 404
        assert ada.get("/console/ledger").status_code == 200
        self.people["Ada"] = ada

    def directory(self) -> str:
        """Trust the organisation's identity provider, on the admin's page."""
        told = f'name = "Directory"\nurl = "{self.issuing.url}"\nclient_id = "console"\n'
        told += "just_in_time = true\nstrong = true\n"
        typed = {"file": told, "secret": "a secret we share"}
        made = followed(self.people["Ada"].send("/console/access/issuers/add", **typed))
        return made.rpartition("/")[2]

    def comes(self, name: str, issuer: str) -> None:
        """Let somebody come in through the identity provider."""
        browser, mail = self.stranger(), f"{name.lower()}@example.org"
        self.issuing.claims = {"sub": name, "email": mail, "email_verified": True, "name": name}
        gone = browser.get(f"/console/sign-in/sso/{issuer}")
        assert gone.status_code == 303, gone.text
        back = self.issuing.authorize(gone.headers["location"])
        followed(browser.get(f"/console/sign-in/callback?{httpx.QueryParams(back)}"))
        assert browser.get("/console/account").status_code == 200
        with self.house.database.look(MACHINE) as work:
            self.ids[name] = next(each.id for each in access.people(work, text=mail).rows)
        self.people[name] = browser

    def equipped(self) -> str:
        """A team, roles, and a key; give its secret."""
        ada, bob = self.people["Ada"], self.people["Bob"]
        team = followed(ada.send("/console/access/teams/add", name="Builders", external_id=""))
        followed(ada.send(f"{team}/join", member=f"person:{self.ids['Bob']}"))
        for holder, role in (
            (f"team:{team.rsplit('/', 1)[1]}", "builder"),
            (f"person:{self.ids['Cora']}", "compliance"),
            (f"person:{self.ids['Seb']}", "security"),
        ):
            typed = {"holder": holder, "role": role, "reason": "For the first quarter."}
            followed(ada.send("/console/access/grants/give", **typed))
        holder = f"person:{self.ids['Bob']}"
        made = bob.send("/console/access/keys/issue", holder=holder, label="pipeline")
        secret = re.search(r"mun_per_\w{39}", made.text)
        assert secret is not None
        return secret[0]

    def emergency(self) -> None:
        """Short, reasoned, and looked over by somebody else."""
        bob, seb = self.people["Bob"], self.people["Seb"]
        typed = {"role": "operator", "minutes": "30", "reason": "The model answers nonsense."}
        followed(bob.send("/console/access/emergencies/break", **typed))
        assert bob.get("/console/access/people").status_code == 200
        waiting = seb.get("/console/access/emergencies").text
        address = re.search(r'"(/console/access/emergencies/emg_\w+/review)"', waiting)
        assert address is not None
        followed(seb.send(address[1], finding="justified", words="It did."))
        assert bob.get("/console/access/people").status_code == 403

    def review(self) -> None:
        """Two reviewers, nobody reviews themselves; Bob's membership is revoked."""
        cora, seb = self.people["Cora"], self.people["Seb"]
        typed = {
            "name": "Quarter",
            "reviewers": [self.ids["Cora"], self.ids["Seb"]],
            "sorts": ["grant", "membership", "key"],
            "due_at": f"{self.house.clock.now() + timedelta(days=20):%Y-%m-%d}",
        }
        review = followed(cora.send("/console/access/reviews/open", **typed))
        for reviewer in (cora, seb):
            while (page := reviewer.get(f"{review}/answer")).status_code == 200:
                revokes = "Bob" in page.text and "membership" in page.text
                said = "revoke" if revokes else "keep"
                followed(reviewer.send(f"{review}/answer", answer=said, reason="Looked over."))
        followed(seb.send(f"{review}/verify"))
        followed(cora.send(f"{review}/close"))
        assert "The review is closed" in self.people["Ada"].get(review).text


@pytest.fixture
def journey(house: House, issuing: Issuing) -> Journey:
    """The beginning."""
    return Journey(house, issuing, make_app(house))


@pytest.mark.slow
@pytest.mark.requirement("ACC-01", "ACC-05", "ACC-15", "ACC-16", "ACC-20", "ACC-22")
def test_from_the_first_start_to_a_review_that_revokes(journey: Journey, tmp_path: Path) -> None:
    """Everybody's way in, what they were given and refused, and who looked it over, is provable."""
    journey.first_start()
    issuer = journey.directory()
    for name in ("Bob", "Cora", "Seb"):
        journey.comes(name, issuer)
    bob = journey.people["Bob"]
    refused = bob.get("/console/ledger")
    assert refused.status_code == 403
    assert "no grant of theirs carries ledger.read" in refused.text
    secret = journey.equipped()
    program = Browser(journey.app, headers={"authorization": f"Bearer {secret}"})
    assert bob.get("/console/ledger").status_code == 200
    assert program.get("/api/v1/ledger").status_code == 200
    told = program.get("/api/v1/access/people").json()
    assert (told["status"], told["code"]) == (403, "forbidden")
    assert told["reasons"]
    assert "can grant it" in told["remedy"]
    journey.emergency()
    journey.review()
    assert bob.get("/console/ledger").status_code == 403, "the review took it back"
    require_proof(journey.house, (secret, PASSWORD, "ada@example.org", "Bob"), tmp_path)


def require_proof(house: House, private: tuple[str, ...], folder: Path) -> None:
    """Find all of it in the ledger, nothing private, and an outsider's verifier that agrees."""
    house.log.seal()
    entries = house.log.read_after(0, 10_000)
    assert {str(each.value["kind"]) for each in entries} >= {
        "access.person_added",
        "access.signed_in",
        "access.team_added",
        "access.member_joined",
        "access.granted",
        "access.key_issued",
        "access.glass_broken",
        "access.emergency_reviewed",
        "access.review_opened",
        "access.line_answered",
        "access.review_closed",
    }
    everything = b"".join(each.data for each in entries)
    assert [each for each in private if each.encode() in everything] == []
    alone = folder / "verify.py"
    alone.write_bytes(Path(verify.__file__).read_bytes())
    log = house.settings.data.dir / "log"
    checked = subprocess.run(
        [sys.executable, str(alone), str(log), "--key", house.log.vkeys()[0]],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
