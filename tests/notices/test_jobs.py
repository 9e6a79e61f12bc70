"""The chores and the follower of notices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from muniment import jobs as runner
from muniment import ledger
from muniment.notices import jobs
from tests.notices.desk import ROOT, Desk


@dataclass
class Stranger:
    """An entry of something that is no log of ours."""

    index: int = 0
    kind: str = "access.granted"
    body: dict[str, Any] = field(default_factory=dict)


def test_every_kind_is_followed_for_routes_are_data() -> None:
    """Whatever can be recorded can be told; what is not the log is refused."""
    (follower,) = jobs.followers()
    assert all(follower.wants(kind) for kind in ledger.all_kinds())
    with pytest.raises(TypeError):
        follower.handle(None, Stranger())  # type: ignore[arg-type]  # a stranger


def test_chores_do_what_their_names_say(desk: Desk) -> None:
    """Each runs on an empty installation, in a unit of work of its own."""
    for name in ("notices.post", "notices.look", "notices.alarm"):
        desk.chore(name)
    with desk.database.look(ROOT) as work:
        done = runner.find(work).rows
    assert {each.name for each in done} >= {"notices.post", "notices.look", "notices.alarm"}
    assert all(each.state is runner.JobState.DONE for each in done)
