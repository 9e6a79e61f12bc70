"""Asking, changing what is asked, taking it back, and relying on the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from muniment import access, ledger
from muniment.access import Scope
from muniment.approvals import rules, store
from muniment.approvals.models import (
    Comment,
    Matter,
    Request,
    Rule,
    State,
    Timing,
    Version,
    matter_digest,
)
from muniment.approvals.service import who
from muniment.core.canonical import canonical_bytes
from muniment.core.digest import digest_value
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from muniment.db import Work
from muniment.ledger.kinds.approvals import Asked, Commented, Revised, Used, Withdrawn

MAX_DOCUMENT_BYTES: Final = 256 * 1024
MAX_REASON_CHARS: Final = 500
MAX_COMMENT_CHARS: Final = 4_000


def ask(
    work: Work,
    matter: Matter,
    rule: Rule,
    *,
    author: str = "",
    owner: str = "",
    timing: Timing = Timing(),  # noqa: B008 a frozen value
    single_use: bool = False,
) -> Request:
    """Ask for a yes to exactly this; an open question of the same kind about it is revised."""
    scope = Scope.read(matter.scope)
    access.require(work, "approvals.ask", scope)
    _require_sound(matter, rule, timing, work.now)
    rule = rules.hardened(rule, matter.scope)
    standing_one = store.open_about(work, matter.kind, matter.subject)
    if standing_one is not None and not single_use:
        return _asked_again(work, standing_one.id, matter, rule, author or who.author_of(work))
    author = author or who.author_of(work)
    version = Version(1, matter.digest, matter.document, author, work.now)
    request = Request(
        id=work.new_id("apr"),
        matter=matter,
        rule=rule,
        timing=timing,
        author=author,
        owner=owner,
        version=version,
        state=State.OPEN,
        asked_at=work.now,
        single_use=single_use,
    )
    store.add(work, request)
    ledger.record(
        work,
        Asked(
            request_id=request.id,
            matter=matter.kind,
            about=f"{matter.subject[0]}:{matter.subject[1]}",
            digest=version.digest,
            shown=shown_digest(matter),
            rule=digest_value(_plain(rule)),
            author=author,
            owner=owner,
            single_use=single_use,
            roles=roles_asked(rule),
            scope=scope.as_dict(),
            standing_in=who.standing_in_for(work, matter.kind, roles_asked(rule), matter.scope),
        ),
    )
    return store.get(work, request.id)


def revise(
    work: Work, request_id: str, document: Mapping[str, Any], *, author: str = ""
) -> Request:
    """Change what is asked; what was said of the older digest is void."""
    request = store.hold(work, request_id)
    access.require(work, "approvals.ask", Scope.read(request.matter.scope))
    author = author or who.author_of(work)
    return put_version(work, request, document, author)


def _asked_again(work: Work, request_id: str, matter: Matter, rule: Rule, author: str) -> Request:
    """Revise what stands open; rule and place stay, so nobody asks for less this way."""
    request = store.hold(work, request_id)
    if (request.rule, dict(request.matter.scope)) != (rule, dict(matter.scope)):
        raise ConflictError(
            "the same is asked already, of other people or for another place",
            subject=request.id,
            remedy="Take the open question back, then ask again.",
        )
    return put_version(work, replace(request, matter=matter), matter.document, author)


def put_version(work: Work, request: Request, document: Mapping[str, Any], author: str) -> Request:
    """Put a new version in place of the current one and record it; the same document is none."""
    _require_open(request)
    _require_document(document)
    digest = matter_digest(request.matter.kind, request.matter.subject, document)
    if digest == request.version.digest:
        return request
    if any(each.digest == digest for each in store.versions(work, request.id)):
        # Else what was said of the earlier version, and is void, would count again.
        raise ConflictError(
            "this is an earlier version of what is asked",
            subject=request.id,
            remedy="Take the open question back, then ask again.",
        )
    before = request.version
    void = sum(vote.digest == before.digest for vote in store.votes(work, request.id))
    version = Version(before.number + 1, digest, document, author, work.now)
    changed = replace(request, version=version, matter=replace(request.matter, document=document))
    store.add_version(work, changed)
    saved = store.save(work, changed)
    ledger.record(
        work,
        Revised(
            request_id=request.id,
            version=version.number,
            old_digest=before.digest,
            digest=digest,
            author=author,
            void=void,
            roles=roles_asked(request.rule),
            scope=dict(request.matter.scope),
            shown=shown_digest(changed.matter),
            standing_in=who.standing_in_for(
                work, request.matter.kind, roles_asked(request.rule), request.matter.scope
            ),
        ),
    )
    return saved


def withdraw(work: Work, request_id: str, *, reason: str) -> Request:
    """Take a question back; only whoever asked may, or who may administer approvals."""
    request = store.hold(work, request_id)
    scope = Scope.read(request.matter.scope)
    person = who.author_of(work)
    needed = "approvals.ask" if person == request.author else "approvals.administer"
    access.require(work, needed, scope)
    _require_open(request)
    said = require_text(reason, "reason")
    closed = replace(request, state=State.WITHDRAWN, closed_at=work.now, closed_by=person)
    saved = store.save(work, closed)
    ledger.record(work, Withdrawn(request.id, reason=said))
    return saved


def comment(work: Work, request_id: str, text: str) -> Comment:
    """Remark something beside a request; it decides nothing."""
    request = store.get(work, request_id)
    access.require(work, "approvals.comment", Scope.read(request.matter.scope))
    said = require_text(text, "text", longest=MAX_COMMENT_CHARS)
    person = who.author_of(work)
    made = Comment(work.new_id("rmk"), person, said, work.now)
    store.add_comment(work, request_id, made)
    # The digest is salted, so that short remarks cannot be guessed from the ledger.
    digest = digest_value([store.salt(), said])
    ledger.record(work, Commented(request_id, made.id, text_digest=digest))
    return made


def standing(
    work: Work, kind: str, subject: tuple[str, str], document: Mapping[str, Any]
) -> Request | None:
    """Tell whether exactly this was approved; give the request that says so, or nothing."""
    digest = matter_digest(kind, subject, document)
    found = store.latest_for(work, kind, subject, digest)
    return found if found is not None and found.state is State.APPROVED else None


def latest(
    work: Work, kind: str, subject: tuple[str, str], document: Mapping[str, Any]
) -> Request | None:
    """Give the newest request about exactly this, wherever it stands."""
    return store.latest_for(work, kind, subject, matter_digest(kind, subject, document))


def use(work: Work, request_id: str, *, digest: str, what: str) -> Request:
    """Rely on a yes that holds once, for exactly this digest; a second time is refused."""
    request = store.hold(work, request_id)
    if request.version.digest != digest:
        raise ForbiddenError(
            "what was approved is not what is about to be done",
            subject=request_id,
            remedy="Ask again for exactly this.",
        )
    if request.state is not State.APPROVED:
        reason = "it was used before" if request.state is State.USED else "it is not approved"
        raise ForbiddenError(
            f"this cannot go ahead: {reason}", subject=request_id, remedy="Ask again."
        )
    if not request.single_use:
        raise ConflictError(
            "this yes holds until it changes; it is not used up", subject=request_id
        )
    saved = store.save(work, replace(request, state=State.USED, used_at=work.now))
    ledger.record(work, Used(request_id, digest=digest, use=what))
    return saved


def shown_digest(matter: Matter) -> str:
    """Fingerprint what stands around the document: the words, checks and policies shown."""
    return digest_value(
        [
            matter.title,
            matter.consequence,
            [asdict(check) for check in matter.checks],
            list(matter.policies),
        ]
    )


def roles_asked(rule: Rule) -> tuple[str, ...]:
    """Name the roles a rule asks; an empty name is whoever may decide."""
    return tuple(dict.fromkeys(need.role for need in rule.needs))


def require_text(text: str, field: str, *, longest: int = MAX_REASON_CHARS) -> str:
    """Take what a person wrote, if it is something and not a book."""
    said = text.strip()
    if not said:
        raise InvalidError("is empty", field=field, remedy="Write a sentence.")
    if len(said) > longest:
        raise InvalidError(
            f"has {len(said):,} characters", field=field, remedy=f"Write {longest:,} at most."
        )
    if "\0" in said:
        raise InvalidError("holds a NUL character", field=field, remedy="Leave it out.")
    return said


def _require_sound(matter: Matter, rule: Rule, timing: Timing, now: datetime) -> None:
    if problem := rules.rule_problem(rule):
        raise InvalidError(problem, field="rule", remedy="Name who must say yes.")
    require_text(matter.title, "title")
    require_text(matter.consequence, "consequence")
    _require_document(matter.document)
    for name, at in (("expires_at", timing.expires_at), ("escalates_at", timing.escalates_at)):
        if at is not None and at <= now:
            raise InvalidError("lies in the past", field=name, remedy="Give a later time.")
    if timing.escalates_at is not None and not rule.escalate_to:
        raise InvalidError(
            "there is nobody to escalate to", field="escalates_at", remedy="Set rule.escalate_to."
        )


def _require_document(document: Mapping[str, Any]) -> None:
    size = len(canonical_bytes(dict(document)))
    if size > MAX_DOCUMENT_BYTES:
        raise InvalidError(
            f"the document has {size:,} bytes",
            field="document",
            remedy=f"Keep content in the vault and name its digest; {MAX_DOCUMENT_BYTES} at most.",
        )


def _require_open(request: Request) -> None:
    if request.state is not State.OPEN:
        raise ConflictError(
            f"this request is {request.state.value} already",
            subject=request.id,
            remedy="Ask again.",
        )


def _plain(rule: Rule) -> dict[str, Any]:
    return {**asdict(rule), "needs": [asdict(need) for need in rule.needs]}
