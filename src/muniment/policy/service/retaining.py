"""How long the facts of decisions are kept: pruned when they are old, unless they are held.

A decision, its reasons and the rules it was made by stay for ever; its facts stay for as long as
the settings say. After that it cannot be made again, and says since when. What a court or an open
case needs is held until somebody lifts that; a room that opens a case holds, and lifts when it
closes it. Each of these stands in the ledger.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from muniment import access, ledger
from muniment.core.clock import stamp
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.core.page import MAX_PAGE_ROWS, Page
from muniment.db import Work
from muniment.ledger.kinds.policy import FactsPruned, Held, HoldLifted
from muniment.policy import store
from muniment.policy.models import Hold, HoldSort
from muniment.policy.service.gate import AREA, author_of
from muniment.policy.service.paging import page_of
from muniment.policy.service.publishing import require_reason

MOST_AT_ONCE: Final = 200


def prune_facts(work: Work, days: int) -> int:
    """Prune facts of decisions that are all older than so many days and not held; say how many."""
    if days < 1:
        return 0
    older_than = work.now - timedelta(days=days)
    taken = store.lock_old_facts(work, older_than, MOST_AT_ONCE)
    pruned = store.prune_facts(work, taken, older_than) if taken else ()
    if pruned:
        ledger.record(work, FactsPruned(stamp(older_than), days, pruned))
    return len(pruned)


def hold_facts(work: Work, sort: HoldSort, subject: str, *, reason: str) -> Hold:
    """Keep the facts of a decision, of a system's decisions or of all, however old they are."""
    access.require(work, "policy.propose", AREA)
    said = require_reason(reason)
    named = subject.strip()
    if bool(named) is (sort is HoldSort.EVERYTHING) or len(named) > 200 or not named.isascii():
        raise InvalidError(
            "this names nothing that can be held",
            field="subject",
            remedy="Give the id of a decision or of a system; of everything, none.",
        )
    if sort is HoldSort.DECISION and store.decision(work, named) is None:
        raise NotFoundError(
            f"there is no decision {named[:60]}",
            field="subject",
            subject=named[:60],
            remedy="Take the id from the list of decisions.",
        )
    made = Hold(work.new_id("hld"), sort, named, said, author_of(work), work.now)
    store.add_hold(work, made)
    ledger.record(work, Held(made.id, sort.value, named, said))
    return made


def lift_hold(work: Work, hold_id: str, *, reason: str) -> Hold:
    """Let a hold end; what is old enough is pruned from now on."""
    access.require(work, "policy.publish", AREA)
    said = require_reason(reason)
    found = store.hold(work, hold_id)
    if found is None:
        raise NotFoundError(
            f"there is no hold {hold_id[:60]}", subject=hold_id[:60], remedy="List them first."
        )
    if not store.lift(work, hold_id):
        raise ConflictError("it was lifted before", subject=hold_id, remedy="Nothing to do.")
    ledger.record(work, HoldLifted(hold_id, said))
    return replace(found, lifted_at=work.now)


def holds(work: Work, *, limit: int = MAX_PAGE_ROWS, cursor: str | None = None) -> Page[Hold]:
    """List every hold in the order of time, also those that were lifted."""
    access.require(work, "policy.read", AREA)
    return page_of(store.holds(work), lambda each: (each.id,), (str,), limit, cursor)
