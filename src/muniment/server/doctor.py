"""What is wrong with an installation, and how to mend it: three answers, each with its remedy.

The command `muniment doctor` reads the whole log; the page of the console asks the same, but of the
log only what is known of it, for a page must not wait for millions of entries.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator

from muniment import ledger
from muniment.core.errors import MunimentError
from muniment.db.migrate import require_current
from muniment.ledger import HealthState
from muniment.server import surroundings
from muniment.server.health import LEAST_FREE_BYTES, Check, Verdict, checks
from muniment.server.house import House
from muniment.server.listen import require_safe_address
from muniment.verify import COULD_NOT_TELL, MET

_NO_WITNESS = (
    "nobody else holds a checkpoint, so a rewrite by whoever runs this host would not show. "
    "Keep a copy of log/checkpoint elsewhere, for example by mail to your auditor"
)
_VERDICTS = {MET: Verdict.MET, COULD_NOT_TELL: Verdict.COULD_NOT_TELL}


def examine(house: House, *, whole: bool = True) -> Iterator[Check]:
    """Look at everything, one after another, so that each finding is shown as it is found."""
    looks: dict[str, Callable[[], tuple[Verdict, str]]] = {
        "schema": lambda: _schema(house),
        "address": lambda: _address(house),
        "permissions": lambda: _permissions(house),
        "keys": lambda: _keys(house),
        "log": lambda: _log(house) if whole else _known_log(house),
        "witness": _witness,
        "clock": lambda: surroundings.clock(house),
        "certificate": lambda: surroundings.certificate(house),
        "admins": lambda: surroundings.admins(house),
        "jobs": lambda: surroundings.parked(house),
        "providers": lambda: surroundings.providers(house),
    }
    for name, look in looks.items():
        try:
            yield Check(name, *look())
        except MunimentError as error:
            yield Check(name, Verdict.NOT_MET, str(error))
        except OSError as error:
            yield Check(name, Verdict.COULD_NOT_TELL, error.strerror or type(error).__name__)
    for found in checks(house, least_free_bytes=LEAST_FREE_BYTES):
        if found.name in ("database", "followers", "disk"):
            yield found


def _schema(house: House) -> tuple[Verdict, str]:
    require_current(house.database)
    return Verdict.MET, f"{house.database.dialect}, up to date"


def _address(house: House) -> tuple[Verdict, str]:
    require_safe_address(house.settings)
    return Verdict.MET, f"{house.settings.server.host} is a safe place to listen"


def _permissions(house: House) -> tuple[Verdict, str]:
    folder = house.settings.data.dir
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o077:
        return Verdict.NOT_MET, f"others may read {folder}. Run chmod 700 {folder}"
    return Verdict.MET, f"{folder} is ours alone"


def _keys(house: House) -> tuple[Verdict, str]:
    house.log.keyring()
    return Verdict.MET, house.log.unlock_says


def _log(house: House) -> tuple[Verdict, str]:
    report = ledger.check(house.log)
    worst = next((each.message for each in report.findings if each.severity == "fail"), "")
    says = worst or f"{report.size} entries under a head signed by {report.signer or 'nobody'}"
    return _VERDICTS.get(report.answer, Verdict.NOT_MET), says


def _known_log(house: House) -> tuple[Verdict, str]:
    health = house.log.health()
    told = f"{health.size:,} entries sealed, {health.waiting:,} waiting"
    if health.state is HealthState.BROKEN:
        return Verdict.NOT_MET, f"{told}. The log is broken: run muniment ledger fsck"
    if health.state is HealthState.VERIFIED:
        return Verdict.MET, f"{told}, and verified. Muniment doctor reads all of it"
    return Verdict.COULD_NOT_TELL, f"{told}; {health.state.value}. Run muniment doctor"


def _witness() -> tuple[Verdict, str]:
    return Verdict.COULD_NOT_TELL, _NO_WITNESS
