"""A review as evidence: the population, each answer, and where in the ledger it all stands."""

from __future__ import annotations

import csv
import io
from typing import Any, Final

from muniment import ledger
from muniment.access import rules, store
from muniment.access.models import Campaign, Line
from muniment.access.service.gate import require
from muniment.access.service.reading import AREA
from muniment.core.clock import stamp
from muniment.db import Work
from muniment.ledger import Log, Query

_MOST_ENTRIES: Final = 500
_COLUMNS: Final = (
    *("position", "line", "sort", "person", "name", "holder", "what", "scope", "account"),
    *("grant", "reviewer", "answer", "reason", "seconds", "decided_at", "carried_out_at"),
    "verified_at",
)
_STEERING: Final = ("=", "+", "-", "@", "\t", "\r")


def review_evidence(work: Work, log: Log, campaign_id: str) -> dict[str, Any]:
    """Put a review together as evidence, the frozen population compared with its digest again."""
    require(work, "access.read", AREA)
    campaign = store.campaign(work, campaign_id)
    lines = store.lines(work, campaign_id)
    recomputed = rules.population_digest(each.entitlement for each in lines)
    people = {each.entitlement.person_id or "" for each in lines}
    people |= {each.reviewer_id for each in lines} | {campaign.opened_by}
    names = {each.id: each.name for each in store.people_named(work, people).values()}
    return {
        "review": _told(campaign),
        "population_holds": recomputed == campaign.population,
        "people": names,
        "lines": [_line(each) for each in lines],
        "entries": _entries(log, campaign_id),
    }


def evidence_csv(evidence: dict[str, Any]) -> str:
    """Write the lines of a review for a spreadsheet; nothing in a cell can act as a formula."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for line in evidence["lines"]:
        row = {
            **line,
            **line["about"],
            "name": evidence["people"].get(line["about"]["person"], ""),
            "holder": _words(line["about"]["holder"]),
            "scope": _words(line["about"]["scope"]),
        }
        writer.writerow([_harmless(str(row[name])) for name in _COLUMNS])
    return file.getvalue()


def _told(campaign: Campaign) -> dict[str, Any]:
    return {
        "id": campaign.id,
        "name": campaign.name,
        "as_of": stamp(campaign.as_of),
        "population": campaign.population,
        "lines": campaign.lines,
        "state": campaign.state.value,
        "opened_by": campaign.opened_by,
        "opened_at": stamp(campaign.opened_at),
        "due_at": stamp(campaign.due_at),
        "closed_at": stamp(campaign.closed_at) if campaign.closed_at else "",
    }


def _line(line: Line) -> dict[str, Any]:
    times = {
        name: stamp(at) if (at := getattr(line, name)) else ""
        for name in ("decided_at", "carried_out_at", "verified_at")
    }
    return {
        "position": line.position,
        "line": line.id,
        "about": rules.frozen(line.entitlement),
        "reviewer": line.reviewer_id,
        "answer": line.answer.value if line.answer else "",
        "reason": line.reason,
        "seconds": line.seconds,
        **times,
    }


def _entries(log: Log, campaign_id: str) -> list[dict[str, Any]]:
    """List where in the ledger the review stands, oldest first."""
    query = Query(subject=f"review:{campaign_id}")
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = ledger.find(log, query, cursor=cursor, limit=_MOST_ENTRIES)
        found += [
            {"entry": row.index, "kind": row.kind, "at": row.at, "id": row.id, "actor": row.actor}
            for row in page.rows
        ]
        cursor = page.next_cursor
        if cursor is None:
            return found[::-1]


def _words(value: dict[str, str] | None) -> str:
    return ", ".join(f"{name} {each}" for name, each in (value or {}).items())


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_STEERING) else cell
