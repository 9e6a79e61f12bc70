"""What a visitor is offered on a page."""

from __future__ import annotations

from starlette.requests import Request

from muniment.access import EVERYTHING, Visitor
from muniment.core.actor import Actor, ActorKind
from muniment.web.listed import Action
from muniment.web.reading import offered


def test_only_what_somebody_may_do_is_offered() -> None:
    """A button without a permission is everybody's; the others are drawn for who holds theirs."""
    held = ((frozenset({"access.grant"}), EVERYTHING),)
    visitor = Visitor(Actor(ActorKind.PERSON, "per_1"), held=held)
    request = Request({"type": "http", "headers": [], "state": {"visitor": visitor}})
    anybody, may, may_not = (
        Action("Look", "/look"),
        Action("Give", "/give", "access.grant"),
        Action("Stop", "/stop", "exchanges.stop"),
    )
    assert offered(request, (anybody, may, may_not)) == (anybody, may)
