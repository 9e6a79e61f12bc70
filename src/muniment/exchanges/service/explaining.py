"""One call with everything recorded of it; and whether a disputed text is the one it had."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from muniment import access, approvals, ledger, policy, vault
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.db import Work
from muniment.exchanges import rules
from muniment.exchanges.models import (
    Agreed,
    Exchange,
    Explained,
    Matched,
    Matching,
    Ruled,
    Written,
)
from muniment.exchanges.service.finding import get
from muniment.ledger import Entry, Log, Query
from muniment.ledger.kinds.exchanges import Matched as MatchRecorded
from muniment.vault import Safe
from muniment.verify import leaf_hash

DIRECTIONS: Final = ("prompt", "answer")
MOST_BYTES: Final = 32 * 1024 * 1024
_MOST_ASKED: Final = 20


def explain(work: Work, log: Log, exchange: str) -> Explained:
    """Say of one call who, what, what was found and decided, what was tried, and where it stands.

    Reasons of policies and answers of approvers are told to whoever may read those.
    """
    found = get(work, exchange)
    written = tuple(_written(log, index) for index in _entries(found))
    held = _beside(log, found, "exchanges.held")
    told = (
        *(each for each in written if each is not None),
        *held,
        *_discarded(log, held),
        *_beside(log, found, "exchanges.shadowed"),
    )
    return Explained(
        found,
        rules.walk(told),
        told,
        tuple(_reasoned(work, each) for each in rules.ruled(told)),
        _agreed(work, log, found, told),
    )


def match(
    work: Work, log: Log, safe: Safe, exchange: str, content: bytes, *, direction: str, reason: str
) -> Matched:
    """Say whether a disputed text is the one that a call carried; asked for a reason, on record.

    Nothing of the text is kept. Once the subject was erased, nobody can tell.
    """
    access.require(work, "vault.open")
    rules.require_reason(reason)
    if direction not in DIRECTIONS:
        raise InvalidError(
            f"{direction[:20]!r} is no direction",
            field="direction",
            remedy=f"Choose {' or '.join(DIRECTIONS)}.",
        )
    if not content or len(content) > MOST_BYTES:
        raise InvalidError(
            "there is no text to compare" if not content else "this text is too long",
            field="text",
            remedy=f"Give 1 to {MOST_BYTES:,} bytes.",
        )
    found = get(work, exchange)
    answer, says = _compared(work, log, safe, found, content, direction, reason)
    ledger.record(
        work, MatchRecorded(found.id, found.system, direction, answer.value, reason.strip())
    )
    return Matched(found.id, direction, answer, says)


def _compared(
    work: Work, log: Log, safe: Safe, found: Exchange, content: bytes, direction: str, reason: str
) -> tuple[Matching, str]:
    kid, digest = _digest_of(log, found, direction)
    if not kid or not digest:
        return Matching.COULD_NOT_TELL, f"no digest of its {direction} was recorded"
    for says, form in rules.forms_of(content):
        try:
            if vault.matches(work, safe, kid, digest, form, reason=reason):
                return Matching.MATCHES, f"the text, {says}, is the {direction} of this call"
        except ConflictError:
            return Matching.COULD_NOT_TELL, "the subject was erased, and the digest's key with it"
        except NotFoundError:
            return Matching.COULD_NOT_TELL, "the vault does not know the digest's key"
    return Matching.DIFFERS, f"the text is not the {direction} of this call"


def _digest_of(log: Log, found: Exchange, direction: str) -> tuple[str, str]:
    if direction == "prompt":
        entry = _written(log, found.first_entry)
        body = entry.body if entry is not None else {}
        return str(body.get("request_key", "")), str(body.get("request", ""))
    entry = _written(log, found.last_entry)
    body = entry.body if entry is not None else {}
    return str(body.get("answer_key", "")), str(body.get("answer", ""))


def _entries(found: Exchange) -> tuple[int, ...]:
    if found.first_entry == found.last_entry:
        return (found.first_entry,)
    return (found.first_entry, found.last_entry)


def _beside(log: Log, found: Exchange, kind: str) -> tuple[Written, ...]:
    """Find what was recorded of a call besides: that it was held, or how others compare."""
    return _found(log, kind, f"exchange:{found.id}")


def _discarded(log: Log, held: tuple[Written, ...]) -> tuple[Written, ...]:
    """Find what became of an answer that was kept back: that it was discarded, and why."""
    kept = [one for each in held for one in ledger.entry(log, each.index).value.get("content", ())]
    return tuple(
        each
        for one in kept
        for each in _found(log, "vault.discarded", f"content:{one['ct_sha256']}")
    )


def _found(log: Log, kind: str, subject: str) -> tuple[Written, ...]:
    rows = ledger.find(log, Query(kind=kind, subject=subject), limit=_MOST_ASKED).rows
    read = (_written(log, row.index) for row in rows)
    return tuple(each for each in read if each is not None)


def _written(log: Log, index: int) -> Written | None:
    try:
        entry: Entry = ledger.entry(log, index)
    except NotFoundError:  # recorded, and not under a signed head yet
        return None
    return Written(
        index, entry.id, entry.kind, entry.at, leaf_hash(entry.data).hex(), dict(entry.body)
    )


def _reasoned(work: Work, ruled: Ruled) -> Ruled:
    """Add what the policy said in words, if it was kept and the actor may read it."""
    if not ruled.decision:
        return ruled
    try:
        kept, _facts = policy.explain(work, ruled.decision)
    except (NotFoundError, ForbiddenError):
        return ruled
    return replace(ruled, says=str(kept.decision.get("says", "")))


def _agreed(work: Work, log: Log, found: Exchange, told: tuple[Written, ...]) -> tuple[Agreed, ...]:
    """Find who was asked for a yes about this call: what it names itself, and what names it."""
    asked = Query(kind="approvals.asked", text=found.id)
    rows = ledger.find(log, asked, limit=_MOST_ASKED).rows
    about = [ledger.entry(log, row.index).body["request_id"] for row in rows]
    own = [each.body.get(name) for each in told for name in ("approval", "exception")]
    agreed = []
    for request in dict.fromkeys(str(each) for each in (*own, *about) if each):
        try:
            known, votes, _comments = approvals.get(work, request)
        except (ForbiddenError, NotFoundError):
            agreed.append(Agreed(request, "not for you to read", "unknown"))
            continue
        agreed.append(
            Agreed(
                request,
                known.matter.title,
                known.state.value,
                tuple(each.person for each in votes),
            )
        )
    return tuple(agreed)
