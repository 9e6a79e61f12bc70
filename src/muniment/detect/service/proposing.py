"""Changes of a detector are asked for, measured, approved by a peer, and only then in force.

A yes is bound to the digest of exactly this change. It comes into force on top of the configuration
it was measured against, and ends by itself. Each step stands in the ledger, in one transaction with
what it did.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from muniment import approvals
from muniment.access import may, require
from muniment.approvals import Check, Matter, Need, Request, Rule, State, Timing
from muniment.core.actor import system_actor
from muniment.core.clock import stamp
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.core.page import Page, require_limit
from muniment.db import Work
from muniment.detect import store
from muniment.detect.models import Calibration, Configuration, OpenTexts, Proposal, ProposalState
from muniment.detect.rules.calibrating import Asked, loosened, require_change
from muniment.detect.rules.proposing import (
    INSTALLATION,
    document_before,
    document_of,
    ends_of_question,
    judged,
)
from muniment.detect.service.calibrate import in_force, place_of, scanner_for, standing_version
from muniment.detect.service.feedback import measured_cases
from muniment.detect.service.measuring import measure, measure_all
from muniment.ledger import record
from muniment.ledger.kinds.detect import ChangeApplied, ChangeAsked, Configured

MATTER: Final = "detect.change"
PEER_REVIEW: Final = Rule(
    (Need(1, "compliance"),),
    not_author=True,
    strong=True,
    change_needs_another=True,
    override_role="security",
)
_READER: Final = system_actor("detect")
_STATES: Final = {
    State.OPEN: ProposalState.WAITING,
    State.APPROVED: ProposalState.APPROVED,
    State.DENIED: ProposalState.DENIED,
    State.WITHDRAWN: ProposalState.WITHDRAWN,
    State.EXPIRED: ProposalState.LAPSED,
    State.USED: ProposalState.APPROVED,
}


def propose(
    work: Work,
    configuration: Configuration,
    texts: OpenTexts,
    *,
    owner: str,
    reason: str,
    system: str = "",
    expires_at: datetime | None = None,
) -> Proposal:
    """Ask for another configuration of a system's detector; nothing changes before the yes.

    It is measured on `texts`, which `open_texts` opened; of other cases nothing can be told.
    """
    require(work, "detect.calibrate", place_of(system))
    now = in_force(work, system)
    if configuration.digest == now.digest:
        raise ConflictError(
            "this is the configuration that is in force",
            subject=configuration.digest,
            remedy="Change something, or leave it.",
        )
    cases = measured_cases(work, system)
    before = measure_all(cases, texts, now)
    after = measure_all(cases, texts, configuration)
    ways = loosened(now, configuration)
    asked = Asked(owner.strip(), " ".join(reason.split()), expires_at)
    require_change(asked, ways, before.cases, after.cases, work.now)
    made = Proposal(
        id=work.new_id("dch"),
        system=system,
        configuration=configuration,
        previous=now,
        owner=asked.owner,
        reason=asked.reason,
        author="",
        proposed_at=work.now,
        expires_at=expires_at,
        before=before,
        after=after,
        loosens=ways,
    )
    request = approvals.ask(
        work, _matter(made), PEER_REVIEW, timing=Timing(expires_at=ends_of_question(made))
    )
    made = replace(made, author=request.author, request_id=request.id)
    store.add_proposal(work, made)
    record(work, _asked(made, request))
    return made


def apply(work: Work, proposal_id: str, texts: OpenTexts) -> Calibration:
    """Put a change in force that a peer said yes to; every scanner made from now on has it.

    It is measured once more, on `texts`, which `open_texts_of` opened.
    """
    wanted = change_for(work, proposal_id, "detect.configure")
    # Read first: who is overtaken after this finds its number taken, and cannot take the next one.
    known = store.calibrations(work, wanted.system, 1)
    now = in_force(work, wanted.system)
    request_id = _require_ready(work, wanted, now)
    cases = measured_cases(work, wanted.system)
    before, after = measure(cases, texts, now), measure(cases, texts, wanted.configuration)
    asked = Asked(wanted.owner, wanted.reason, wanted.expires_at)
    require_change(asked, wanted.loosens, before, after, work.now)
    made = Calibration(
        system=wanted.system,
        version=known[0].version + 1 if known else 1,
        configuration=wanted.configuration,
        owner=wanted.owner,
        reason=wanted.reason,
        changed_by=work.actor.id,
        changed_at=work.now,
        expires_at=wanted.expires_at,
        before=before,
        after=after,
        loosens=wanted.loosens,
    )
    if not store.add_calibration(work, made):
        raise ConflictError(
            "another change came into force at this moment",
            subject=wanted.id,
            remedy="Look at what is in force, then ask again on top of it.",
        )
    store.add_applied(work, wanted, made.version)
    record(work, _configured(made, now))
    record(work, _applied(wanted, made, request_id))
    scanner_for(work, wanted.system)
    return made


def proposal(work: Work, proposal_id: str) -> Proposal:
    """Show a change request with everything that was measured.

    Who may see detection as a whole sees each; others see those of their systems.
    """
    seen = may(work, work.actor, "detect.read", place_of("")).ok
    return _proposal(work, proposal_id) if seen else change_for(work, proposal_id, "detect.read")


def proposals(
    work: Work, *, system: str = "", limit: int = 50, cursor: str | None = None
) -> Page[Proposal]:
    """List the change requests, the newest first; of one system, or with an empty id of all."""
    require(work, "detect.read", place_of(system))
    return store.page_of_proposals(work, system, require_limit(limit), cursor)


def state_of(work: Work, asked: Proposal) -> ProposalState:
    """Say how a change request stands."""
    if asked.version:
        if asked.expires_at is not None and asked.expires_at <= work.now:
            return ProposalState.ENDED
        holds = standing_version(work, asked.system) == asked.version
        return ProposalState.IN_FORCE if holds else ProposalState.EARLIER
    request, _, _ = approvals.get(work.apart(_READER), asked.request_id)
    state = _STATES[request.state]
    waits = state in {ProposalState.WAITING, ProposalState.APPROVED}
    if waits and asked.expires_at is not None and asked.expires_at <= work.now:
        return ProposalState.LAPSED
    if waits and in_force(work, asked.system).digest != asked.previous.digest:
        return ProposalState.OVERTAKEN
    return state


def _proposal(work: Work, proposal_id: str) -> Proposal:
    found = store.proposal(work, proposal_id)
    if found is None:
        raise NotFoundError(
            "there is no such change request",
            subject=proposal_id[:60],
            remedy="`muniment detect changes` lists them.",
        )
    return found


def change_for(work: Work, proposal_id: str, permission: str) -> Proposal:
    """Find a change for who may do this where it belongs; others do not learn whether it is."""
    found = store.proposal(work, proposal_id)
    require(work, permission, place_of(found.system if found else ""))
    return found or _proposal(work, proposal_id)


def _require_ready(work: Work, wanted: Proposal, now: Configuration) -> str:
    """Refuse what nobody said yes to, what was overtaken, and what has ended; give the request."""
    if wanted.version:
        raise ConflictError(
            f"this change came into force already, as version {wanted.version}", subject=wanted.id
        )
    if now.digest != wanted.previous.digest:
        raise ConflictError(
            "the configuration has changed since this was asked",
            subject=wanted.id,
            remedy="Ask again on top of what is in force, so that nothing is undone unseen.",
        )
    matter = _matter(wanted)
    request = approvals.standing(work, matter.kind, matter.subject, matter.document)
    if request is None or request.id != wanted.request_id:
        raise ConflictError(
            "nobody but its author has said yes to exactly this change",
            subject=wanted.id,
            remedy=f"Let a peer answer request {wanted.request_id}.",
        )
    if wanted.expires_at is not None and wanted.expires_at <= work.now:
        raise InvalidError(
            "this change would have ended already",
            field="expires_at",
            subject=wanted.id,
            remedy="Ask again with a later end.",
        )
    return request.id


def _matter(asked: Proposal) -> Matter:
    place = asked.system or INSTALLATION
    finds = "It finds less: " + "; ".join(asked.loosens) if asked.loosens else "It finds no less"
    ends = f"until {stamp(asked.expires_at)[:10]}" if asked.expires_at else "without an end"
    return Matter(
        kind=MATTER,
        subject=("detector", asked.id),
        title=f"Change the detector of {place}"[:200],
        document=document_of(asked),
        consequence=f"{finds}. It holds {ends}.",
        before=document_before(asked),
        checks=tuple(
            Check(name, verdict, says)  # type: ignore[arg-type]  # one of the three answers
            for name, verdict, says in judged(asked.before, asked.after)
        ),
        scope=place_of(asked.system).as_dict(),
        href=f"/console/detect/changes/{asked.id}",
    )


def _asked(made: Proposal, request: Request) -> ChangeAsked:
    return ChangeAsked(
        proposal=made.id,
        system=made.system or INSTALLATION,
        configuration=made.configuration.digest,
        previous=made.previous.digest,
        owner=made.owner,
        reason=made.reason,
        author=made.author,
        expires_at=stamp(made.expires_at) if made.expires_at else "",
        loosens=made.loosens,
        before=made.before.counts(),
        after=made.after.counts(),
        request_id=request.id,
        document=request.version.digest,
    )


def _configured(made: Calibration, before: Configuration) -> Configured:
    return Configured(
        system=made.system or INSTALLATION,
        version=made.version,
        configuration=made.configuration.digest,
        previous=before.digest,
        owner=made.owner,
        reason=made.reason,
        expires_at=stamp(made.expires_at) if made.expires_at else "",
        loosens=made.loosens,
        before=made.before.as_value(),
        after=made.after.as_value(),
    )


def _applied(wanted: Proposal, made: Calibration, request_id: str) -> ChangeApplied:
    return ChangeApplied(
        proposal=wanted.id,
        system=wanted.system or INSTALLATION,
        version=made.version,
        configuration=made.configuration.digest,
        request_id=request_id,
    )
