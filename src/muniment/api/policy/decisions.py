"""Decisions as JSON: explained, made again, and tried with a draft."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime

from muniment import policy
from muniment.api.asking import PageOf, Reading, Rows, Told
from muniment.api.policy.shapes import AREA, Number
from muniment.policy import Recorded

DecisionId = Annotated[str, Path(max_length=60, examples=["dec_01kjmmac8gzksyqtwjrp07zhn1"])]
Days = Annotated[int, Query(ge=1, le=3_650, description="How far back.")]


class DecisionTold(Told):
    """A kept decision with its reasons, and the facts it was made on."""

    id: str
    at: AwareDatetime
    version: int
    effect: Literal["allow", "deny", "cure"]
    action: str
    principal: str
    resource_type: str
    resource: str
    system: str
    decision: dict[str, Any]
    shadow_version: int
    shadow: dict[str, Any] | None
    facts_digest: str
    facts: dict[str, Any] | None = None


class ReplayTold(Told):
    """A past decision made again."""

    verdict: Literal["met", "not_met", "could_not_tell"]
    says: str


class MovedTold(Told):
    """Decisions that would have come out otherwise in the same way."""

    action: str
    resource_type: str
    was: str
    would_be: str
    by: list[str]
    count: int
    examples: list[str]


class SimulationTold(Told):
    """What would have changed."""

    decisions: int
    tried: int
    unreadable: int
    changed: int
    whole: bool
    groups: list[MovedTold]


def add_to(routes: APIRouter) -> None:
    """Add the endpoints of decisions."""

    @routes.get("/decisions", summary="List kept decisions, the newest first")
    def policy_decisions(asking: Reading, page: PageOf) -> Rows[DecisionTold]:
        with asking.view("policy.read", AREA) as work:
            found = policy.decisions(work, limit=page.limit, cursor=page.cursor)
        return Rows(rows=[_decision(each) for each in found.rows], next_cursor=found.next_cursor)

    @routes.get("/decisions/{decision_id}", summary="Explain a decision")
    def explain_decision(asking: Reading, decision_id: DecisionId) -> DecisionTold:
        with asking.view("policy.read", AREA) as work:
            recorded, facts = policy.explain(work, decision_id)
        return _decision(recorded, None if facts is None else facts.as_value())

    @routes.get("/decisions/{decision_id}/replay", summary="Make a past decision again")
    def replay_decision(asking: Reading, decision_id: DecisionId) -> ReplayTold:
        with asking.view("policy.read", AREA) as work:
            return ReplayTold.model_validate(policy.replay(work, decision_id))

    @routes.get("/versions/{number}/simulation", summary="Say what would have changed")
    def simulate_policy(asking: Reading, number: Number, days: Days = 7) -> SimulationTold:
        with asking.view("policy.simulate", AREA) as work:
            since = work.now - timedelta(days=days)
            return SimulationTold.model_validate(
                policy.simulate_version(work, number, since, work.now)
            )


def _decision(recorded: Recorded, facts: dict[str, Any] | None = None) -> DecisionTold:
    return DecisionTold(
        id=recorded.id,
        at=recorded.at,
        version=recorded.version,
        effect=recorded.effect.value,
        action=recorded.action,
        principal=recorded.principal,
        resource_type=recorded.resource_type,
        resource=recorded.resource,
        system=recorded.system,
        decision=dict(recorded.decision),
        shadow_version=recorded.shadow_version,
        shadow=None if recorded.shadow is None else dict(recorded.shadow),
        facts_digest=recorded.facts,
        facts=facts,
    )
