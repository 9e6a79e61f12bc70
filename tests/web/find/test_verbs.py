"""What can be done, by name."""

from __future__ import annotations

from muniment.access import EVERYTHING, PERMISSIONS, Visitor
from muniment.core.actor import Actor, ActorKind
from muniment.web import routes
from muniment.web.find.verbs import VERBS, verbs_for

WHO = Actor(ActorKind.PERSON, "per_1")


def test_each_leads_to_a_page_that_exists_under_a_permission_that_exists() -> None:
    """No act leads nowhere, and none asks for what cannot be given."""
    pages = {each.path for each in routes() if "GET" in (each.methods or ())}
    assert {each.href for each in VERBS} <= pages
    assert {each.permission for each in VERBS} <= {"", *PERMISSIONS}


def test_only_what_somebody_may_do_is_offered() -> None:
    """Whoever holds nothing is offered what is everybody's."""
    assert {each.label for each in verbs_for(Visitor(WHO))} == {"Lend your answer"}
    held = ((frozenset({"exchanges.stop"}), EVERYTHING),)
    assert "Stop a system" in {each.label for each in verbs_for(Visitor(WHO, held=held))}
