"""Configures the detector of each system, and finds every configuration again by its build.

A change is measured on the cases before it is made. When a version has ended, the one before it
counts again, without anybody doing anything.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from muniment.access import Scope, require
from muniment.core.clock import stamp
from muniment.core.errors import InvalidError, NotFoundError, UnavailableError
from muniment.db import Work
from muniment.detect import store
from muniment.detect.models import Calibration, Case, Configuration, Figures
from muniment.detect.rules.calibrating import Asked, figures_of, is_right, loosened, require_change
from muniment.detect.service.scanner import Scanner
from muniment.ledger import record
from muniment.ledger.kinds.detect import BuildBegan, Configured

INSTALLATION: Final = "installation"
_MOST_CASES: Final = 5_000
_MOST_VERSIONS: Final = 50
_MOST_SCANNERS: Final = 32


def configure(
    work: Work,
    configuration: Configuration,
    *,
    owner: str,
    reason: str,
    system: str = "",
    expires_at: datetime | None = None,
) -> Calibration:
    """Give a system another configuration, if the cases do not speak against it."""
    require(work, "detect.configure", place_of(system))
    known = store.calibrations(work, system, _MOST_VERSIONS)
    now = in_force(work, system)
    before = measure(work, now, system)
    after = measure(work, configuration, system)
    ways = loosened(now, configuration)
    require_change(Asked(owner, reason, expires_at), ways, before, after, work.now)
    made = Calibration(
        system=system,
        version=known[0].version + 1 if known else 1,
        configuration=configuration,
        owner=owner,
        reason=reason,
        changed_by=work.actor.id,
        changed_at=work.now,
        expires_at=expires_at,
        before=before,
        after=after,
        loosens=ways,
    )
    store.add_calibration(work, made)
    record(work, _configured(made, now))
    scanner_for(work, system)
    return made


def in_force(work: Work, system: str = "") -> Configuration:
    """Give the configuration a system has now: its own, the installation's, or the default."""
    for place in dict.fromkeys((system, "")):
        for each in store.calibrations(work, place, _MOST_VERSIONS):
            if each.expires_at is None or each.expires_at > work.now:
                return each.configuration
    return Configuration()


def history(work: Work, system: str = "") -> tuple[Calibration, ...]:
    """List the versions of a system's configuration, the newest first."""
    require(work, "detect.read", place_of(system))
    return store.calibrations(work, system, _MOST_VERSIONS)


def configuration_of(work: Work, build: str) -> Configuration:
    """Find the configuration that a record's build names."""
    found = store.configuration_of_build(work, build)
    if found is None:
        raise NotFoundError(
            "no configuration of this build is kept here",
            subject=build[:120],
            remedy="Check the build; it stands in the record beside the verdict.",
        )
    return found


def scanner_of(work: Work, build: str) -> Scanner:
    """Make the scanner that a record's build names, to run it again on the same text."""
    scanner = SCANNERS.get(configuration_of(work, build))
    if scanner.build != build:
        raise UnavailableError(
            "another version of the detector gave this verdict",
            subject=build[:200],
            remedy=f"This is {scanner.build}; install the version that the build names.",
        )
    return scanner


def scanner_for(work: Work, system: str = "") -> Scanner:
    """Make the scanner of a system, with the configuration it has now.

    In a work that may write, a build that was never used before is recorded with what it was made
    from, so that whatever it says can be found again and repeated.
    """
    configuration = in_force(work, system)
    scanner = SCANNERS.get(configuration)
    if work.writable and store.keep_build(work, scanner.build, configuration):
        record(work, BuildBegan(scanner.build, configuration.digest))
    return scanner


def measure(work: Work, configuration: Configuration, system: str = "") -> Figures:
    """Say how a configuration does on the cases of a system and of the installation."""
    found = [
        case
        for place in dict.fromkeys((system, ""))
        for case in store.cases(work, place, _MOST_CASES)
    ]
    if not found:
        return Figures()
    return figures_of(_answers(found, SCANNERS.get(configuration)))


def place_of(system: str) -> Scope:
    """Name where something is asked: at a system, or at the detector of the whole console."""
    if len(system) > 80 or not (system.isprintable() and system.isascii()):
        raise InvalidError("this is not the id of a system", field="system", remedy="Check it.")
    return Scope.of(system=system) if system else Scope.of(console="detect")


class Scanners:
    """Scanners that were made already, for making one takes longer than using it."""

    def __init__(self, make: Callable[[Configuration], Scanner] = Scanner) -> None:
        self._make = make
        self._made: dict[str, Scanner] = {}
        self._lock = threading.Lock()

    def get(self, configuration: Configuration) -> Scanner:
        """Give the scanner of a configuration; the oldest goes when there are many."""
        with self._lock:
            found = self._made.pop(configuration.digest, None)
            if found is None:
                found = self._make(configuration)
            self._made[configuration.digest] = found
            while len(self._made) > _MOST_SCANNERS:
                del self._made[next(iter(self._made))]
            return found


SCANNERS: Final = Scanners()


def _answers(cases: Iterable[Case], scanner: Scanner) -> Iterable[tuple[Case, bool | None]]:
    for case in cases:
        if case.text is None:
            yield case, None
        else:
            yield case, is_right(case, scanner.scan(case.text))


def _configured(made: Calibration, before: Configuration) -> Configured:
    return Configured(
        system=made.system or INSTALLATION,
        version=made.version,
        configuration=made.configuration.digest,
        previous=before.digest,
        owner=made.owner,
        reason=made.reason,
        expires_at=stamp(made.expires_at) if made.expires_at else "",
        loosens=made.loosens,
        before=made.before.as_value(),
        after=made.after.as_value(),
    )
