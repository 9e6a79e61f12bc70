"""Keeps what people say about findings as cases: false alarms, and what was missed.

A case changes nothing by itself. It is content: only the place and a little around it is kept, for
a time, and it can be erased at once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from muniment.access import require
from muniment.core.actor import system_actor
from muniment.core.clock import stamp
from muniment.core.digest import digest_bytes
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.core.page import Page, require_limit
from muniment.db import Database, Work
from muniment.detect import store
from muniment.detect.models import Case, CaseId, CaseKind
from muniment.detect.models.findings import TYPE_SHAPE
from muniment.detect.service.calibrate import place_of, scanner_for
from muniment.ledger import record
from muniment.ledger.kinds.detect import CaseErased, CaseReported

AROUND_CHARS: Final = 500
KEEP_DAYS: Final = 365
_MOST_PLACE_CHARS: Final = 10_000
_ERASED_AT_ONCE: Final = 500
_ACTOR = system_actor("detect-retention")


def report(
    work: Work,
    text: str,
    kind: CaseKind,
    *,
    type: str,  # noqa: A002 the word of the room
    start: int,
    end: int,
    system: str = "",
    keep_days: int = KEEP_DAYS,
) -> Case:
    """Keep what somebody says about a place of a text as a case to measure changes on."""
    require(work, "detect.scan", place_of(system))
    _require_place(text, type, start, end, keep_days)
    begin = max(0, start - AROUND_CHARS)
    kept = text[begin : end + AROUND_CHARS]
    case = Case(
        id=CaseId(work.new_id("cas")),
        system=system,
        kind=kind,
        type=type,
        start=start - begin,
        end=end - begin,
        text=kept,
        digest=digest_bytes(kept.encode("utf-8", "surrogatepass")),
        build=scanner_for(work, system).build,
        reported_by=work.actor.id,
        reported_at=work.now,
        erase_after=work.now + timedelta(days=keep_days),
    )
    store.add_case(work, case)
    record(
        work,
        CaseReported(
            case=case.id,
            system=system,
            case_kind=kind.value,
            type=type,
            digest=case.digest,
            build=case.build,
            erase_after=stamp(case.erase_after),
        ),
    )
    return case


def cases(work: Work, *, limit: int = 50, cursor: str | None = None) -> Page[Case]:
    """List the cases, the newest first."""
    require(work, "detect.read", place_of(""))
    return store.page_of_cases(work, require_limit(limit), cursor)


def erase(work: Work, case_id: str, *, reason: str) -> Case:
    """Erase the text of a case for good; what remains is its digest."""
    case = store.case(work, case_id)
    require(work, "detect.calibrate", place_of(case.system if case else ""))
    if case is None:
        raise NotFoundError("there is no such case", subject=case_id[:60], remedy="List the cases.")
    if case.erased_at is not None:
        raise ConflictError("the text of this case is erased already", subject=case.id)
    if not 10 <= len(reason.strip()) <= 500:
        raise InvalidError(
            "an erasure has a reason", field="reason", remedy="Write 10 to 500 characters."
        )
    return _erase(work, case, reason)


def erase_due(database: Database) -> int:
    """Erase the texts that have been kept long enough; tell how many."""
    with database.work(_ACTOR) as work:
        due = store.cases_due(work, _ERASED_AT_ONCE)
        for case in due:
            _erase(work, case, "kept long enough")
    return len(due)


def _erase(work: Work, case: Case, reason: str) -> Case:
    erased = store.erase_case(work, case, work.now)
    record(work, CaseErased(case.id, case.digest, reason))
    return erased


def _require_place(text: str, type_name: str, start: int, end: int, keep_days: int) -> None:
    if not 0 <= start < end <= len(text):
        raise InvalidError(
            "this place does not lie in the text",
            field="start",
            remedy="Give the first character and the one after the last.",
        )
    if end - start > _MOST_PLACE_CHARS:
        raise InvalidError(
            f"a place has {_MOST_PLACE_CHARS:,} characters at most",
            field="end",
            remedy="Mark the value alone.",
        )
    if not TYPE_SHAPE.match(type_name):
        raise InvalidError(
            f"{type_name[:60]!r} is not the name of a type",
            field="type",
            remedy="`muniment detect types` lists them.",
        )
    if not 1 <= keep_days <= 3_650:
        raise InvalidError(
            "a case is kept for 1 to 3,650 days", field="keep_days", remedy="Choose within them."
        )
