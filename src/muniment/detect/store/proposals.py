"""Change requests, and which of them came into force."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Row,
    insert,
    select,
)

from muniment.core.page import Page, read_cursor, write_cursor
from muniment.db import Work
from muniment.detect.models import (
    Proposal,
)
from muniment.detect.models import configurations as forms
from muniment.detect.models.proposals import measured_from
from muniment.detect.store.configurations import keep_configuration
from muniment.detect.store.tables import applied_table, configurations_table, proposals_table

_WANTED = configurations_table.alias("wanted")
_PREVIOUS = configurations_table.alias("previous_one")
_PROPOSALS = (
    select(
        proposals_table,
        _WANTED.c.body.label("wanted_body"),
        _PREVIOUS.c.body.label("previous_body"),
        applied_table.c.version,
        applied_table.c.applied_by,
        applied_table.c.applied_at,
    )
    .join(_WANTED, _WANTED.c.digest == proposals_table.c.configuration)
    .join(_PREVIOUS, _PREVIOUS.c.digest == proposals_table.c.previous)
    .outerjoin(applied_table, applied_table.c.proposal == proposals_table.c.id)
)


def add_proposal(work: Work, made: Proposal) -> None:
    """Put a change request down."""
    keep_configuration(work, made.previous)
    keep_configuration(work, made.configuration)
    figures = {
        "before": made.before.as_value(),
        "after": made.after.as_value(),
        "loosens": list(made.loosens),
    }
    row = {
        "id": made.id,
        "system": made.system,
        "configuration": made.configuration.digest,
        "previous": made.previous.digest,
        "owner": made.owner,
        "reason": made.reason,
        "author": made.author,
        "proposed_at": made.proposed_at,
        "expires_at": made.expires_at,
        "figures": figures,
        "request_id": made.request_id,
    }
    work.write(insert(proposals_table).values(row))


def add_applied(work: Work, made: Proposal, version: int) -> None:
    """Put down that a change came into force, as which version."""
    row = {
        "proposal": made.id,
        "version": version,
        "applied_by": work.actor.id,
        "applied_at": work.now,
    }
    work.write(insert(applied_table).values(row))


def proposal(work: Work, proposal_id: str) -> Proposal | None:
    """Find a change request."""
    row = work.read(_PROPOSALS.where(proposals_table.c.id == proposal_id)).one_or_none()
    return None if row is None else _proposal(row)


def page_of_proposals(work: Work, system: str, limit: int, cursor: str | None) -> Page[Proposal]:
    """List change requests, the newest first, page by page."""
    query = _PROPOSALS.order_by(proposals_table.c.id.desc()).limit(limit + 1)
    if system:
        query = query.where(proposals_table.c.system == system)
    if cursor:
        query = query.where(proposals_table.c.id < str(read_cursor(cursor, 1)[0]))
    rows = [_proposal(row) for row in work.read(query).all()]
    more = len(rows) > limit
    return Page(tuple(rows[:limit]), write_cursor([rows[limit - 1].id]) if more else None)


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        id=row.id,
        system=row.system,
        configuration=forms.require_same(forms.from_value(row.wanted_body), row.configuration),
        previous=forms.require_same(forms.from_value(row.previous_body), row.previous),
        owner=row.owner,
        reason=row.reason,
        author=row.author,
        proposed_at=row.proposed_at,
        expires_at=row.expires_at,
        before=measured_from(row.figures["before"]),
        after=measured_from(row.figures["after"]),
        loosens=tuple(row.figures["loosens"]),
        request_id=row.request_id,
        version=row.version or 0,
        applied_by=row.applied_by or "",
        applied_at=row.applied_at,
    )
