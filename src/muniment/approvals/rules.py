"""Who may answer, and what the answers come to. Values in, a value with reasons out.

The order of judgement: a no closes it; then an override; then the needs, where each person counts
once. A vote on another digest than the current one counts for nothing, whoever gave it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from muniment.approvals.models import (
    Answer,
    Delegation,
    Need,
    Outcome,
    Request,
    Rule,
    State,
    Vote,
    Voter,
)

MAX_NEEDED: Final = 10
PRODUCTION: Final = "production"
_TIERS: Final[Mapping[str, Rule]] = {
    "low": Rule((Need(),)),
    "limited": Rule((Need(),), not_owner=True),
    "high": Rule(
        (Need(1, "releaser"), Need(1, "compliance")),
        not_owner=True,
        strong=True,
        change_needs_another=True,
        escalate_to="owner",
        override_role="security",
    ),
    "critical": Rule(
        (Need(1, "releaser"), Need(1, "compliance"), Need(1, "security")),
        not_owner=True,
        strong=True,
        change_needs_another=True,
        escalate_to="owner",
        override_role="security",
    ),
}


@dataclass(frozen=True, slots=True)
class Leave:
    """Whether somebody may answer, and if not, why and what to do."""

    ok: bool
    reasons: tuple[str, ...] = ()
    remedy: str = ""


def rule_for_tier(tier: str) -> Rule:
    """Give the usual rule of a risk tier; an unknown tier gets the strictest."""
    return _TIERS.get(tier, _TIERS["critical"])


def hardened(rule: Rule, scope: Mapping[str, str]) -> Rule:
    """Give the rule as it holds for a place: production asks everybody for a second factor."""
    return replace(rule, strong=True) if scope.get("environment") == PRODUCTION else rule


def rule_problem(rule: Rule) -> str:
    """Say what is wrong with a rule, or nothing."""
    if not rule.needs:
        return "it asks nobody"
    if any(need.count < 1 for need in rule.needs):
        return "a need of nobody is none"
    if sum(need.count for need in rule.needs) > MAX_NEEDED:
        return f"it asks for more than {MAX_NEEDED} people"
    return ""


def may_answer(
    request: Request, voter: Voter, answer: Answer, *, votes: Sequence[Vote], at: datetime
) -> Leave:
    """Tell whether a person may give this answer to the current version now."""
    reasons = [
        *_closed(request, at),
        *_dependent(request, voter),
        *_already(request, voter, votes),
        *_unfit(request, voter, answer),
    ]
    if not reasons:
        return Leave(ok=True)
    return Leave(ok=False, reasons=tuple(reasons), remedy=_remedy(request))


def judge(request: Request, votes: Iterable[Vote]) -> Outcome:
    """Say what the votes on the current version come to."""
    counted = [vote for vote in votes if vote.digest == request.version.digest]
    denied = [vote for vote in counted if vote.answer is Answer.DENY]
    if denied:
        return Outcome(State.DENIED, reasons=(denied[0].reason,))
    if any(vote.answer is Answer.OVERRIDE for vote in counted):
        return Outcome(State.APPROVED, overridden=True)
    yes = [vote for vote in counted if _counts(request, vote)]
    missing = _missing(request, yes)
    if missing:
        return Outcome(State.OPEN, missing=missing)
    return Outcome(State.APPROVED)


def delegated_to(
    delegations: Iterable[Delegation], taker: str, *, kind: str, at: datetime
) -> tuple[str, ...]:
    """List for whom somebody may answer a matter of this kind at a moment."""
    return tuple(
        each.giver
        for each in delegations
        if each.taker == taker and each.holds(at) and each.matter_kind in ("", kind)
    )


def differences(
    before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> tuple[tuple[str, str, str], ...]:
    """List what a document changes, path by path, as text before and after."""
    old, new = dict(_leaves(before or {})), dict(_leaves(after))
    paths = sorted(old.keys() | new.keys())
    return tuple(
        (path, old.get(path, ""), new.get(path, ""))
        for path in paths
        if old.get(path) != new.get(path)
    )


def _closed(request: Request, at: datetime) -> list[str]:
    if request.state is not State.OPEN:
        return [f"it is {request.state.value} already"]
    if request.timing.expires_at is not None and request.timing.expires_at <= at:
        return ["its time is over"]
    return []


def _dependent(request: Request, voter: Voter) -> list[str]:
    """Independence is judged of both, whoever answers and whoever they answer for."""
    found = []
    stands = {voter.person, voter.acts_for} - {""}
    authors = {request.author, request.version.author} - {""}
    if request.rule.not_author and stands & authors and not _own_change(request, voter):
        found.append("whoever asked for it or wrote it does not approve it")
    if request.rule.not_owner and request.owner in stands:
        found.append("its owner does not approve it")
    if voter.acts_for == voter.person:
        found.append("nobody acts for themselves")
    return found


def _own_change(request: Request, voter: Voter) -> bool:
    """An approver's own change makes them author of that version, but not of the matter."""
    stands = {voter.person, voter.acts_for} - {""}
    return request.author not in stands and not request.rule.change_needs_another


def _already(request: Request, voter: Voter, votes: Sequence[Vote]) -> list[str]:
    stands = {voter.person, voter.acts_for} - {""}
    for vote in votes:
        if vote.digest == request.version.digest and {vote.person, vote.acts_for} & stands:
            return ["there is an answer of this person to this version already"]
    return []


def _unfit(request: Request, voter: Voter, answer: Answer) -> list[str]:
    rule = request.rule
    found = []
    if rule.strong and not voter.strong:
        found.append("it needs a sign-in with a second factor")
    if answer is Answer.OVERRIDE:
        if not rule.override_role:
            found.append("this cannot be overridden")
        elif rule.override_role not in voter.roles:
            found.append(f"an override needs the role {rule.override_role}")
    elif not any(_fills(request, need, voter.roles) for need in rule.needs):
        found.append("none of their roles is asked for here")
    return found


def _fills(request: Request, need: Need, roles: frozenset[str]) -> bool:
    if not need.role or need.role in roles:
        return True
    escalated = request.escalated_at is not None and request.rule.escalate_to
    return bool(escalated) and request.rule.escalate_to in roles


def _counts(request: Request, vote: Vote) -> bool:
    if vote.answer is Answer.APPROVE_WITH_CHANGE and request.rule.change_needs_another:
        return False
    return vote.answer in (Answer.APPROVE, Answer.APPROVE_WITH_CHANGE)


def _missing(request: Request, yes: Sequence[Vote]) -> tuple[str, ...]:
    """Give each person one place, so that as many needs as possible are met; name the rest."""
    places = [need for need in request.rule.needs for _ in range(need.count)]
    taken: dict[int, int] = {}

    def seat(place: int, tried: set[int]) -> bool:
        for number, vote in enumerate(yes):
            if number in tried or not _fills(request, places[place], vote.roles):
                continue
            tried.add(number)
            if number not in taken or seat(taken[number], tried):
                taken[number] = place
                return True
        return False

    empty = [places[place] for place in range(len(places)) if not seat(place, set())]
    return tuple(str(Need(1, need.role)) for need in empty)


def _remedy(request: Request) -> str:
    asked = " and ".join(str(need) for need in request.rule.needs)
    second = " signed in with a second factor" if request.rule.strong else ""
    return f"It needs {asked}{second}."


def _leaves(value: object, path: str = "") -> Iterable[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, (list, tuple)) and value:
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{number}]")
    elif path:
        yield path, "" if value is None else str(value)
