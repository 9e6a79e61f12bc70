"""Changes are moved by compare-and-set; freezes are lifted once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muniment import registry
from muniment.core.errors import ConflictError, NotFoundError
from muniment.registry import ChangeState, store
from tests.approvals.people import ROOT
from tests.registry.yard import Yard


def test_two_who_move_a_change_at_once_do_not_pass(yard: Yard) -> None:
    """The second is told to look again."""
    yard.approved()
    change = yard.drafted("one")
    with yard.by("ben") as work:
        registry.check(work, change.id)
    stale = replace(change, state=ChangeState.APPROVED)
    with pytest.raises(ConflictError, match="same moment"), yard.database.work(ROOT) as work:
        store.changes.save(work, stale)
    with yard.looking() as work, pytest.raises(NotFoundError):
        store.changes.get(work, "chg_none")


def test_a_freeze_is_lifted_once(yard: Yard) -> None:
    """What does not stand cannot be lifted."""
    yard.raise_up()
    with pytest.raises(NotFoundError), yard.database.work(ROOT) as work:
        store.changes.lift_freeze(work, "frz_none", work.now)
