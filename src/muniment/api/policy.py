"""Policy as JSON: versions, what is in force and was on a date, decisions made again."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, Field

from muniment import policy
from muniment.access import Scope
from muniment.api.asking import Doing, Given, PageOf, Reading, Rows, Told, page_of
from muniment.db import Work
from muniment.policy import Change, Recorded, Source

AREA = Scope.of(console="policy")

Number = Annotated[int, Path(ge=1, le=1 << 31, description="Number of the version.")]
DecisionId = Annotated[str, Path(max_length=60, examples=["dec_01kjmmac8gzksyqtwjrp07zhn1"])]
Reason = Annotated[str, Field(min_length=1, max_length=500, examples=["Cards are masked now."])]
Days = Annotated[int, Query(ge=1, le=3_650, description="How far back.")]


class FileGiven(BaseModel):
    """One policy file."""

    model_config = {"extra": "forbid"}

    name: str = Field(max_length=200, examples=["cards.cedar"])
    text: str = Field(max_length=4_194_304)


class FilesGiven(BaseModel):
    """Policy files that are judged together."""

    model_config = {"extra": "forbid"}

    files: list[FileGiven] = Field(max_length=1_000)


class DraftGiven(FilesGiven):
    """A version to keep, and why it is written."""

    reason: Reason


class ReasonGiven(Given):
    """Why."""

    reason: Reason


class ChangeGiven(ReasonGiven):
    """Why, and which revision of what is in force was looked at."""

    revision: int | None = Field(None, ge=0, description="Refused if it is another by now.")


class RollbackGiven(ChangeGiven):
    """Why, and where back to; without a version, to the one before."""

    version: int | None = Field(None, ge=1)


class ProblemTold(Told):
    """Something wrong with a file: where, what, and what to do."""

    source: str
    line: int
    column: int
    rule: str
    says: str
    remedy: str


class CheckTold(Told):
    """Whether files are right."""

    bundle: str
    rules: int
    problems: list[ProblemTold]


class StandingTold(Told):
    """What is in force and in shadow now; zero is none."""

    revision: int
    enforced: int
    shadow: int


class VersionTold(Told):
    """A version as it was drafted."""

    number: int
    bundle: str
    based_on: int
    rules: int
    author: str
    reason: str
    made_at: AwareDatetime
    request_id: str


class RuleChangeTold(Told):
    """A rule that a version adds, changes or takes away."""

    rule: str
    kind: Literal["added", "changed", "removed"]
    before: str
    after: str


class ShownTold(Told):
    """A version with its files and what it changes."""

    version: VersionTold
    files: list[FileGiven]
    changes: list[RuleChangeTold]


class ChangeTold(Told):
    """A change of what is in force or in shadow."""

    revision: int
    how: str
    version: int
    before: int
    person: str
    reason: str
    request_id: str
    at: AwareDatetime
    record_id: str


class AskedTold(Told):
    """The request that asks for a yes."""

    request_id: str
    digest: str


class InForceTold(Told):
    """What was enforced at a moment; the proof is of the entry that put it in force."""

    verdict: Literal["met", "not_met", "could_not_tell"]
    version: VersionTold | None
    change: ChangeTold | None
    shadow: VersionTold | None
    entry: int | None
    proof: str = Field(description="The proof file, base64; empty until the entry is sealed.")


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


def router() -> APIRouter:
    """Give the endpoints of policy."""
    routes = APIRouter(prefix="/v1/policy", tags=["policy"])
    _looking(routes)
    _writing(routes)
    _changing(routes)
    _deciding(routes)
    return routes


def _looking(routes: APIRouter) -> None:
    @routes.get("", summary="Show what is in force")
    def policy_standing(asking: Reading) -> StandingTold:
        with asking.view("policy.read", AREA) as work:
            return StandingTold.model_validate(policy.standing(work))

    @routes.get("/at", summary="Show what was enforced at a moment, with proof")
    def policy_at(
        asking: Reading, moment: Annotated[AwareDatetime, Query(alias="at")]
    ) -> InForceTold:
        with asking.view("policy.read", AREA) as work:
            found = policy.in_force_at(work, asking.log, moment)
        return InForceTold(
            verdict=found.verdict,
            version=VersionTold.model_validate(found.version) if found.version else None,
            change=_change(found.change) if found.change else None,
            shadow=VersionTold.model_validate(found.shadow) if found.shadow else None,
            entry=found.entry,
            proof=base64.b64encode(found.proof).decode(),
        )

    @routes.get("/versions", summary="List versions, the newest first")
    def policy_versions(asking: Reading, page: PageOf) -> Rows[VersionTold]:
        with asking.view("policy.read", AREA) as work:
            found = policy.versions(work, limit=page.limit, cursor=page.cursor)
        return page_of(VersionTold, found)

    @routes.get("/versions/{number}", summary="Show a version and what it changes")
    def show_policy_version(asking: Reading, number: Number) -> ShownTold:
        with asking.view("policy.read", AREA) as work:
            shown = policy.show(work, number)
        return ShownTold(
            version=VersionTold.model_validate(shown.version),
            files=[FileGiven(name=each.name, text=each.text) for each in shown.bundle.sources],
            changes=[RuleChangeTold.model_validate(each) for each in shown.changes],
        )

    @routes.get("/changes", summary="List changes of what is in force, the newest first")
    def policy_changes(asking: Reading) -> list[ChangeTold]:
        with asking.view("policy.read", AREA) as work:
            return [_change(each) for each in policy.history(work)]


def _writing(routes: APIRouter) -> None:
    @routes.post("/check", summary="Check policy files without keeping them")
    def check_policies(asking: Reading, given: FilesGiven) -> CheckTold:
        with asking.view("policy.read", AREA):
            pass
        bundle, problems = policy.check(_sources(given))
        return CheckTold(
            bundle="" if bundle is None else bundle.digest,
            rules=0 if bundle is None else len(bundle.rules),
            problems=[ProblemTold.model_validate(each) for each in problems[:200]],
        )

    @routes.post("/versions", summary="Keep policy files as a version; it is not in force")
    def draft_policy(asking: Doing, given: DraftGiven) -> VersionTold:
        def act(work: Work) -> VersionTold:
            made = policy.draft(work, _sources(given), reason=given.reason)
            return VersionTold.model_validate(made)

        return asking.do(VersionTold, act)

    @routes.post("/versions/{number}/review", summary="Ask a peer for a yes to a version")
    def ask_policy_review(asking: Doing, number: Number) -> AskedTold:
        def act(work: Work) -> AskedTold:
            asked = policy.ask_for_review(work, number, checks=policy.checks_of(work, number))
            return AskedTold(request_id=asked.id, digest=asked.version.digest)

        return asking.do(AskedTold, act)


def _changing(routes: APIRouter) -> None:
    @routes.post("/versions/{number}/publish", summary="Put an approved version in force")
    def publish_policy(asking: Doing, number: Number, given: ChangeGiven) -> ChangeTold:
        def act(work: Work) -> ChangeTold:
            revision, reason = given.revision, given.reason
            return _change(policy.publish(work, number, reason=reason, revision=revision))

        return asking.do(ChangeTold, act)

    @routes.post("/versions/{number}/shadow", summary="Judge a version beside the one in force")
    def shadow_policy(asking: Doing, number: Number, given: ReasonGiven) -> ChangeTold:
        return asking.do(
            ChangeTold, lambda work: _change(policy.shadow(work, number, reason=given.reason))
        )

    @routes.post("/shadow/end", summary="End the shadow")
    def end_policy_shadow(asking: Doing, given: ReasonGiven) -> ChangeTold:
        return asking.do(
            ChangeTold, lambda work: _change(policy.end_shadow(work, reason=given.reason))
        )

    @routes.post("/rollback", summary="Go back at once to a version that was in force")
    def roll_back_policy(asking: Doing, given: RollbackGiven) -> ChangeTold:
        def act(work: Work) -> ChangeTold:
            back, reason = given.version, given.reason
            return _change(policy.roll_back(work, back, reason=reason, revision=given.revision))

        return asking.do(ChangeTold, act)


def _deciding(routes: APIRouter) -> None:
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


def _sources(given: FilesGiven) -> list[Source]:
    return [Source(each.name, each.text) for each in given.files]


def _change(made: Change) -> ChangeTold:
    return ChangeTold.model_validate(made)


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
