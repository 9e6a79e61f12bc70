"""Channels over the API."""

from __future__ import annotations

from tests.api.notices.room import Room


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
