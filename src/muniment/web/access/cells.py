"""What stands in the tables of these pages besides the common: who holds something, as a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from muniment.access import Holder, HolderKind, Scope
from muniment.web.cells import Area, Cell

ADDRESS: Final = "/console/access"
AREA: Final = Area(ADDRESS, Scope.of(console="access"), "access.read")
_PLACES: Final[Mapping[HolderKind, str]] = {
    HolderKind.PERSON: "people",
    HolderKind.SERVICE: "services",
    HolderKind.TEAM: "teams",
}


def holder_cell(holder: Holder, names: Mapping[str, str]) -> Cell:
    """Name who holds something, with what sort of being it is."""
    return Cell(names.get(holder.id, holder.id), holder_href(holder), note=holder.kind.value)


def holder_href(holder: Holder) -> str:
    """Link to the page of a person, a service or a team."""
    return f"{ADDRESS}/{_PLACES[holder.kind]}/{holder.id}"
