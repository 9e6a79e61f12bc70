"""Who answers for whom, on its page."""

from __future__ import annotations

from datetime import timedelta

from tests.web.approvals.asking import Desk


def test_lending_seeing_and_ending(desk: Desk) -> None:
    """Sec lets Bo answer, both see it, and Bo ends it."""
    day = (desk.house.clock.now() + timedelta(days=7)).date().isoformat()
    given = {"taker": desk.people["bo"].id, "ends_at": day, "reason": "on leave"}
    assert desk.post("sec", "/delegations", **given).status == 303
    assert "Bo Releaser" in desk.get("sec", "/delegations").body.decode()
    page = desk.get("bo", "/delegations").body.decode()
    assert "Sec Urity" in page
    named = page.split("/console/approvals/delegations/")[1].split("/end")[0]
    assert desk.post("eve", f"/delegations/{named}/end").status == 422
    assert desk.post("bo", f"/delegations/{named}/end").status == 303
    assert ">ended<" in desk.get("bo", "/delegations").body.decode()


def test_a_delegate_finds_for_whom(desk: Desk) -> None:
    """Whoever answers for another chooses for whom on the decision itself."""
    day = (desk.house.clock.now() + timedelta(days=7)).date().isoformat()
    given = {"taker": desk.people["bo"].id, "ends_at": day, "reason": "on leave"}
    desk.post("sec", "/delegations", **given)
    request = desk.ask_for()
    assert "for myself" in desk.get("bo", f"/{request.id}").body.decode()
    done = desk.answer("bo", request, acts_for=desk.people["sec"].id)
    assert done.status == 303
    assert "for Sec Urity" in desk.get("ada", f"/{request.id}").body.decode()


def test_what_was_typed_wrong(desk: Desk) -> None:
    """A missing person, a past day and no reason are said beside their fields."""
    for fields, says in (
        ({"taker": "", "ends_at": "2099-01-01", "reason": "x"}, "nobody who could answer"),
        ({"taker": desk.people["bo"].id, "ends_at": "2001-01-01", "reason": "x"}, "ends before"),
        ({"taker": desk.people["bo"].id, "ends_at": "soon", "reason": "x"}, "not a date"),
    ):
        page = desk.post("sec", "/delegations", **fields)
        assert page.status == 422
        assert says in page.body.decode()
