"""The list of versions: what each is, and which is in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.routing import Route

from muniment import access, policy
from muniment.access import Scope
from muniment.core.page import Page
from muniment.db import Work
from muniment.policy import Standing, Version
from muniment.web.cells import Area, Cell, tag_cell, time_cell
from muniment.web.lists import Action, Empty, Listing
from muniment.web.parts import Column

ADDRESS: Final = "/console/policy"
AREA: Final = Area(ADDRESS, Scope.of(console="policy"), "policy.read")
TONES: Final = {"enforced": "ok", "in shadow": "info", "draft": "unknown", "earlier": "unknown"}


def routes() -> list[Route]:
    """List the addresses of the list."""
    return LIST.routes()


def stands(version: int, now: Standing) -> str:
    """Say how a version stands."""
    if version == now.enforced:
        return "enforced"
    if version == now.shadow:
        return "in shadow"
    return "draft" if version > now.enforced else "earlier"


def _read(work: Work, _typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[Version]:
    return policy.versions(work, limit=limit, cursor=cursor)


def _cells(work: Work, found: Sequence[Version]) -> list[tuple[Cell, ...]]:
    now = policy.standing(work)
    names = access.named(work, [each.author for each in found])
    return [
        (
            Cell(f"Version {each.number}", f"{ADDRESS}/versions/{each.number}"),
            tag_cell(stands(each.number, now), TONES),
            Cell(f"{each.rules}", kind="number"),
            Cell(each.reason),
            Cell(names.get(each.author, each.author)),
            time_cell(each.made_at),
        )
        for each in found
    ]


def _lede(work: Work) -> str:
    now = policy.standing(work)
    held = f"Version {now.enforced} is in force." if now.enforced else "No policy is in force."
    return f"{held} Version {now.shadow} is in shadow." if now.shadow else held


LIST: Final = Listing[Version](
    area=AREA,
    place="",
    title="Policy",
    says="What may be done, and why. A version comes into force on the yes of a peer.",
    columns=(
        Column("Version", sort="version"),
        Column("Stands", sort="stands"),
        Column("Rules", sort="rules", number=True, hide_narrow=True),
        Column("Why", sort="why"),
        Column("Written by", sort="author", hide_narrow=True),
        Column("When", sort="when", hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    empty=Empty(
        "No policy yet",
        "Without one every call is denied. Begin with a starter pack or write your own rules.",
        href=f"{ADDRESS}/edit",
        link="Write the first version",
    ),
    actions=(
        Action("Write a version", f"{ADDRESS}/edit", "policy.propose", "main"),
        Action("Go back", f"{ADDRESS}/rollback", "policy.publish"),
        Action("Decisions", f"{ADDRESS}/decisions"),
        Action("Written policies", f"{ADDRESS}/written"),
    ),
    lede=_lede,
)
