"""One notice over the API, and that each part has its addresses."""

from __future__ import annotations

from tests.api.notices.room import Room


def test_a_notice_that_is_not_there_is_not_found(room: Room) -> None:
    """Who may read others' notices learns that there is none; who may not is refused."""
    assert room.asked(room.sec, "/ntc_none").status == 404
    assert room.asked(room.ada, "/ntc_none").status == 403
