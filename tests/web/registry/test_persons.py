"""A person is chosen by name, as long as there are not too many to choose from."""

from __future__ import annotations

from muniment import access
from muniment.web.registry.persons import person_field
from tests.server.people import MACHINE, person_with
from tests.server.registered import Registered


def test_a_person_is_chosen_by_name_and_namesakes_are_told_apart(there: Registered) -> None:
    """Whoever asks may name themselves, and whoever is named already stays to be chosen."""
    owner, twin = there.who("owner"), person_with(there.house, name="Builder One")
    gone = person_with(there.house, name="Gone One")
    with there.house.database.work(MACHINE) as work:
        access.suspend(work, access.person(work, gone.id).id)
    with there.house.database.look(owner.actor) as work:
        asked = person_field(work, "owner", "Owner", gone.id, required=False, hint="Who.")
    said = dict(asked.options)
    assert (asked.kind, asked.value, said[""]) == ("select", gone.id, "nobody")
    assert said[owner.id] == "Owner One"
    assert said[gone.id] == "Gone One"
    assert said[twin.id] == f"Builder One, {twin.id}"


def test_where_people_are_many_an_address_is_typed(there: Registered) -> None:
    """A choice of hundreds is none; the field then says what to write."""
    with there.house.database.look(there.who("owner").actor) as work:
        asked = person_field(work, "owner", "Owner", hint="Who answers for it.", most=3)
    assert (asked.kind, asked.hint) == ("text", "Who answers for it. Id or e-mail address.")
