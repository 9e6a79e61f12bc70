"""Routes over the API, and the inboxes they fill."""

from __future__ import annotations

from muniment import access
from tests.api.notices.room import Room
from tests.server.people import MACHINE, person_with


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
