"""Is it alive, is it ready: three answers for each check, never two.

Alive means the process answers. Ready means every check is *met*; *not met* and *could not tell*
both answer 503, because absence of a sign of life is not a sign of life.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from muniment import jobs
from muniment.core.actor import system_actor
from muniment.core.errors import MunimentError
from muniment.db.migrate import SchemaState, schema_state
from muniment.jobs import JobState
from muniment.server.house import House

_ACTOR: Final = system_actor("health")
_LEAST_FREE_BYTES: Final = 256 * 1024 * 1024


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


def checks(house: House) -> tuple[Check, ...]:
    """Look at everything this server needs."""
    return tuple(_looked(house))


def report(found: tuple[Check, ...]) -> dict[str, Any]:
    """Sum the checks up."""
    ready = all(check.verdict is Verdict.MET for check in found)
    return {
        "status": "ready" if ready else "not_ready",
        "checks": [asdict(check) for check in found],
    }


def _looked(house: House) -> Iterator[Check]:
    looks: dict[str, Callable[[House], tuple[bool, str]]] = {
        "database": _database,
        "worker": _worker,
        "followers": _followers,
        "disk": _disk,
    }
    for name, look in looks.items():
        try:
            fine, says = look(house)
        except (MunimentError, OSError) as error:
            yield Check(name, Verdict.COULD_NOT_TELL, str(error))
        else:
            yield Check(name, Verdict.MET if fine else Verdict.NOT_MET, says)


def _database(house: House) -> tuple[bool, str]:
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


def _disk(house: House) -> tuple[bool, str]:
    folder = house.settings.data.dir
    if not folder.exists():
        return house.database.dialect == "postgresql", f"{folder} does not exist"
    free = shutil.disk_usage(folder).free
    return free >= _LEAST_FREE_BYTES, f"{free // (1024 * 1024)} MiB free"
