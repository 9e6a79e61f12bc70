"""Who asks at a door, and what they are offered."""

from __future__ import annotations

from muniment.access import Scope, Visitor
from muniment.core.actor import Actor, ActorKind


def test_a_visitor_may_where_their_grants_and_their_key_reach() -> None:
    """What is offered follows grants, places, and the limits of a key."""
    actor, here = Actor(ActorKind.PERSON, "per_1"), Scope.of(system="s1")
    held = ((frozenset({"ledger.read"}), here),)
    visitor = Visitor(actor, held=held)
    assert visitor.may("ledger.read")
    assert visitor.may("ledger.read", here)
    assert not visitor.may("ledger.read", Scope.of(console="ledger"))
    assert not visitor.may("access.read")
    assert not Visitor(actor, held=held, within=Scope.of(system="s2")).may("ledger.read", here)
