"""From a draft to what is in force: drafted, in shadow, approved by a peer, published, rolled back.

A version is published only on a yes to exactly it by somebody other than its author, and only onto
the version it was drafted from, so nobody undoes another's change unseen. Going back needs no new
yes: what was in force had one. Each change stands in the ledger, in one transaction with itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from muniment import access, approvals, ledger
from muniment.approvals import Check, Matter, Need, Request, Rule
from muniment.core.actor import ActorKind
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from muniment.db import Work
from muniment.ledger.kinds.policy import Drafted, Enforced, ReviewAsked, Shadowed, ShadowEnded
from muniment.policy import store
from muniment.policy.models import Bundle, Change, How, Source, Standing, Version
from muniment.policy.rules.lockout import shut_out
from muniment.policy.rules.publishing import document_before, document_of, rule_changes
from muniment.policy.service.bundles import (
    bundle_of,
    load,
    published_schema,
    require_right,
    require_version,
)
from muniment.policy.service.gate import AREA, author_of, people_who_decide, require_change

MATTER: Final = "policy.publish"
PEER_REVIEW: Final = Rule(
    (Need(1, "compliance"),),
    not_author=True,
    strong=True,
    change_needs_another=True,
    escalate_to="security",
    override_role="security",
)
_MOST_REASON_CHARS: Final = 500


def draft(
    work: Work, sources: Iterable[Source], *, reason: str, based_on: int | None = None
) -> Version:
    """Write a version; it is kept as it is and not in force."""
    author = require_change(work, "policy.propose")
    said = require_reason(reason)
    bundle = require_right(sources)
    base = store.standing(work).enforced if based_on is None else based_on
    if base:
        require_version(work, base)
    store.keep_bundle(work, bundle, published_schema())
    made = store.add_version(work, bundle, based_on=base, author=author, reason=said)
    ledger.record(
        work, Drafted(made.number, made.bundle, base, made.rules, made.author, made.reason)
    )
    return made


def ask_for_review(work: Work, number: int, *, checks: Iterable[Check] = ()) -> Request:
    """Ask a peer for a yes to exactly this version."""
    require_change(work, "policy.propose")
    version = require_version(work, number)
    bundle = load(work, version.bundle)
    _require_open(work, bundle)
    request = approvals.ask(
        work, _matter(work, version, bundle, tuple(checks)), PEER_REVIEW, author=version.author
    )
    if store.add_request(work, number, request.id):
        ledger.record(work, ReviewAsked(number, version.bundle, request.id, request.version.digest))
    return request


def propose_once(work: Work, sources: Iterable[Source], *, reason: str) -> int:
    """Draft rules and ask for a yes to them, unless exactly these were ever drafted; 0 then.

    So a file that is read at each start asks once, and undoes nothing that people decided since.
    """
    bundle = require_right(sources)
    if store.has_version_of(work, bundle.digest):
        return 0
    made = draft(work, bundle.sources, reason=reason)
    ask_for_review(work, made.number)
    return made.number


def publish(work: Work, number: int, *, reason: str, revision: int | None = None) -> Change:
    """Put a version in force that a peer said yes to; every process follows within a second."""
    person = require_change(work, "policy.publish")
    said = require_reason(reason)
    version = require_version(work, number)
    now = _expected(work, revision)
    if now.enforced == number:
        raise ConflictError(
            f"version {number} is in force already", subject=str(number), remedy="Nothing to do."
        )
    if version.based_on != now.enforced:
        raise ConflictError(
            f"version {number} was drafted from version {version.based_on},"
            f" and version {now.enforced} is in force now",
            subject=str(number),
            remedy=f"Draft it again on top of version {now.enforced}, so that nothing is undone.",
        )
    bundle = load(work, version.bundle)
    request = _approved(work, version, bundle)
    _require_open(work, bundle)
    return _enforce(work, now, version, How.PUBLISHED, person, said, request)


def is_ruled(work: Work) -> bool:
    """Tell whether any rules were ever in force."""
    return store.standing(work).revision > 0


def bootstrap(work: Work, sources: Iterable[Source], *, reason: str) -> Change:
    """Put the first rules in force where nobody could approve any yet; on record as such."""
    if work.actor.kind is not ActorKind.SYSTEM:
        raise ForbiddenError(
            "only the machine itself bootstraps", remedy="Draft a version and have it reviewed."
        )
    now = store.standing(work)
    if now.revision:
        raise ConflictError(
            f"version {now.enforced} is in force already",
            subject=str(now.enforced),
            remedy="Draft a version on top of it and have it reviewed.",
        )
    version = draft(work, sources, reason=reason)
    return _enforce(work, now, version, How.BOOTSTRAP, work.actor.id, version.reason, "")


def roll_back(
    work: Work, number: int | None = None, *, reason: str, revision: int | None = None
) -> Change:
    """Go back at once to a version that was in force before; by itself, to the one before this."""
    access.require(work, "policy.publish", AREA)
    said = require_reason(reason)
    now = _expected(work, revision)
    target = _before(work, now) if number is None else number
    if target == now.enforced:
        raise ConflictError(
            f"version {target} is in force already", subject=str(target), remedy="Nothing to do."
        )
    version = require_version(work, target)
    was = store.was_enforced(work, target)
    if was is None:
        raise ConflictError(
            f"version {target} was never in force",
            subject=str(target),
            remedy="Only what was approved and in force can be gone back to; publish it instead.",
        )
    load(work, version.bundle)  # what cannot be read any more must not come into force
    return _enforce(work, now, version, How.ROLLED_BACK, author_of(work), said, was.request_id)


def shadow(work: Work, number: int, *, reason: str) -> Change:
    """Judge a version beside the one in force, and record what it says; it decides nothing."""
    person = require_change(work, "policy.propose")
    said = require_reason(reason)
    version = require_version(work, number)
    now = store.standing(work)
    if number in (now.enforced, now.shadow):
        where = "in force" if number == now.enforced else "in shadow"
        raise ConflictError(
            f"version {number} is {where} already", subject=str(number), remedy="Nothing to do."
        )
    load(work, version.bundle)
    after = Standing(now.revision + 1, now.enforced, number)
    record_id = ledger.record(work, Shadowed(number, after.revision, version.bundle, said))
    return _move(work, now, after, number, How.SHADOWED, person, said, "", record_id)


def end_shadow(work: Work, *, reason: str) -> Change:
    """Stop judging a version beside the one in force."""
    access.require(work, "policy.propose", AREA)
    said = require_reason(reason)
    now = store.standing(work)
    if not now.shadow:
        raise ConflictError("no version is in shadow", remedy="Nothing to do.")
    after = Standing(now.revision + 1, now.enforced, 0)
    record_id = ledger.record(work, ShadowEnded(now.shadow, after.revision, said))
    how = How.SHADOW_ENDED
    return _move(work, now, after, now.shadow, how, author_of(work), said, "", record_id)


def require_reason(reason: str) -> str:
    """Take a reason, if it is a sentence."""
    said = " ".join(reason.split())
    if not said or len(said) > _MOST_REASON_CHARS or not said.isprintable():
        raise InvalidError(
            "a reason is missing" if not said else "this is no reason",
            field="reason",
            remedy=f"Write a sentence, {_MOST_REASON_CHARS} characters at most.",
        )
    return said


def _matter(work: Work, version: Version, bundle: Bundle, checks: tuple[Check, ...]) -> Matter:
    before = bundle_of(work, version.based_on)
    changes = rule_changes(before, bundle)
    return Matter(
        kind=MATTER,
        subject=("policy", f"version {version.number}"),
        title=f"Put version {version.number} of the policy in force",
        document=document_of(version.number, bundle, changes),
        consequence=f"{len(changes)} rules change, and hold for every system within a second.",
        before=document_before(version.based_on, before, changes),
        checks=checks,
        scope=AREA.as_dict(),
        href=f"/console/policy/versions/{version.number}",
    )


def _approved(work: Work, version: Version, bundle: Bundle) -> str:
    """Find the yes to exactly this version, by a peer of its author."""
    matter = _matter(work, version, bundle, ())
    request = approvals.standing(work, matter.kind, matter.subject, matter.document)
    if request is None:
        raise ConflictError(
            f"nobody but its author has said yes to exactly version {version.number}",
            subject=str(version.number),
            remedy=f"Ask a peer: `muniment policy publish {version.number} --ask`.",
        )
    return request.id


def _require_open(work: Work, bundle: Bundle) -> None:
    """Refuse what would shut out everybody who could change it again."""
    shut = shut_out(bundle, people_who_decide(work), int(work.now.timestamp()))
    if shut:
        raise InvalidError(
            "these policies would shut everybody out",
            field="policies",
            reasons=tuple(each.says for each in shut),
            remedy="Add: " + " ".join(each.way_out for each in shut),
        )


def _expected(work: Work, revision: int | None) -> Standing:
    now = store.standing(work)
    if revision is not None and revision != now.revision:
        raise ConflictError(
            f"what is in force changed meanwhile: revision {now.revision}, not {revision}",
            remedy="Look at what is in force, then try again.",
        )
    return now


def _before(work: Work, now: Standing) -> int:
    last = store.last_enforcing(work, work.now)
    if not now.enforced or last is None or not last.before:
        raise ConflictError(
            "there is no earlier version to go back to",
            remedy="Publish a version; nothing was in force before this one.",
        )
    return last.before


def _enforce(
    work: Work,
    now: Standing,
    version: Version,
    how: How,
    person: str,
    reason: str,
    request_id: str,
) -> Change:
    shadow_left = 0 if now.shadow == version.number else now.shadow
    after = Standing(now.revision + 1, version.number, shadow_left)
    record_id = ledger.record(
        work,
        Enforced(
            version=version.number,
            revision=after.revision,
            bundle=version.bundle,
            before=now.enforced,
            how=how.value,
            request_id=request_id,
            reason=reason,
        ),
    )
    return _move(work, now, after, version.number, how, person, reason, request_id, record_id)


def _move(  # noqa: PLR0913, PLR0917 each is a part of the change
    work: Work,
    now: Standing,
    after: Standing,
    version: int,
    how: How,
    person: str,
    reason: str,
    request_id: str,
    record_id: str,
) -> Change:
    change = Change(
        revision=after.revision,
        how=how,
        version=version,
        before=now.enforced,
        person=person,
        reason=reason,
        request_id=request_id,
        at=work.now,
        record_id=record_id,
    )
    store.move(work, now, after)  # first: of two at once, one waits here and is refused
    store.add_change(work, change, after)
    return change
