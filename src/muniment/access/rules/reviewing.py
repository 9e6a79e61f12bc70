"""Reviews: who may judge which line, what may be closed, and what a population is called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from muniment.access.models import (
    Answer,
    Campaign,
    CampaignState,
    Entitlement,
    Line,
    LineSort,
    PersonId,
    Verdict,
)
from muniment.core.digest import Digest, digest_value

ESCALATE_EVERY: Final = timedelta(days=7)


def population_digest(population: Iterable[Entitlement]) -> Digest:
    """Name a population by all that stands frozen in it, in whatever order it was read."""
    lines = [frozen(each) for each in population]
    return digest_value(sorted(lines, key=lambda line: (line["sort"], line["target"])))


def frozen(entitlement: Entitlement) -> dict[str, Any]:
    """Give what stands frozen in a line, as plain JSON."""
    holder = entitlement.holder
    return {
        "sort": entitlement.sort.value,
        "target": entitlement.target,
        "holder": {"kind": holder.kind.value, "id": holder.id} if holder else None,
        "person": entitlement.person_id or "",
        "what": entitlement.what,
        "scope": entitlement.scope.as_dict(),
        "grant": entitlement.grant_id,
        "team": entitlement.team_id,
        "account": entitlement.account,
        "last_used": entitlement.last_used,
    }


def may_review(
    entitlement: Entitlement, reviewer: PersonId, teams: Mapping[str, frozenset[PersonId]]
) -> Verdict:
    """Judge whether a person is independent of a line; `teams` says who holds through which."""
    if entitlement.person_id == reviewer:
        own = {
            LineSort.KEY: "nobody reviews their own keys",
            LineSort.OUTSIDE: "nobody reviews their own accounts",
        }
        return _no(own.get(entitlement.sort, "nobody reviews what they hold or answer for"))
    if entitlement.team_id and reviewer in teams.get(entitlement.team_id, frozenset()):
        return _no("nobody reviews a team they hold through themselves")
    return Verdict(ok=True)


def assign(
    population: Sequence[Entitlement],
    reviewers: Sequence[PersonId],
    teams: Mapping[str, frozenset[PersonId]],
) -> tuple[PersonId | None, ...]:
    """Give each line to an independent reviewer, evenly; nobody where none is independent."""
    given = Counter[PersonId]()
    found: list[PersonId | None] = []
    for each in population:
        fitting = [who for who in reviewers if may_review(each, who, teams).ok]
        chosen = min(fitting, key=lambda who: (given[who], reviewers.index(who)), default=None)
        if chosen is not None:
            given[chosen] += 1
        found.append(chosen)
    return tuple(found)


def may_answer(campaign: Campaign, line: Line, reviewer: str) -> Verdict:
    """Judge whether a person may answer a line now."""
    if campaign.state is CampaignState.CLOSED:
        return _no("this review is closed", "Open another one.")
    if line.reviewer_id != reviewer:
        return _no("this line was given to somebody else", "Let whoever opened it reassign it.")
    if line.answer not in (None, Answer.KEEP):
        return _no("this line is answered and carried out", "Grant it anew, if it was a mistake.")
    return Verdict(ok=True)


def may_close(lines: Iterable[Line], excuses: Mapping[str, str]) -> Verdict:
    """Judge whether a review can be closed: every line is answered, or somebody says why not."""
    lines = tuple(lines)
    silent = [each.id for each in lines if each.answer is None and not excuses.get(each.id)]
    if silent:
        return Verdict(
            ok=False,
            reasons=(f"{len(silent)} lines have no answer", *silent[:20]),
            remedy="Answer them, or say for each why not.",
        )
    doubtful = [each.id for each in lines if is_unverified(each)]
    if doubtful:
        return Verdict(
            ok=False,
            reasons=(f"{len(doubtful)} answers are not verified", *doubtful[:20]),
            remedy="Verify them first; what is still there is told then.",
        )
    known = {each.id for each in lines if each.answer is None}
    strangers = sorted(set(excuses) - known)
    if strangers:
        return Verdict(
            ok=False, reasons=("excuses are given for lines that need none", *strangers[:20])
        )
    return Verdict(ok=True)


def is_unverified(line: Line) -> bool:
    """Tell whether something was carried out here and nobody looked whether it is so."""
    inside = line.entitlement.sort is not LineSort.OUTSIDE
    return inside and line.carried_out_at is not None and line.verified_at is None


def is_open_outside(line: Line) -> bool:
    """Tell whether a right elsewhere was to end, and was not seen gone yet."""
    elsewhere = line.entitlement.sort is LineSort.OUTSIDE
    decided = line.answer in (Answer.REVOKE, Answer.CHANGE)
    return elsewhere and decided and line.verified_at is None


def is_due_to_escalate(campaign: Campaign, at: datetime) -> bool:
    """Tell whether a review is late, and nobody was told for a week."""
    if campaign.state is CampaignState.CLOSED or at < campaign.due_at:
        return False
    return campaign.escalated_at is None or at - campaign.escalated_at >= ESCALATE_EVERY


def _no(reason: str, remedy: str = "Let somebody else judge it.") -> Verdict:
    return Verdict(ok=False, reasons=(reason,), remedy=remedy)
