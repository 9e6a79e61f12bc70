"""Notices over the API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from muniment import access, notices
from muniment.jobs.follow import step
from muniment.server import House
from muniment.server.app import make_app
from tests.server.asking import Answer, ask, house_in
from tests.server.people import MACHINE, Somebody, found_admin, person_with

BASE = "/api/v1/notices"


class Room:
    """An installation whose security hears of an emergency."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.app: Starlette = make_app(house)
        found_admin(house)
        self.sec = person_with(house, "security", name="Sec Urity")
        self.ada = person_with(house, "builder", name="Ada Builder")

    def asked(self, who: Somebody, path: str, method: str = "GET", **given: Any) -> Answer:
        """Ask as somebody."""
        headers = {**who.headers, "content-type": "application/json"}
        if "version" in given:
            headers["if-match"] = f'"{given.pop("version")}"'
        body = json.dumps(given).encode() if given else b""
        if method != "GET" and not given:
            body = b"{}"
        return ask(self.app, BASE + path, method=method, headers=headers, chunks=[body])

    def tell(self) -> None:
        """Read the ledger."""
        self.house.log.seal()
        for follower in self.house.runner.followers:
            while step(self.house.database, follower, self.house.log.read_after):
                pass


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Open it."""
    with house_in(tmp_path / "data") as house:
        house.log.begin()
        yield Room(house)


def test_a_channel_is_made_changed_and_turned(room: Room) -> None:
    """The secret stands in one answer; a change names the version it was made from."""
    made = room.asked(
        room.sec, "/channels", "POST", name="Hook", via="webhook", target="https://x.example.org/"
    )
    assert made.status == 201
    assert made.json["secret"].startswith("whsec_")
    here = f"/channels/{made.json['id']}"
    assert room.asked(room.sec, here).json["secret"] == ""
    assert room.asked(room.sec, here, "PATCH", name="Hook 2", version=1).status == 200
    assert room.asked(room.sec, here, "PATCH", name="Hook 3", version=1).status == 412
    assert room.asked(room.sec, f"{here}/secret", "POST").json["secret"].startswith("whsec_")
    role = room.asked(room.sec, f"{here}/roles", "POST", role="security")
    assert role.status == 201
    assert room.asked(room.sec, f"/channels/roles/{role.json['id']}", "DELETE").status == 204
    assert "x.example.org" not in room.asked(room.sec, "/channels").body.decode()
    for target in ("http://x.example.org/", "https://10.0.0.1/", "https://u:p@x.example.org/"):
        refused = room.asked(
            room.sec, "/channels", "POST", name="Hook", via="webhook", target=target
        )
        assert refused.status in (403, 422), target


def test_an_inbox_over_the_api(room: Room) -> None:
    """What one was told is listed, shown and seen; by others it is neither."""
    own = room.asked(
        room.sec,
        "/routes/team-made",
        "PUT",
        kinds=["access.team_added"],
        severity="info",
        title="A team was made",
        to=[f"person:{room.ada.id}"],
    )
    assert own.status == 200, own.body
    room.tell()

    with room.house.database.work(MACHINE) as work:
        access.add_team(work, "Risk")
    room.tell()
    (row,) = room.asked(room.ada, "?unseen=true").json["rows"]
    assert row["title"] == "A team was made"
    assert row["seen_at"] is None
    assert room.asked(room.ada, f"/{row['id']}").status == 200
    assert room.asked(room.sec, f"/{row['id']}").status == 200
    other = person_with(room.house, "builder", name="Other")
    assert room.asked(other, f"/{row['id']}").status == 403
    assert room.asked(other, "/seen", "POST", ids=[row["id"]]).json["ids"] == []
    assert room.asked(room.ada, "/seen", "POST", ids=[row["id"]]).json["ids"] == [row["id"]]
    assert room.asked(room.ada, "?unseen=true").json["rows"] == []
    assert len(room.asked(room.sec, "/all").json["rows"]) == 1
    assert room.asked(room.sec, "/messages").json["rows"] == []


def test_ones_own_ways(room: Room) -> None:
    """Addresses and hours are one's own; what cannot be is refused with its field."""
    with room.house.database.work(room.sec.actor) as work:
        made, _ = notices.add_channel(
            work,
            room.house.courier,
            name="Programs",
            via="webhook",
            target="https://x.example.org/{to}",
            personal=True,
        )
    added = room.asked(room.ada, "/mine/addresses", "POST", channel=made.id, address="a/b")
    assert added.status == 201
    assert len(room.asked(room.ada, "/mine/addresses").json["rows"]) == 1
    assert room.asked(room.sec, f"/mine/addresses/{added.json['id']}", "DELETE").status == 404
    assert room.asked(room.ada, f"/mine/addresses/{added.json['id']}", "DELETE").status == 204
    hours = room.asked(room.ada, "/mine/hours", "PUT", starts="22:00", ends="07:00")
    assert hours.json["starts"] == 22 * 60
    assert room.asked(room.ada, "/mine/hours", "PUT", starts="x", ends="07:00").status == 422
    assert room.asked(room.ada, "/mine/hours", "DELETE").status == 204
