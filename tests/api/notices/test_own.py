"""One's own addresses and hours over the API."""

from __future__ import annotations

from muniment import notices
from tests.api.notices.room import Room


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
    room.asked(room.ada, "/mine/addresses", "POST", channel=made.id, address="c/d")
    here = f"/people/{room.ada.id}/addresses"
    assert room.asked(room.ada, here, "DELETE").status == 403
    assert len(room.asked(room.sec, here, "DELETE").json["ids"]) == 1
    assert room.asked(room.sec, here, "DELETE").json["ids"] == []
    assert room.asked(room.ada, "/mine/addresses").json["rows"] == []
    hours = room.asked(room.ada, "/mine/hours", "PUT", starts="22:00", ends="07:00")
    assert hours.json["starts"] == 22 * 60
    assert room.asked(room.ada, "/mine/hours", "PUT", starts="x", ends="07:00").status == 422
    assert room.asked(room.ada, "/mine/hours", "DELETE").status == 204
