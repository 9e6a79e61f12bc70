"""What belongs to somebody, as tables on their page: grants, teams, services, keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from muniment import access
from muniment.access import Grant, Holder, HolderKind, Key, Service
from muniment.core.errors import InvalidError
from muniment.core.page import MAX_PAGE_ROWS
from muniment.db import Work
from muniment.web.access.cells import ADDRESS, holder_href
from muniment.web.cells import Cell, place_names, scope_cell, scope_words, tag_cell, time_cell
from muniment.web.lists import Empty
from muniment.web.parts import Column
from muniment.web.shows import Section

GRANT_STATES: Final = {"holds": "ok", "ended": "unknown", "revoked": "stop", "not yet": "look"}
KEY_STATES: Final = {"works": "ok", "expired": "unknown", "revoked": "stop", "ending": "look"}
_MAX_VERSION_DIGITS: Final = 9


def version(typed: Mapping[str, str]) -> int | None:
    """Read the version a form was made from."""
    text = typed.get("version", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_VERSION_DIGITS):
        raise InvalidError(
            "this form names no version", field="version", remedy="Load the page again."
        )
    return int(text)


def records(subject: str) -> str:
    """Link to every record about something."""
    return "/console/ledger?" + urlencode({"subject": subject})


def grant_state(grant: Grant, at: datetime) -> str:
    """Say in a word how a grant stands."""
    if grant.holds(at):
        return "holds"
    if grant.revoked_at is not None and grant.revoked_at <= at:
        return "revoked"
    return "ended" if grant.ends_at is not None and grant.ends_at <= at else "not yet"


def key_state(key: Key, at: datetime) -> str:
    """Say in a word how a key stands."""
    if key.revoked_at is not None:
        return "revoked" if key.revoked_at <= at else "ending"
    return "works" if key.works(at) else "expired"


def grants(work: Work, holder: Holder) -> Section:
    """List what somebody holds, themselves and through their teams."""
    standing = access.standing_of(work, holder)
    held = [pair for pair in standing.grants if pair[0].holds(work.now)]
    names = access.names(work, [grant.holder.id for grant, _ in held])
    places = place_names(work, [grant.scope for grant, _ in held])
    rows = tuple(
        (
            Cell(role.name, f"{ADDRESS}/grants/{grant.id}"),
            scope_cell(grant.scope, places),
            Cell("themselves")
            if grant.holder == holder
            else Cell(names.get(grant.holder.id, grant.holder.id), holder_href(grant.holder)),
            time_cell(grant.ends_at, "no end"),
        )
        for grant, role in held
    )
    return Section(
        "What they may do",
        (Column("Role"), Column("Where"), Column("Through"), Column("Ends")),
        rows,
        Empty(
            "No grant holds",
            "They may do nothing here.",
            href=f"{ADDRESS}/grants/give?holder={holder.kind.value}:{holder.id}",
            link="Give a role",
        ),
        href=f"{ADDRESS}/grants?holder_id={holder.id}",
        link="All grants, also ended ones",
    )


def teams(work: Work, holder: Holder) -> Section:
    """List the teams somebody is in."""
    found = access.teams_in(work, holder)
    names = access.names(work, [each.team_id for each in found])
    rows = tuple(
        (
            Cell(names.get(each.team_id, each.team_id), f"{ADDRESS}/teams/{each.team_id}"),
            time_cell(each.joined_at),
        )
        for each in found
    )
    return Section(
        "Teams",
        (Column("Team"), Column("Since")),
        rows,
        Empty("In no team", "They hold nothing through others."),
        width="c6",
    )


def services(work: Work, person_id: str) -> Section:
    """List the services somebody answers for."""
    found = access.services_owned(work, person_id)
    return Section(
        "Services they answer for",
        (Column("Service"), Column("Kind"), Column("State")),
        tuple(_service(each) for each in found),
        Empty("None", "No program acts in their responsibility."),
        width="c6",
    )


def keys(work: Work, holder: Holder, *, width: str = "c12") -> Section:
    """List somebody's keys."""
    page = access.keys(work, holder=holder, limit=MAX_PAGE_ROWS)
    return Section(
        "Keys",
        key_columns(holder=False),
        tuple(key_cells(work, page.rows, holder=False)),
        Empty(
            "No keys",
            "A program comes with a key. Make one for it; it is shown once.",
            href=f"{ADDRESS}/keys/issue?holder={holder.kind.value}:{holder.id}",
            link="Make a key",
        ),
        width=width,
    )


def key_columns(*, holder: bool) -> tuple[Column, ...]:
    """Name the columns of a table of keys."""
    return (
        Column("Key", sort="label"),
        *((Column("Holder", sort="holder"),) if holder else ()),
        Column("Begins", hide_narrow=True),
        Column("State", sort="state"),
        Column("May at most", hide_narrow=True),
        Column("Last used", sort="used"),
        Column("Ends", sort="ends"),
    )


def key_cells(work: Work, found: Sequence[Key], *, holder: bool) -> Iterable[tuple[Cell, ...]]:
    """Draw keys as rows."""
    names = access.names(work, [each.holder.id for each in found]) if holder else {}
    places = place_names(work, [each.limits.scope for each in found])
    for each in found:
        yield (
            Cell(each.label, f"{ADDRESS}/keys/{each.id}"),
            *(
                (
                    Cell(
                        names.get(each.holder.id, each.holder.id),
                        holder_href(each.holder),
                        note=each.holder.kind.value,
                    ),
                )
                if holder
                else ()
            ),
            Cell(each.shown, kind="code"),
            tag_cell(key_state(each, work.now), KEY_STATES),
            Cell(limits_said(each, places)),
            time_cell(each.last_used_at, "never"),
            time_cell(each.revoked_at or each.expires_at, "no end"),
        )


def limits_said(key: Key, names: Mapping[str, str] = {}) -> str:
    """Say in a line what a key may do at most."""
    allowed = key.limits.permissions
    what = "all its holder may" if allowed is None else ", ".join(sorted(allowed)) or "nothing"
    scope = key.limits.scope
    return f"{what}, over {scope_words(scope, names)}" if scope.places else what


def _service(each: Service) -> tuple[Cell, ...]:
    return (
        Cell(each.name, f"{ADDRESS}/services/{each.id}"),
        Cell(each.kind.value),
        tag_cell("active" if each.active else "stopped", {"active": "ok", "stopped": "stop"}),
    )


def holder_of(text: str, field: str = "holder") -> Holder:
    """Read a holder as forms name one: kind:id."""
    kind, _, named = text.partition(":")
    if kind not in {each.value for each in HolderKind} or not named:
        raise InvalidError(
            "nobody is named", field=field, remedy="Choose a person, a service or a team."
        )
    return Holder(HolderKind(kind), named)


def holder_options(work: Work, *, teams: bool = True) -> tuple[tuple[str, str], ...]:
    """List everybody who can hold something, for a choice."""
    people = access.people(work, limit=MAX_PAGE_ROWS).rows
    services = access.services(work, limit=MAX_PAGE_ROWS).rows
    groups = access.teams(work, limit=MAX_PAGE_ROWS).rows if teams else ()
    return (
        *(
            (f"person:{each.id}", f"{each.name}, {each.email}")
            for each in people
            if not each.left_at
        ),
        *((f"service:{each.id}", f"{each.name}, {each.kind.value}") for each in services),
        *((f"team:{each.id}", f"{each.name}, team") for each in groups),
    )
