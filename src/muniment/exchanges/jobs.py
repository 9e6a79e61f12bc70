"""What exchanges do by themselves.

They follow the log into the index, stop what rules ask for, forget who was erased, discard what was
kept for a yes that did not come or that nobody came back for, and close what stayed open.
"""

from __future__ import annotations

from typing import Any

from muniment.core.actor import system_actor
from muniment.db import Database
from muniment.exchanges.service import (
    ENDED,
    FOLLOWED,
    close_open,
    follow,
    follow_asked_stop,
    follow_ended,
    follow_shredded,
    forget_old,
    let_go,
    plan,
)
from muniment.jobs import Chore, Follower, Run

_CLOSE_EVERY_SECONDS = 60
_FORGET_EVERY_SECONDS = 86_400
_LET_GO_EVERY_SECONDS = 3_600
ASKING = ("monitor.alarm_raised", "incidents.opened")
_TIDIER = system_actor("exchanges")


def chores(database: Database) -> tuple[Chore, ...]:
    """List the chores of this room."""

    def close(_run: Run) -> None:
        close_open(database)

    def forget(_run: Run) -> None:
        with database.work(_TIDIER) as work:
            forget_old(work)

    def tidy(_run: Run) -> None:
        let_go(database, _TIDIER)

    return (
        Chore("exchanges.close_open", close, _CLOSE_EVERY_SECONDS),
        Chore("exchanges.forget_windows", forget, _FORGET_EVERY_SECONDS),
        Chore("exchanges.let_go", tidy, _LET_GO_EVERY_SECONDS),
    )


def followers() -> tuple[Follower, ...]:
    """List what this room follows."""
    take: Any = follow
    planned: Any = plan
    stop: Any = follow_asked_stop
    erase: Any = follow_shredded
    discard: Any = follow_ended
    return (
        Follower("exchanges.index", FOLLOWED, take, planned),
        Follower("exchanges.asked_stops", ASKING, stop),
        Follower("exchanges.erasures", ("vault.shredded",), erase),
        Follower("exchanges.kept_back", ENDED, discard),
    )
