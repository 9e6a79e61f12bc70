"""Tells which configuration a detector has, and finds every configuration again by its build.

When a version has ended, the one before it counts again, without anybody doing anything.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from muniment.access import Scope, require
from muniment.core.errors import InvalidError, NotFoundError, UnavailableError
from muniment.db import Work
from muniment.detect import store
from muniment.detect.models import Calibration, Configuration, Family, Sheet
from muniment.detect.service.datasheets import sheets
from muniment.detect.service.measuring import SCANNERS
from muniment.detect.service.scanner import Scanner
from muniment.ledger import record
from muniment.ledger.kinds.detect import BuildBegan

_MOST_VERSIONS: Final = 50


def in_force(work: Work, system: str = "") -> Configuration:
    """Give the configuration a system has now: its own, the installation's, or the default."""
    for place in dict.fromkeys((system, "")):
        holds = _holding(work, place)
        if holds is not None:
            return holds.configuration
    return Configuration()


def standing_version(work: Work, system: str = "") -> int:
    """Give the number of a system's own version that holds now; 0 if it has none."""
    holds = _holding(work, system)
    return 0 if holds is None else holds.version


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
        digest = store.keep_sheets(work, scanner.build, [_sheet(each) for each in sheets()])
        record(work, BuildBegan(scanner.build, configuration.digest, digest))
    return scanner


def sheets_of(work: Work, build: str) -> tuple[Sheet, ...]:
    """Give the data sheets as they stood when a record's build was first used here."""
    require(work, "detect.read", place_of(""))
    found = store.sheets_of_build(work, build)
    if found is None:
        raise NotFoundError(
            "no data sheets of this build are kept here",
            subject=build[:120],
            remedy="Check the build; it stands in the record beside the verdict.",
        )
    return tuple(
        Sheet(
            **{
                **each,
                "family": Family(each["family"]),
                "examples": tuple(each["examples"]),
                "near_misses": tuple(each["near_misses"]),
            }
        )
        for each in found
    )


def place_of(system: str) -> Scope:
    """Name where something is asked: at a system, or at the detector of the whole console."""
    if len(system) > 80 or not (system.isprintable() and system.isascii()):
        raise InvalidError("this is not the id of a system", field="system", remedy="Check it.")
    return Scope.of(system=system) if system else Scope.of(console="detect")


def _sheet(each: Sheet) -> dict[str, Any]:
    told = asdict(each)
    return {**told, "family": each.family.value, "examples": list(each.examples),
            "near_misses": list(each.near_misses)}  # fmt: skip


def _holding(work: Work, place: str) -> Calibration | None:
    """Find the newest version of a place that has not ended."""
    for each in store.calibrations(work, place, _MOST_VERSIONS):
        if each.expires_at is None or each.expires_at > work.now:
            return each
    return None
