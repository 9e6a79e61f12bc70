"""The worker: runs every room's chores and followers, inside the server or apart from it.

`make_runner` lists all there is; a room joins by one line there. Floor: beside the server.
"""

from __future__ import annotations

from muniment.access import Feeds
from muniment.access import jobs as access_jobs
from muniment.approvals import jobs as approvals_jobs
from muniment.db import Database
from muniment.detect import jobs as detect_jobs
from muniment.exchanges import jobs as exchanges_jobs
from muniment.jobs import Runner
from muniment.ledger import Log, Sealer
from muniment.ledger import jobs as ledger_jobs
from muniment.net import Fetcher
from muniment.notices import Courier
from muniment.notices import jobs as notices_jobs
from muniment.policy import jobs as policy_jobs
from muniment.registry import Mlflow
from muniment.registry import jobs as registry_jobs
from muniment.settings import Settings
from muniment.vault import Safe
from muniment.vault import jobs as vault_jobs


def make_runner(
    database: Database, settings: Settings, log: Log, safe: Safe, feeds: Feeds, courier: Courier
) -> Runner:
    """Build the worker of this installation."""
    return Runner(
        database,
        settings,
        chores=(
            *ledger_jobs.chores(log),
            *access_jobs.chores(feeds, settings.access.feeds_seconds),
            *approvals_jobs.chores(),
            *vault_jobs.chores(safe),
            *detect_jobs.chores(safe),
            *notices_jobs.chores(database, courier),
            *exchanges_jobs.chores(database),
            *policy_jobs.chores(settings.policy.keep_facts_days),
            *registry_jobs.chores(
                database, Mlflow(settings.registry, Fetcher(settings, database.clock))
            ),
        ),
        followers=(
            *notices_jobs.followers(),
            *registry_jobs.followers(),
            *exchanges_jobs.followers(),
        ),
        read=log.follow,
        beside=(Sealer(log),),
    )
