"""Erasing: asked for, agreed to, carried out by destroying keys, and proved by a certificate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from muniment import access, ledger
from muniment.access import Holder, HolderKind
from muniment.core.actor import ActorKind
from muniment.core.clock import stamp
from muniment.core.errors import ConflictError, ForbiddenError, NotFoundError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.vault import ShredApproved, ShredAsked, Shredded
from muniment.vault import rules, store
from muniment.vault.models import DataKey, Shred, ShredState
from muniment.vault.service.safe import AREA, Safe

_DAY_SECONDS: Final = 86_400


def ask_shred(
    work: Work, safe: Safe, *, subject: str, reason: str, classification: str = ""
) -> Shred:
    """Ask to erase what is kept of a subject; all of it, or one classification."""
    access.require(work, "vault.ask_shred")
    why = rules.require_reason(reason)
    rules.require_subject(subject)
    if classification:
        rules.require_classification(classification, safe.settings.classifications)
    rules.require_kids(len(store.live_kids(work, subject, classification)))
    shred_id = work.new_id("shr")
    digest = rules.scope_digest(shred_id, subject, classification)
    request = record(work, ShredAsked(shred_id, subject, classification, digest, why))
    asked = Shred(
        id=shred_id,
        subject=subject,
        classification=classification,
        state=ShredState.ASKED,
        digest=digest,
        asked_by=f"{work.actor.kind.value}:{work.actor.id}",
        asked_at=work.now,
        request=request,
    )
    store.add_shred(work, asked)
    return asked


def approve_shred(work: Work, shred_id: str, *, reason: str) -> Shred:
    """Agree, as a second person, to an erasure exactly as it was asked for."""
    access.require(work, "vault.approve_shred")
    why = rules.require_reason(reason)
    found = _found(work, shred_id)
    if found.state is not ShredState.ASKED:
        raise ConflictError(f"this erasure is {found.state.value} already", subject=shred_id)
    if work.actor.kind is not ActorKind.PERSON:
        raise ForbiddenError("only a person can agree to an erasure", subject=shred_id)
    _require_another(work, found, work.actor.id)
    what = ShredApproved(shred_id, found.request, found.digest, "approved", why)
    approved = replace(found, state=ShredState.APPROVED, approval=record(work, what))
    store.save_shred(work, approved)
    return approved


def shred(work: Work, safe: Safe, shred_id: str, *, approval: str = "") -> Shred:
    """Destroy the keys, for ever; `approval` is the record id of the decision that allows it."""
    access.require(work, "vault.shred")
    found = _found(work, shred_id)
    if found.state is ShredState.DONE:
        raise ConflictError("this erasure is done already", subject=shred_id)
    keys = store.live_kids(work, found.subject, found.classification)
    rules.require_kids(len(keys))
    approval = approval or found.approval
    _require_agreed(work, safe, found, keys, approval)
    kids = tuple(key.kid for key in keys)
    store.destroy(work, kids)
    what = Shredded(
        shred=shred_id,
        subject=found.subject,
        classification=found.classification,
        keys=len(kids),
        keys_digest=rules.keys_digest(kids),
        request=found.request,
        approval=approval,
        memory_until=rules.horizon(stamp(work.now), safe.settings.remembered_seconds),
        backups_until=rules.horizon(stamp(work.now), safe.settings.backup_days * _DAY_SECONDS),
    )
    done = replace(
        found,
        state=ShredState.DONE,
        approval=approval,
        destruction=record(work, what),
        destroyed_at=work.now,
        kids=kids,
    )
    store.save_shred(work, done)
    safe.remembered.forget(*kids)
    work.after_commit(lambda: safe.remembered.forget(*kids))
    return done


def certificate(safe: Safe, work: Work, shred_id: str) -> bytes:
    """Write the certificate of an erasure, once the log has sealed it."""
    access.require(work, "vault.status", AREA)
    found = store.shred(work, shred_id)
    if found is None or found.state is not ShredState.DONE:
        raise NotFoundError(
            "there is no such finished erasure",
            subject=shred_id,
            remedy="`muniment vault status` lists them.",
        )
    roles = {"request": found.request, "destruction": found.destruction}
    if found.approval:
        roles["approval"] = found.approval
    exhibits = [_exhibit(safe, role, record_id) for role, record_id in sorted(roles.items())]
    return rules.make_certificate(exhibits, found.kids, safe.log.status().vkey)


def _exhibit(safe: Safe, role: str, record_id: str) -> rules.Exhibit:
    entry = ledger.find_by_id(safe.log, record_id)
    return rules.Exhibit(role, entry.data, ledger.prove(safe.log, entry.index))


def _found(work: Work, shred_id: str) -> Shred:
    found = store.shred(work, shred_id, hold=True)
    if found is None:
        raise NotFoundError(
            "there is no such erasure",
            subject=shred_id,
            remedy="`muniment vault status` lists them.",
        )
    return found


def _require_another(work: Work, found: Shred, decider: str) -> None:
    """Refuse whoever asked, in person or through a service they answer for."""
    kind, _, asker = found.asked_by.partition(":")
    if kind == ActorKind.SYSTEM:
        return
    if decider in access.people_behind(work, Holder(HolderKind(kind), asker)):
        raise ForbiddenError(
            "whoever asked cannot be the one who agrees",
            subject=found.id,
            remedy="Let a second person look at it.",
        )


def _require_agreed(
    work: Work, safe: Safe, found: Shred, keys: Sequence[DataKey], approval: str
) -> None:
    """Look at the decision as it stands in the log, which nobody can have changed."""
    classes = sorted({key.classification for key in keys})
    if not approval:
        if rules.needs_second_person(classes, safe.settings.two_person):
            raise ForbiddenError(
                f"a second person must agree before {', '.join(classes)} content is erased",
                subject=found.id,
                remedy="Let somebody else run `muniment vault shred --approve`, or name the record "
                "of their decision.",
            )
        return
    request = ledger.find_by_id(safe.log, found.request)
    decision = ledger.find_by_id(safe.log, approval)
    if why := rules.approval_problem(request.value, decision.value):
        raise ForbiddenError(
            f"the decision {approval} does not allow this erasure",
            subject=found.id,
            reasons=(why,),
            remedy="Ask a second person to decide about exactly this erasure.",
        )
    for person in {decision.value["actor"]["id"], decision.value["body"].get("acts_for", "")}:
        _require_another(work, found, str(person))
