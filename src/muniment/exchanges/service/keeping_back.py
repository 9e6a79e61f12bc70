"""Answers that are kept back until a person says yes: on record, and discarded after a no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Final

from muniment import approvals, ledger, vault
from muniment.approvals import Request, State
from muniment.db import Work
from muniment.exchanges.models import HeldAnswer
from muniment.ledger import Entry
from muniment.ledger.kinds.exchanges import Held

HELD: Final = "gateway.tool"
ENDED: Final = (
    "approvals.decided",
    "approvals.expired",
    "approvals.overridden",
    "approvals.settled_by_rule",
    "approvals.withdrawn",
)
_NOT_GIVEN: Final = {
    State.DENIED: "was denied",
    State.EXPIRED: "was not answered in time",
    State.WITHDRAWN: "was withdrawn",
}


def hold(work: Work, held: HeldAnswer, content: Mapping[str, str | int]) -> None:
    """Record that an answer is kept back, with the reference of where it rests."""
    told = {each.name: getattr(held, each.name) for each in fields(held)}
    ledger.record(work, Held(**told), content=(content,))


def follow_ended(work: Work, entry: Entry) -> None:
    """Discard an answer that was kept for a yes once that can no longer come."""
    request, _votes, _comments = approvals.get(work, str(entry.body["request_id"]))
    why = _why_not(request)
    if request.matter.kind != HELD or not why:
        return
    kept_back = vault.Held.from_reference(request.version.document["answer"])
    vault.discard(work, kept_back, reason=f"{request.id} {why}")


def _why_not(request: Request) -> str:
    """Say why what was kept can never be given; nothing, as long as it may be."""
    if request.state is State.APPROVED and request.version.number > 1:
        return "was approved with a change, which no answer can carry out"
    return _NOT_GIVEN.get(request.state, "")
