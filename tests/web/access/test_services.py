"""The pages of services."""

from __future__ import annotations

from tests.server.office import Office, place, words


def test_a_service_is_made_renamed_stopped_started_and_given_away(office: Office) -> None:
    """Each form leads to the service's page, which says who answers for it and whether it runs."""
    here = place(office.send("/services/add", name="shop", kind="agent", owner_id=office.ada.id))
    assert "Ada Admin answers for this agent" in words(office.page(here))
    place(office.send(f"{here}/rename", name="web shop", version="1"))
    place(office.send(f"{here}/suspend", version="2"))
    assert "its keys open nothing" in words(office.page(here))
    place(office.send(f"{here}/reactivate", version="3"))
    other = office.who("builder").id
    place(office.send(f"{here}/transfer", owner_id=other, version="4"))
    assert "Builder One answers for this agent" in words(office.page(here))
    assert "web shop" in words(office.page("/services"))


def test_a_choice_that_was_not_made_is_asked_for(office: Office) -> None:
    """Without a kind or an owner nothing is made, and the field says what to choose."""
    for typed, said in (
        ({"name": "x", "kind": "", "owner_id": office.ada.id}, "No kind is chosen"),
        ({"name": "x", "kind": "agent", "owner_id": ""}, "Nobody is chosen"),
    ):
        answer = office.send("/services/add", **typed)
        assert answer.status == 422
        assert said in words(answer)
