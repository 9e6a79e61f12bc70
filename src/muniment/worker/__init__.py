"""The worker: runs every room's chores and followers, inside the server or apart from it.

The lists below are all there is; a room joins by one line in each. Floor: beside the server.
"""

from __future__ import annotations

from typing import Final

from muniment.db import Database
from muniment.jobs import Chore, Follower, Runner
from muniment.settings import Settings

CHORES: Final[tuple[Chore, ...]] = ()
FOLLOWERS: Final[tuple[Follower, ...]] = ()


def make_runner(database: Database, settings: Settings) -> Runner:
    """Build the worker of this installation."""
    return Runner(database, settings, CHORES, FOLLOWERS)
