"""Lists over every system: versions of parts, and the intervals in which sets served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Final

from starlette.routing import Route

from muniment import registry
from muniment.core.errors import InvalidError
from muniment.core.page import Page
from muniment.db import Work
from muniment.registry import (
    Cause,
    Deployment,
    DeploymentQuery,
    Means,
    Observation,
    ObservedQuery,
    PartKind,
    PartVersion,
    Source,
    VersionQuery,
)
from muniment.web.cells import Cell, time_cell
from muniment.web.lists import Action, Empty, Filter, Listing
from muniment.web.parts import Column
from muniment.web.registry.cells import (
    ADDRESS,
    AREA,
    OBSERVED_COLUMNS,
    SYSTEMS,
    interval_cells,
    observed_cells,
    people,
    short,
    system_cell,
)
from muniment.web.registry.views import SAVE_VIEW, shown_views

_ANY: Final = (("", "any"),)
_DECLARED: Final = (Source.DECLARED.value, Source.ASSERTED.value)


def routes() -> list[Route]:
    """List the pages over every system."""
    return [*VERSIONS.routes(), *DEPLOYMENTS.routes(), *OBSERVED.routes()]


def _read_versions(
    work: Work, typed: Mapping[str, str], cursor: str | None, limit: int
) -> Page[PartVersion]:
    query = VersionQuery(
        system_id=registry.id_of(work, typed["system"]),
        digest=typed["digest"],
        kind=PartKind(typed["kind"]) if typed["kind"] else None,
        author=typed["author"],
        ticket=typed["ticket"],
        commit=typed["commit"],
    )
    return registry.find_versions(work, query, limit=limit, cursor=cursor)


def _version_cells(work: Work, found: Sequence[PartVersion]) -> list[tuple[Cell, ...]]:
    keys = registry.keys_of(work, [each.system_id for each in found])
    names = people(work, [each.author for each in found])
    return [
        (
            Cell(
                each.label,
                f"{SYSTEMS}/{each.system_id}/parts/{each.label}?version={each.number}",
                note="asserted" if each.asserted else "",
            ),
            Cell(f"{each.number}", kind="number"),
            system_cell(keys, each.system_id),
            Cell(short(each.digest), kind="code"),
            Cell(names.get(each.author, each.author)),
            Cell(each.origin.ticket or each.origin.commit or "not stated"),
            time_cell(each.made_at),
        )
        for each in found
    ]


VERSIONS: Final = Listing[PartVersion](
    area=AREA,
    place="versions",
    title="Versions",
    says="Every version of every part, named by its content; each of them stays.",
    columns=(
        Column("Part", sort="part"),
        Column("Version", sort="number", number=True),
        Column("System", sort="system", hide_narrow=True),
        Column("Digest", sort="digest", hide_narrow=True),
        Column("By", sort="author", hide_narrow=True),
        Column("From", sort="origin", hide_narrow=True),
        Column("Written", sort="made", hide_narrow=True),
    ),
    read=_read_versions,
    cells=_version_cells,
    empty=Empty("No versions yet", "Write the first version of a prompt, a model or a routing."),
    filters=(
        Filter("kind", "Kind", (*_ANY, *((each.value, each.value) for each in PartKind))),
        Filter("system", "System", placeholder="key or id"),
        Filter("digest", "Digest"),
        Filter("author", "Author's id"),
        Filter("ticket", "Ticket"),
        Filter("commit", "Commit"),
    ),
    views=shown_views("versions", f"{ADDRESS}/versions"),
    save_view=SAVE_VIEW,
)


def _read_deployments(
    work: Work, typed: Mapping[str, str], cursor: str | None, limit: int
) -> Page[Deployment]:
    query = DeploymentQuery(
        system_id=registry.id_of(work, typed["system"]),
        environment=typed["environment"],
        set_digest=typed["set"],
        source=Source(typed["source"]) if typed["source"] else None,
        cause=Cause(typed["cause"]) if typed["cause"] else None,
        since=_day(typed, "since"),
        until=_day(typed, "until", whole=True),
    )
    return registry.find_deployments(work, query, limit=limit, cursor=cursor)


def _day(typed: Mapping[str, str], name: str, *, whole: bool = False) -> datetime | None:
    """Read a date of a filter: the beginning of the day, or its end."""
    text = typed[name]
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidError(
            f"“{text[:40]}” is not a date", field=name, remedy="Write it as 2026-01-31."
        ) from error
    return datetime.combine(day, time.max if whole else time.min, UTC)


def _deployment_cells(work: Work, found: Sequence[Deployment]) -> list[tuple[Cell, ...]]:
    keys = registry.keys_of(work, [each.system_id for each in found])
    return [(system_cell(keys, each.system_id), *interval_cells(each)) for each in found]


DEPLOYMENTS: Final = Listing[Deployment](
    area=AREA,
    place="deployments",
    title="Deployments",
    says="Every interval in which exact versions are declared to have served.",
    columns=(
        Column("System", sort="system"),
        Column("Environment", sort="environment"),
        Column("Version sets", sort="sets"),
        Column("From", sort="from", hide_narrow=True),
        Column("Until", sort="until", hide_narrow=True),
        Column("Why", sort="why", hide_narrow=True),
        Column("Proof", sort="proof", hide_narrow=True),
    ),
    read=_read_deployments,
    cells=_deployment_cells,
    empty=Empty("Nothing has served yet", "Each interval will stand here, and stays."),
    filters=(
        Filter("system", "System", placeholder="key or id"),
        Filter("environment", "Environment"),
        Filter("set", "Version set"),
        Filter("source", "How we know", (*_ANY, *((each, each) for each in _DECLARED))),
        Filter("cause", "Why", (*_ANY, *((each.value, each.value) for each in Cause))),
        Filter("since", "Served after", placeholder="2026-01-31"),
        Filter("until", "Served before", placeholder="2026-03-31"),
    ),
    order="what was recorded last first",
    actions=(Action("What was observed", f"{ADDRESS}/observed"),),
    views=shown_views("deployments", f"{ADDRESS}/deployments"),
    save_view=SAVE_VIEW,
)


def _read_observed(
    work: Work, typed: Mapping[str, str], cursor: str | None, limit: int
) -> Page[Observation]:
    query = ObservedQuery(
        system_id=registry.id_of(work, typed["system"]),
        environment=typed["environment"],
        means=Means(typed["means"]) if typed["means"] else None,
    )
    return registry.find_observed(work, query, limit=limit, cursor=cursor)


def _observed_rows(work: Work, found: Sequence[Observation]) -> list[tuple[Cell, ...]]:
    keys = registry.keys_of(work, [each.system_id for each in found])
    return [
        (
            system_cell(keys, each.system_id),
            Cell(each.environment),
            *observed_cells(each),
        )
        for each in found
    ]


OBSERVED: Final = Listing[Observation](
    area=AREA,
    place="observed",
    title="Observed",
    says="Every interval in which something was seen to serve: by traffic, predictions or a host.",
    columns=(
        Column("System", sort="system", hide_narrow=True),
        Column("Environment", sort="environment", hide_narrow=True),
        *OBSERVED_COLUMNS,
    ),
    read=_read_observed,
    cells=_observed_rows,
    empty=Empty("Nothing was observed yet", "Traffic, predictions and heartbeats are told here."),
    filters=(
        Filter("system", "System", placeholder="key or id"),
        Filter("environment", "Environment"),
        Filter("means", "By what", (*_ANY, *((each.value, each.value) for each in Means))),
    ),
    order="what began last first",
    views=shown_views("observed", f"{ADDRESS}/observed"),
    save_view=SAVE_VIEW,
)
