"""A part with its versions and what each changed, and what served on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.routing import Route

from muniment import registry
from muniment.core.clock import parse_stamp, stamp
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.registry import Moment, PartVersion
from muniment.web.cells import Cell, time_cell
from muniment.web.formats import day_text, exactly
from muniment.web.lists import Empty
from muniment.web.parts import Column, DiffLine, diff_lines
from muniment.web.registry.adopting import adopt_actions
from muniment.web.registry.cells import (
    AREA,
    CHANGES,
    OBSERVED_COLUMNS,
    SYSTEMS,
    observed_cells,
    people,
    shares_text,
    short,
)
from muniment.web.registry.files import file_sections
from muniment.web.registry.timeline import timeline_of
from muniment.web.shows import Difference, Page, Section, Show

_NAMED_AT_MOST: Final = 4
_CRUMBS: Final = (("Systems", SYSTEMS),)
_DIGITS: Final = 9


def routes() -> list[Route]:
    """List the pages of versions and of the past."""
    return [*PART.routes(), *AT.routes()]


def _part(work: Work, asked: Mapping[str, str]) -> Page:
    system = registry.get_system(work, asked["system_id"])
    label = f"{asked['kind']}/{asked['name']}"
    found = registry.versions_of(work, system.id, label, limit=200).rows
    adopted = registry.adopters_of(work, found)
    names = people(work, [*(each.author for each in found), *adopted.values()])
    shown = _number(asked.get("version", ""), found[0].number if found else 0)
    here = f"{SYSTEMS}/{system.id}"
    rows = tuple(
        (
            Cell(f"{each.number}", f"{here}/parts/{label}?version={each.number}", kind="number"),
            Cell(short(each.digest), kind="code"),
            Cell(names.get(each.author, each.author), note=_answers(each, adopted, names)),
            time_cell(each.made_at),
            Cell(each.origin.ticket or each.origin.commit or "not stated"),
        )
        for each in found
    )
    lines = _changed(work, system.id, label, shown)
    version = next((each for each in found if each.number == shown), None)
    return Page(
        title=label,
        lede=f"{_many(len(found))} of a part of {system.profile.name}. Each is named by its "
        "content and stays.",
        crumbs=(*_CRUMBS, (system.profile.name, here)),
        actions=adopt_actions(f"{here}/parts/{label}", found, adopted),
        sections=(
            Section(
                "Versions",
                (
                    Column("Version", number=True),
                    Column("Digest"),
                    Column("By"),
                    Column("Written", hide_narrow=True),
                    Column("From", hide_narrow=True),
                ),
                rows,
                Empty("No versions", ""),
                width="c12",
            ),
            *(file_sections(work, version) if version is not None else ()),
        ),
        differences=(Difference(f"What version {shown} changed", lines),),
    )


def _many(number: int) -> str:
    return "One version" if number == 1 else f"{number:,} versions"


def _changed(work: Work, system_id: str, label: str, number: int) -> tuple[DiffLine, ...]:
    """Tell line by line how a version differs from the one before it."""
    new = registry.version_at(work, system_id, label, number)
    old = registry.version_at(work, system_id, label, number - 1) if number > 1 else None
    return diff_lines(_text(old) if old is not None else "", _text(new))


def _text(version: PartVersion) -> str:
    return "\n".join(registry.document_lines(version.document))


PART: Final = Show(
    AREA,
    "systems/{system_id}/parts/{kind}/{name}",
    "Show a part with its versions and what each changed.",
    _part,
)


def _at(work: Work, asked: Mapping[str, str]) -> Page:
    system = registry.get_system(work, asked["system_id"])
    text = asked.get("at", "")
    moment = _moment(text) if text else work.now
    environment = (
        asked.get("environment", "")
        or registry.environments_in_order(system.profile.environments)[-1].name
    )
    found = registry.at(work, system.id, min(moment, work.now), environment=environment)
    here = f"{SYSTEMS}/{system.id}"
    return Page(
        title=f"{system.key} in {environment}",
        lede=_lede(work, found),
        beside=2,
        crumbs=(*_CRUMBS, (system.profile.name, here)),
        facts=_facts(found),
        insets=(timeline_of(work, system, environment=environment, at=found.at),),
        sections=(
            _versions(found, here),
            _approvals(work, found),
            *_conflicts(found),
            _observed(found),
            _around(work, found, here),
        ),
    )


AT: Final = Show(AREA, "systems/{system_id}/at", "Show exactly what served at a moment.", _at)


def _answers(version: PartVersion, adopted: Mapping[str, str], names: Mapping[str, str]) -> str:
    """Say who answers for a version that was written without a name."""
    person = adopted.get(version.id, "")
    return f"{names.get(person, person)} answers for it" if person else ""


def _lede(work: Work, found: Moment) -> str:
    """Say in a sentence what served, by whose yes, and whether it was suspended."""
    if found.deployment is None:
        return Markup("Nothing served at {at}.").format(at=exactly(found.at))
    said = Markup("At {at} it was {what}, {agreed}.").format(
        at=exactly(found.at), what=_named(found), agreed=_agreed(work, found)
    )
    if found.suspended is None:
        return said
    return Markup("{said} But it was suspended and served nobody: {why}").format(
        said=said, why=found.suspended.reason
    )


def _moment_text(at: datetime) -> str:
    """Write a moment within a sentence, to the second, for two changes may lie close together."""
    return f"{day_text(at)}, {at:%H:%M:%S} UTC"


def _named(found: Moment) -> str:
    """Name what served: the versions of each set, with its share if there are several."""
    shares = found.deployment.shares if found.deployment is not None else ()
    told = []
    for each in shares:
        versions = [f"{one.label} {one.number}" for one in found.versions[each.set_digest]]
        more = len(versions) - _NAMED_AT_MOST
        rest = f" and {more} more" if more > 0 else ""
        text = f"{', '.join(versions[:_NAMED_AT_MOST])}{rest}"
        told.append(text if len(shares) == 1 else f"{text} for {each.percent} % of the traffic")
    return "; ".join(told)


def _agreed(work: Work, found: Moment) -> str:
    given = found.approvals.values()
    ids = list(dict.fromkeys(name for each in given for name in each.approved_by))
    if not ids:
        return "approved by nobody that is known"
    names = people(work, ids)
    return f"approved by {' and '.join(names.get(each, each) for each in ids)}"


def _facts(found: Moment) -> tuple[tuple[str, Cell], ...]:
    deployment = found.deployment
    asked = (("Asked about", time_cell(found.at)), ("As known at", time_cell(found.known_at)))
    if deployment is None:
        return asked
    return (
        *asked,
        ("From", time_cell(deployment.starts_at)),
        ("Until", time_cell(deployment.ends_at, "still")),
        ("How we know", Cell(deployment.source.value)),
        ("Record", _record_cell(deployment.record_id)),
        *_suspended(found),
    )


def _suspended(found: Moment) -> tuple[tuple[str, Cell], ...]:
    if found.suspended is None:
        return ()
    return (
        ("Suspended from", time_cell(found.suspended.starts_at)),
        ("Suspended until", time_cell(found.suspended.ends_at, "still")),
        ("Record of the suspension", _record_cell(found.suspended.record_id)),
    )


def _record_cell(record: str) -> Cell:
    return Cell(record, f"/console/ledger?{urlencode({'text': record})}", kind="code")


def _observed(found: Moment) -> Section:
    """Show what was observed then; what is declared stays as it was declared."""
    return Section(
        "Observed then",
        OBSERVED_COLUMNS,
        tuple(observed_cells(each) for each in found.observed),
        Empty("Nothing was observed", "No traffic, prediction or heartbeat tells of this moment."),
        note="beside what is declared; it changes nothing of it",
        width="c12",
    )


def _conflicts(found: Moment) -> tuple[Section, ...]:
    """Say where what was observed is not what is declared."""
    if not found.conflicts:
        return ()
    rows = tuple((Cell(f"{each[:1].upper()}{each[1:]}."),) for each in found.conflicts)
    title = "Declared and observed differ"
    return (Section(title, (Column("What"),), rows, Empty("", ""), width="c12"),)


def _versions(found: Moment, here: str) -> Section:
    rows = tuple(
        (
            Cell(each.label, f"{here}/parts/{each.label}?version={each.number}", kind="code"),
            Cell(f"{each.number}", kind="number"),
            Cell(short(each.digest), kind="code"),
            Cell(short(digest), kind="code"),
        )
        for digest, versions in found.versions.items()
        for each in versions
    )
    return Section(
        "Exactly these versions",
        (Column("Part"), Column("Version", number=True), Column("Digest"), Column("In set")),
        rows,
        Empty("Nothing served", "Choose another moment."),
        width="",
    )


def _approvals(work: Work, found: Moment) -> Section:
    given = found.approvals.values()
    names = people(work, [name for each in given for name in (each.author, *each.approved_by)])
    rows = tuple(
        (
            Cell(each.title, f"{CHANGES}/{each.change_id}"),
            Cell(names.get(each.author, each.author)),
            Cell(", ".join(names.get(name, name) for name in each.approved_by) or "nobody"),
            time_cell(each.approved_at, "not approved"),
        )
        for each in given
    )
    return Section(
        "Approved by",
        (Column("Change"), Column("Written by"), Column("Approved by"), Column("When")),
        rows,
        Empty("No change is known", "What was asserted from elsewhere has no approval here."),
        width="",
    )


def _around(work: Work, found: Moment, here: str) -> Section:
    rows = tuple(
        (
            Cell(
                _moment_text(each.starts_at),
                f"{here}/at?environment={each.environment}&at={stamp(each.starts_at)}",
            ),
            Cell(shares_text(each), kind="code"),
        )
        for each in registry.deployments(work, found.system_id, limit=50).rows
        if each.environment == found.environment and each.corrected_at is None
    )
    return Section(
        "Go to",
        (Column("Moment"), Column("What began")),
        rows,
        Empty("Nothing has served yet", ""),
        note="each moment at which something changed",
        width="c12",
    )


def _moment(text: str) -> datetime:
    """Read a moment; of a day its end, which shows what the day came to."""
    try:
        return parse_stamp(text if len(text) > len("2026-03-01") else f"{text}T23:59:59.999999Z")
    except InvalidError as error:
        raise InvalidError(
            f"“{text[:40]}” is not a moment", field="at", remedy="Write it as 2026-03-01T12:00Z."
        ) from error


def _number(text: str, otherwise: int) -> int:
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise InvalidError("this names no version", field="version", remedy="Give its number.")
    return int(text)
