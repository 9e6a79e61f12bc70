"""Saved views: shown above their list, saved from its address, removed by whoever saved them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.routing import Route

from muniment import registry
from muniment.core.page import Page
from muniment.db import Work
from muniment.registry import View
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed
from muniment.web.cells import Area, Cell, time_cell
from muniment.web.lists import Empty, Listing
from muniment.web.parts import Column
from muniment.web.registry.cells import ADDRESS, AREA, people

VIEWS: Final = f"{ADDRESS}/views"
SAVE_VIEW: Final = f"{VIEWS}/save"
_OWN: Final = Area(ADDRESS, AREA.scope, "")
_CRUMBS: Final = (("Saved views", VIEWS),)


def routes() -> list[Route]:
    """List the pages of saved views."""
    return [*SAVE.routes(), *REMOVE.routes(), *LIST.routes()]


def shown_views(place: str, address: str) -> Callable[[Work], Sequence[tuple[str, str]]]:
    """Give the links to the views of a list that a visitor sees."""

    def read(work: Work) -> Sequence[tuple[str, str]]:
        return [
            (each.name, f"{address}?{urlencode(dict(each.query))}")
            for each in registry.views(work, place)
        ]

    return read


def _read(work: Work, _typed: Mapping[str, str], _cursor: str | None, _limit: int) -> Page[View]:
    return Page(registry.views(work), None)


def _cells(work: Work, found: Sequence[View]) -> list[tuple[Cell, ...]]:
    names = people(work, [each.owner for each in found])
    return [
        (
            Cell(each.name, f"{ADDRESS}/{each.place}?{urlencode(dict(each.query))}"),
            Cell(each.place),
            Cell(", ".join(f"{name} {value}" for name, value in each.query.items())),
            Cell(names.get(each.owner, each.owner), note="shared" if each.shared else "own"),
            time_cell(each.made_at),
            Cell("Remove", f"{VIEWS}/{each.id}/remove"),
        )
        for each in found
    ]


LIST: Final = Listing[View](
    area=_OWN,
    place="views",
    title="Saved views",
    says="What you and others want to see of the registry's lists again.",
    columns=(
        Column("View", sort="name"),
        Column("List", sort="place"),
        Column("Filters", hide_narrow=True),
        Column("Of", sort="owner", hide_narrow=True),
        Column("Saved", sort="made", hide_narrow=True),
        Column(""),
    ),
    read=_read,
    cells=_cells,
    empty=Empty("No views yet", "Filter a list, then save the view above it."),
    order="by list",
)


def _save_sheet(_work: Work, typed: Typed) -> Sheet:
    shown = ", ".join(f"{name} {value}" for name, value in parse_qsl(typed.get("query", "")))
    if typed.get("undo"):
        return _put_back(typed)
    return Sheet(
        title="Save this view",
        lede=f"The list of {typed.get('place', '')[:40]}: {shown[:200] or 'no filters'}.",
        button="Save the view",
        fields=(
            Field("place", "", kind="hidden", value=typed.get("place", "")),
            Field("query", "", kind="hidden", value=typed.get("query", "")),
            Field("name", "Name"),
            Field("shared", "For whom", "select", options=(("", "for me"), ("1", "for everybody"))),
        ),
        back=f"{ADDRESS}/systems",
        crumbs=_CRUMBS,
    )


def _put_back(typed: Typed) -> Sheet:
    """Offer to save a view again that was just removed."""
    name = typed.get("name", "")[:80]
    names = ("place", "query", "name", "shared")
    return Sheet(
        title="The view is removed",
        lede="If that was a slip, it can be put back as it was.",
        button="Put it back",
        fields=tuple(Field(each, "", kind="hidden", value=typed.get(each, "")) for each in names),
        back=VIEWS,
        crumbs=_CRUMBS,
        done=f"The view “{name}” is gone; the list it showed is still there.",
    )


def _save(work: Work, typed: Typed) -> Outcome:
    query = dict(parse_qsl(typed.get("query", "")))
    made = registry.save_view(
        work, typed.get("place", ""), typed.get("name", ""), query, shared=bool(typed.get("shared"))
    )
    return f"{ADDRESS}/{made.place}?{urlencode(dict(made.query))}"


SAVE: Final = Act(
    _OWN, "views/save", "Save a view of a list.", "registry.views", _save_sheet, _save, None
)


def _remove_sheet(work: Work, typed: Typed) -> Sheet:
    found = next((each for each in registry.views(work) if each.id == typed["view_id"]), None)
    return Sheet(
        title="Remove this view?",
        lede=found.name if found is not None else "There is no such view.",
        button="Remove it",
        consequences=("The list stays; only the name and its filters go.",),
        tone="stop main",
        back=VIEWS,
        crumbs=_CRUMBS,
    )


def _remove(work: Work, typed: Typed) -> Outcome:
    found = next((each for each in registry.views(work) if each.id == typed["view_id"]), None)
    registry.remove_view(work, typed["view_id"])
    if found is None:
        return VIEWS
    kept = {"place": found.place, "query": urlencode(dict(found.query)), "name": found.name}
    shared = {"shared": "1"} if found.shared else {}
    return f"{SAVE_VIEW}?{urlencode({'undo': 'yes', **kept, **shared})}"


REMOVE: Final = Act(
    _OWN,
    "views/{view_id}/remove",
    "Remove a saved view.",
    "registry.views",
    _remove_sheet,
    _remove,
    None,
)
