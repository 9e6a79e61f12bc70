"""The snapshot that a gateway reads follows what serves."""

from __future__ import annotations

import pytest

from muniment import registry
from muniment.core.errors import BlockedError, NotFoundError
from muniment.registry import Resolver
from tests.registry.yard import Yard


@pytest.mark.requirement("CHG-11")
def test_every_move_is_seen_after_the_next_look(yard: Yard) -> None:
    """Released, rolled back, stopped, resumed: another process sees each within a second."""
    yard.approved()
    resolver = Resolver(yard.database)
    with pytest.raises(NotFoundError):
        resolver.resolve("credit-score")
    first, second = yard.released("one"), yard.agreed("two")
    yard.later(1)
    assert resolver.resolve("credit-score").shares[0].set_digest == first.set_digest
    yard.promoted(second)
    yard.later(1)
    found = resolver.resolve(yard.system.id)
    assert [each.percent for each in found.shares] == [90, 10]
    assert {found.chosen(point) for point in range(90)} == {first.set_digest}
    assert {found.chosen(point) for point in range(90, 100)} == {second.set_digest}
    assert set(found.versions[first.set_digest]) == {"prompt/main"}
    with yard.by("otto") as work:
        registry.roll_back(work, "credit-score", "production", reason="odd")
    yard.later(1)
    assert len(resolver.resolve("credit-score").shares) == 1
    with yard.by("otto") as work:
        registry.suspend(work, "credit-score", reason="odd")
    yard.later(1)
    with pytest.raises(BlockedError, match="suspended"):
        resolver.resolve("credit-score")
    with yard.by("otto") as work:
        registry.resume(work, "credit-score", reason="seen")
    yard.later(1)
    assert resolver.resolve("credit-score").deployment_id


def test_nothing_is_read_while_nothing_moves(yard: Yard) -> None:
    """A look at the number of the last move is all, until it has grown."""
    yard.approved()
    yard.released("one")
    resolver = Resolver(yard.database)
    assert resolver.refresh()
    assert not resolver.refresh()
    assert resolver.size() == 1
