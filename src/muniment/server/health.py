"""Is it alive, is it ready: three answers for each check, never two.

Alive means the process answers. Ready means every check is *met*; *not met* and *could not tell*
both answer 503, because absence of a sign of life is not a sign of life.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from muniment import jobs
from muniment.core.actor import system_actor
from muniment.core.errors import MunimentError
from muniment.db.engine import SQLITE_FILE
from muniment.db.migrate import SchemaState, schema_state
from muniment.jobs import JobState
from muniment.ledger import HealthState
from muniment.server.house import House

_log = logging.getLogger("muniment.server")

_ACTOR: Final = system_actor("health")
LEAST_FREE_BYTES: Final = 256 * 1024 * 1024


class Verdict(StrEnum):
    """The three answers."""

    MET = "met"
    NOT_MET = "not_met"
    COULD_NOT_TELL = "could_not_tell"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    verdict: Verdict
    says: str


def checks(house: House, *, least_free_bytes: int = LEAST_FREE_BYTES) -> tuple[Check, ...]:
    """Look at everything this server needs."""
    return tuple(_looked(house, least_free_bytes))


def report(found: tuple[Check, ...]) -> dict[str, Any]:
    """Sum the checks up."""
    ready = all(check.verdict is Verdict.MET for check in found)
    return {
        "status": "ready" if ready else "not_ready",
        "checks": [asdict(check) for check in found],
    }


def _looked(house: House, least_free_bytes: int) -> Iterator[Check]:
    looks: dict[str, Callable[[], tuple[bool, str]]] = {
        "database": lambda: _database(house),
        "worker": lambda: _worker(house),
        "followers": lambda: _followers(house),
        "ledger": lambda: _ledger(house),
        "disk": lambda: _disk(house, least_free_bytes),
    }
    for name, look in looks.items():
        try:
            fine, says = look()
        except MunimentError as error:  # whoever asks is not known: no address, user or path
            _log.warning(
                "could not tell", extra={"check": name, "code": error.code}, exc_info=error
            )
            yield Check(name, Verdict.COULD_NOT_TELL, f"{error.code}. {error.remedy}".strip())
        except OSError as error:
            yield Check(name, Verdict.COULD_NOT_TELL, error.strerror or type(error).__name__)
        else:
            yield Check(name, Verdict.MET if fine else Verdict.NOT_MET, says)


def _database(house: House) -> tuple[bool, str]:
    if house.database.dialect == "sqlite" and not (house.settings.data.dir / SQLITE_FILE).exists():
        return False, "the database file is gone"  # open handles still answer, from a lost file
    state = schema_state(house.database)
    return state is SchemaState.CURRENT, f"{house.database.dialect}, schema {state}"


def _worker(house: House) -> tuple[bool, str]:
    with house.database.look(_ACTOR) as work:
        counts = jobs.counts(work)
    told = f"{counts[JobState.QUEUED]} queued, {counts[JobState.PARKED]} parked"
    if not house.settings.jobs.inside:
        return True, f"runs apart; {told}"
    return house.runner.alive(), told if house.runner.alive() else "its threads have ended"


def _followers(house: House) -> tuple[bool, str]:
    with house.database.look(_ACTOR) as work:
        stopped = [each.name for each in jobs.followers(work) if each.stopped]
    return not stopped, f"stopped: {', '.join(stopped)}" if stopped else "all moving"


def _ledger(house: House) -> tuple[bool, str]:
    health = house.log.health()
    told = f"{health.size} entries sealed, {health.waiting} waiting, {health.state}"
    return health.state is not HealthState.BROKEN, told


def _disk(house: House, least_free_bytes: int) -> tuple[bool, str]:
    folder = house.settings.data.dir
    if not folder.exists():
        return house.database.dialect == "postgresql", "the data folder does not exist"
    free = shutil.disk_usage(folder).free
    return free >= least_free_bytes, f"{free // (1024 * 1024)} MiB free"
