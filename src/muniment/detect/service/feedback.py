"""Keeps what people say about findings as cases: false alarms, and what was missed.

A case changes nothing by itself. Its text is content: only the place and a little around it is
kept, encrypted in the vault, for a time. It goes with the keys of whom it is about, or alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, replace
from datetime import timedelta
from typing import Final

from muniment import vault
from muniment.access import require
from muniment.core.actor import system_actor
from muniment.core.clock import stamp
from muniment.core.digest import Digest
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.core.page import Page, require_limit
from muniment.db import Work
from muniment.detect import store
from muniment.detect.models import Case, CaseId, CaseKeeping, CaseKind, KeptText
from muniment.detect.models.findings import TYPE_SHAPE
from muniment.detect.service.calibrate import place_of, scanner_for
from muniment.ledger import record
from muniment.ledger.kinds.detect import CaseErased, CaseKept, CaseReported
from muniment.vault import Held, Safe

AROUND_CHARS: Final = 500
_MOST_PLACE_CHARS: Final = 10_000
_AT_ONCE: Final = 500
_MOST_CASES: Final = 5_000
_ACTOR = system_actor("detect-retention")
_AS_USUAL: Final = CaseKeeping()


def report(
    work: Work,
    safe: Safe,
    text: str,
    kind: CaseKind,
    *,
    type: str,  # noqa: A002 the word of the room
    start: int,
    end: int,
    keeping: CaseKeeping = _AS_USUAL,
) -> Case:
    """Keep what somebody says about a place of a text as a case to measure changes on.

    The text goes into the vault: under the keys of its subject, the pseudonym of whom it is about,
    so that erasing that person reaches it; or, without one, under a key of its own.
    """
    system = keeping.system
    require(work, "detect.scan", place_of(system))
    _require_place(text, type, start, end, keeping.days)
    begin = max(0, start - AROUND_CHARS)
    data = text[begin : end + AROUND_CHARS].encode("utf-8", "surrogatepass")
    case_id = work.new_id("cas")
    whose, how = keeping.subject or case_id, keeping.classification
    held = vault.put(work, safe, data, classification=how, subject=whose)
    case = Case(
        id=CaseId(case_id),
        system=system,
        kind=kind,
        type=type,
        start=start - begin,
        end=end - begin,
        subject=whose,
        kept=_kept(held),
        digest=Digest(f"sha256:{held.ct_sha256}"),
        build=scanner_for(work, system).build,
        reported_by=work.actor.id,
        reported_at=work.now,
        erase_after=work.now + timedelta(days=keeping.days),
    )
    store.add_case(work, case)
    body = CaseReported(
        case=case.id,
        system=system,
        case_kind=kind.value,
        type=type,
        digest=case.digest,
        build=case.build,
        erase_after=stamp(case.erase_after),
    )
    record(work, body, content=(held.as_reference(),))
    return case


def cases(work: Work, *, limit: int = 50, cursor: str | None = None) -> Page[Case]:
    """List the cases, the newest first; one whose key was destroyed is erased since then."""
    require(work, "detect.read", place_of(""))
    page = store.page_of_cases(work, require_limit(limit), cursor)
    return replace(page, rows=as_they_stand(work, page.rows))


def as_they_stand(work: Work, found: Iterable[Case]) -> tuple[Case, ...]:
    """Say of cases whether their texts are erased, also by erasing whom they are about."""
    rows = tuple(found)
    gone = vault.erased(work, {each.kept.kid for each in rows if each.kept is not None})
    return tuple(
        replace(each, erased_at=gone[each.kept.kid])
        if each.erased_at is None and each.kept is not None and each.kept.kid in gone
        else each
        for each in rows
    )


def found_case(work: Work, case_id: str, permission: str) -> Case:
    """Find a case for who may do this where it belongs; others do not learn whether it is."""
    case = store.case(work, case_id)
    require(work, permission, place_of(case.system if case else ""))
    if case is None:
        raise NotFoundError("there is no such case", subject=case_id[:60], remedy="List the cases.")
    return as_they_stand(work, (case,))[0]


def measured_cases(work: Work, system: str) -> tuple[Case, ...]:
    """List the cases of a system and of the installation, as they stand now."""
    found = [
        case
        for place in dict.fromkeys((system, ""))
        for case in store.cases(work, place, _MOST_CASES)
    ]
    return as_they_stand(work, found)


def erase(work: Work, case_id: str, *, reason: str) -> Case:
    """Erase the text of a case for good; what remains is the digest of what was kept."""
    case = found_case(work, case_id, "detect.calibrate")
    if case.erased_at is not None:
        raise ConflictError("the text of this case is erased already", subject=case.id)
    why = " ".join(reason.split())
    if not 10 <= len(why) <= 300 or not why.isprintable():
        raise InvalidError(
            "an erasure has a reason", field="reason", remedy="Write 10 to 300 characters."
        )
    return _erase(work, case, why)


def erase_due(safe: Safe) -> int:
    """Erase the texts that have been kept long enough; tell how many."""
    with safe.database.work(_ACTOR) as work:
        due = store.cases_due(work, _AT_ONCE)
        for case in due:
            _erase(work, case, "kept long enough")
    return len(due)


def keep_plain(safe: Safe) -> int:
    """Move texts that an earlier version kept plainly into the vault; tell how many."""
    with safe.database.work(_ACTOR) as work:
        plain = store.plain_cases(work, _AT_ONCE)
        for case, data in plain:
            held = vault.put(
                work, safe, data, classification=_AS_USUAL.classification, subject=case.id
            )
            store.keep_case(work, replace(case, subject=case.id, kept=_kept(held)))
            told = CaseKept(case.id, case.digest, f"sha256:{held.ct_sha256}")
            record(work, told, content=(held.as_reference(),))
    return len(plain)


def held_of(kept: KeptText) -> Held:
    """Give the vault's own word for where a text lies."""
    return Held(*astuple(kept))


def _kept(held: Held) -> KeptText:
    return KeptText(held.kid, held.commit, held.ct_sha256, held.ct_len)


def _erase(work: Work, case: Case, reason: str) -> Case:
    if case.kept is not None:
        vault.discard(work, held_of(case.kept), reason=reason)
    erased = store.erase_case(work, case)
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
