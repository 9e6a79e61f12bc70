"""The pages of teams."""

from __future__ import annotations

from tests.server.office import Office, place, words


def test_a_team_is_made_filled_emptied_changed_and_ended(office: Office) -> None:
    """The page of a team says how many are in it, lists them, and what each step would do."""
    here = place(office.send("/teams/add", name="Credit risk", external_id=""))
    assert "Nobody is in this team" in words(office.page(here))
    member = f"person:{office.who('builder').id}"
    place(office.send(f"{here}/join", member=member, version="1"))
    assert "1 member. Each holds what the team holds" in words(office.page(here))
    asked = words(office.page(f"{here}/part?member={member}"))
    assert "Take Builder One out of Credit risk?" in asked
    place(office.send(f"{here}/part", member=member))
    place(office.send(f"{here}/change", name="Risk", external_id="g-1", version="1"))
    assert "g-1" in words(office.page(here))
    place(office.send(f"{here}/end", version="2"))
    assert "The team has ended" in words(office.page(here))
    assert "Risk" not in words(office.page("/teams"))
    assert "Risk" in words(office.page("/teams?which=all"))


def test_who_is_not_named_does_not_join(office: Office) -> None:
    """A choice is asked for beside its field."""
    here = place(office.send("/teams/add", name="Empty", external_id=""))
    answer = office.send(f"{here}/join", member="", version="1")
    assert answer.status == 422
    assert "Choose a person" in words(answer)
