"""What the registry records of things seen in traffic: noted, settled by people, opened again."""

from __future__ import annotations

from msgspec import Struct

from muniment.ledger.kinds.base import kind

_SYSTEM = ("system", "system_id")


@kind("registry.sighting_noted", covers=("registry_sightings",), subject=_SYSTEM)
class SightingNoted(Struct, frozen=True):
    """Something was seen in traffic for the first time, and whether the registry knows it."""

    system_id: str
    sighting_id: str
    environment: str
    sort: str
    name: str
    digest: str
    reported: str
    standing: str
    reported_before: str


@kind("registry.sighting_settled", covers=("registry_sightings",), subject=_SYSTEM)
class SightingSettled(Struct, frozen=True):
    """Something seen in traffic was registered, or it was decided that it is not ours, and why."""

    system_id: str
    sighting_id: str
    state: str
    reason: str


@kind("registry.sighting_reopened", covers=("registry_sightings",), subject=_SYSTEM)
class SightingReopened(Struct, frozen=True):
    """It was taken back that something seen in traffic is not ours, and why; it is open again."""

    system_id: str
    sighting_id: str
    reason: str
