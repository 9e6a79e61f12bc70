"""The pages of grants."""

from __future__ import annotations

from muniment.access import Scope
from muniment.web.access.grants import scope_of
from tests.server.office import Office, place, words
from tests.server.people import person_with


def test_a_role_is_given_made_shorter_and_taken_back(office: Office) -> None:
    """A grant's page says whose, where, why and until when, and what taking it back would do."""
    pat = person_with(office.house, name="Pat Person")
    here = place(
        office.send(
            "/grants/give",
            holder=f"person:{pat.id}",
            role="operator",
            scope__system="sys_1",
            ends_at="2027-05-31",
            reason="On call.",
        )
    )
    page = words(office.page(here))
    assert "Pat Person is operator over system sys_1. It holds now." in page
    assert "On call." in page
    place(office.send(f"{here}/extend", ends_at="2027-04-30", version="1"))
    assert "30 Apr 2027" in words(office.page(here))
    asked = words(office.page(f"{here}/revoke"))
    assert "opens nothing for them through this grant" in asked
    place(office.send(f"{here}/revoke", version="2", reason="No longer needed."))
    assert "It was taken back" in words(office.page(here))
    assert "Pat Person" not in words(office.page("/grants"))
    assert "Pat Person" in words(office.page("/grants?which=all"))


def test_a_conflict_of_duties_is_told_with_its_reason(office: Office) -> None:
    """The form comes back with what was typed, and says which duties meet."""
    pat = person_with(office.house, "builder", name="Bo Builder")
    typed = {"holder": f"person:{pat.id}", "role": "releaser", "reason": "Nobody else is there."}
    answer = office.send("/grants/give", **typed)
    assert answer.status == 409
    assert "builder" in words(answer)
    assert "Nobody else is there." in answer.body.decode()


def test_a_form_without_its_choices_asks_for_them(office: Office) -> None:
    """Nobody and nothing chosen, and a day that is none, are told at their fields."""
    pat = office.who("operator")
    for typed, said in (
        ({"holder": "", "role": "operator", "reason": "x"}, "Nobody is named"),
        ({"holder": f"person:{pat.id}", "role": "", "reason": "x"}, "No role is chosen"),
        (
            {"holder": f"person:{pat.id}", "role": "auditor", "reason": "x", "ends_at": "soon"},
            "is not a date",
        ),
    ):
        answer = office.send("/grants/give", **typed)
        assert answer.status == 422
        assert said in words(answer)


def test_places_are_read_from_their_fields() -> None:
    """What is left empty names no place."""
    assert scope_of({"scope.system": "s1", "scope.model": ""}) == Scope.of(system="s1")
