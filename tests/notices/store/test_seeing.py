"""Taking back that somebody looked leaves alone that others did."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment import notices
from muniment.core.errors import ConflictError
from muniment.testing import FixedClock
from tests.notices.desk import Desk


def test_who_else_looked_keeps_having_looked(desk: Desk, clock: FixedClock) -> None:
    """What one takes back is new to them alone; once nobody has looked, it is new to all."""
    for name in ("sec", "sam"):
        desk.person(name, "security")
    desk.ask()
    desk.follow()
    at = {}
    for name in ("sec", "sam"):
        clock.advance(60)
        with desk.by(name) as work:
            assert len(notices.see_all(work)) == 1
            at[name] = work.now
    sam = desk.inbox("sam")[0].telling.person
    assert desk.inbox("sec")[0].group.seen_by != sam
    with desk.by("sec") as work:
        assert len(notices.put_back(work, at["sec"])) == 1
    assert desk.inbox("sec")[0].telling.seen_at is None
    group = desk.inbox("sam")[0].group
    assert (group.seen_by, group.seen_at) == (sam, at["sam"])
    with pytest.raises(ConflictError), desk.by("sec") as work:
        notices.put_back(work, at["sam"] + timedelta(seconds=1))
    with desk.by("sam") as work:
        notices.put_back(work, at["sam"])
    assert desk.inbox("sam")[0].group.seen_at is None
    assert len(desk.told("notices.put_back")) == 2
