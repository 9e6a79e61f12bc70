"""The data sheets of everything that is found, with what was measured of each type."""

from __future__ import annotations

from dataclasses import replace

from muniment.detect.models import Sheet
from muniment.detect.service import catalogue


def sheets() -> tuple[Sheet, ...]:
    """Give the data sheet of every type that the detectors find, patterns first."""
    from muniment.detect.detectors import measured  # noqa: PLC0415  (who scans needs none)
    from muniment.detect.detectors.names.sheets import SHEETS  # noqa: PLC0415  (needs NumPy)

    return tuple(
        replace(each, measured=measured.told_of(each.type))
        for each in (*catalogue.sheets(), *SHEETS)
    )
