"""The page of a system leads to its calls and its people, whoever may see them."""

from __future__ import annotations

from muniment.web.registry.called import called, person_cell
from tests.server.registered import Registered


def test_calls_and_people_are_doors_for_who_may_go_there(there: Registered) -> None:
    """Who runs a system is led to its calls; who may see nothing is told nothing."""
    system = there.live()
    for role, sees in (("operator", True), ("nobody", False)):
        with there.house.database.look(there.people[role].actor) as work:
            told = dict(called(work, system.id))
            assert ("Calls, 7 days" in told) is sees
            person = person_cell(work, {"per_1": "Ada"}, "per_1")
            assert (person.text, bool(person.href)) == ("Ada", "People" in told)
            assert person_cell(work, {}, "").text == "nobody"
        if sees:
            cell = told["Calls, 7 days"]
            assert (cell.text, cell.href) == ("no call", f"/console/exchanges?system={system.id}")
