"""Delegation: letting somebody else answer, for a time and a kind of matter, and ending it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from muniment import access, ledger
from muniment.approvals import store
from muniment.approvals.models import Delegation
from muniment.approvals.service import who
from muniment.approvals.service.asking import require_text
from muniment.core.clock import stamp
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.db import Work
from muniment.ledger.kinds.approvals import Delegated, DelegationEnded

LONGEST: Final = timedelta(days=92)


def delegate(
    work: Work,
    taker: str,
    *,
    reason: str,
    ends_at: datetime,
    starts_at: datetime | None = None,
    matter_kind: str = "",
) -> Delegation:
    """Let another person answer for the one who asks, until a day that is not far off.

    It is one's own answer that is lent, so no grant is asked for; a person has to be signed in.
    """
    giver = _person(work)
    starts = starts_at or work.now
    if taker == giver:
        raise InvalidError("is yourself", field="taker", remedy="Name somebody else.")
    if not who.is_active(work, taker):
        raise InvalidError("is nobody who could answer", field="taker", remedy="Name a person.")
    if not starts < ends_at or ends_at - starts > LONGEST or ends_at <= work.now:
        raise InvalidError(
            "does not end, or ends before it begins",
            field="ends_at",
            remedy=f"Give a time within {LONGEST.days} days.",
        )
    said = require_text(reason, "reason")
    made = Delegation(work.new_id("dlg"), giver, taker, matter_kind, said, starts, ends_at)
    store.add_delegation(work, made)
    ledger.record(
        work,
        Delegated(
            delegation_id=made.id,
            giver=giver,
            taker=taker,
            matter=matter_kind,
            starts_at=stamp(starts),
            ends_at=stamp(ends_at),
            reason=said,
        ),
    )
    return made


def end_delegation(work: Work, delegation_id: str, *, reason: str) -> Delegation:
    """Answer for oneself again; giver and taker may end it, and who administers approvals."""
    person = _person(work)
    found = store.delegation(work, delegation_id)
    if found is None:
        raise NotFoundError("there is no such delegation", subject=delegation_id)
    if person not in (found.giver, found.taker):
        access.require(work, "approvals.administer")
    if not store.end_delegation(work, delegation_id):
        raise ConflictError("it has ended already", subject=delegation_id)
    ledger.record(work, DelegationEnded(delegation_id, reason=require_text(reason, "reason")))
    ended = store.delegation(work, delegation_id)
    return ended if ended is not None else found


def delegations_of(work: Work) -> tuple[tuple[Delegation, ...], tuple[Delegation, ...]]:
    """List what the one who asks has given, and what they have taken."""
    person = _person(work)
    return store.delegations(work, giver=person), store.delegations(work, taker=person)


def _person(work: Work) -> str:
    person = who.person_of(work)
    if person is None:
        raise ForbiddenError("only a person delegates", remedy="Sign in.")
    return person
