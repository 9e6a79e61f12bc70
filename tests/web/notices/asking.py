"""The pages of notices, asked in process as somebody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from starlette.applications import Starlette

from muniment import access, notices
from muniment.jobs.follow import step
from muniment.notices import Channel, Severity
from muniment.server import House
from muniment.server.app import make_app
from tests.server.asking import Answer, ask, house_in
from tests.server.people import MACHINE, Somebody, found_admin, person_with

PAGE = "/console/notices"


@dataclass
class Console:
    """An installation and who asks it."""

    house: House
    app: Starlette
    sec: Somebody
    ada: Somebody
    channel: Channel

    def get(self, path: str, who: Somebody | None = None) -> Answer:
        """Ask for a page."""
        return ask(self.app, PAGE + path, headers=(who or self.sec).headers)

    def post(self, path: str, who: Somebody | None = None, /, **typed: str) -> Answer:
        """Send a form."""
        headers = {
            **(who or self.sec).headers,
            "content-type": "application/x-www-form-urlencoded",
        }
        body = urlencode(typed).encode()
        return ask(self.app, PAGE + path, method="POST", headers=headers, chunks=[body])

    def tell(self, name: str) -> str:
        """Let something happen that Ada is told of; give the notice's id."""
        with self.house.database.work(MACHINE) as work:
            access.add_team(work, name)
        self.house.log.seal()
        for follower in self.house.runner.followers:
            while step(self.house.database, follower, self.house.log.read_after):
                pass
        with self.house.database.look(self.ada.actor) as work:
            return notices.inbox(work).rows[0].group.id


@contextmanager
def opened(folder: Path) -> Iterator[Console]:
    """Open an installation in which Ada is told of every new team."""
    with house_in(folder / "data") as house:
        house.log.begin()
        found_admin(house)
        sec = person_with(house, "security", name="Sec Urity")
        ada = person_with(house, "builder", name="Ada Builder")
        with house.database.work(sec.actor) as work:
            channel, _ = notices.add_channel(
                work, house.courier, name="Hook", via="webhook", target="https://x.example.org/"
            )
            to = (f"person:{ada.id}",)
            notices.set_route(
                work,
                notices.Route(
                    "teams", ("access.team_added",), Severity.LOOK, "A team was made", to
                ),
            )
        yield Console(house, make_app(house), sec, ada, channel)
