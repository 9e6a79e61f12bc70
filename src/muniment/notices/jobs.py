"""Chores of notices, and the follower that reads the ledger for them."""

from __future__ import annotations

from muniment import ledger
from muniment.core.actor import system_actor
from muniment.db import Database, Work
from muniment.jobs import Chore, Follower, Run
from muniment.jobs.follow import FollowedEntry
from muniment.ledger import Entry
from muniment.notices.service import (
    POST,
    SEND,
    Courier,
    Teller,
    alarm_of_log,
    escalate,
    look_after,
    post_ripe,
    send,
    watch_followers,
)

_MINUTE = 60
_HALF_MINUTE = 30


def chores(database: Database, courier: Courier) -> tuple[Chore, ...]:
    """List the chores of this room."""

    def post(run: Run) -> None:
        with run.work() as work:
            post_ripe(work, courier)

    def look(run: Run) -> None:
        with run.work() as work:
            look_after(work)
            escalate(work, courier)
            watch_followers(work, courier)

    def alarm(_run: Run) -> None:
        with database.look(system_actor("notices.alarm")) as work:
            alarm_of_log(work, courier)

    return (
        Chore(POST, post, _MINUTE),
        Chore(SEND, lambda run: send(run, database, courier)),
        Chore("notices.look", look, _HALF_MINUTE),
        Chore("notices.alarm", alarm, _MINUTE),
    )


def followers() -> tuple[Follower, ...]:
    """List the followers of this room: one, that takes every kind, for routes are data."""
    rooms = {f"{kind.partition('.')[0]}.*" for kind in ledger.all_kinds()}
    teller = Teller()

    def take(work: Work, entry: FollowedEntry) -> None:
        if not isinstance(entry, Entry):
            raise TypeError("notices follow the log itself")
        teller.take(work, entry)

    return (Follower("notices.tell", tuple(sorted(rooms)), take, concerns=teller.may_tell),)
