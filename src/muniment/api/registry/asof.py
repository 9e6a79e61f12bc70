"""The past as JSON: what served at a moment, as it was known at another, with proofs."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field

from muniment import registry
from muniment.api.access.shapes import AnId
from muniment.api.asking import Given, PageOf, Reading, Rows, Told
from muniment.api.registry.changes import DeploymentTold, ShareTold, deployment_told
from muniment.api.registry.observing import ObservationTold, observation_told
from muniment.core.errors import InvalidError
from muniment.registry import Moment, Proven

_MOST: Final = 2_000


class MomentAsked(Given):
    """Which moment."""

    at: AwareDatetime | None = Field(None, description="Left out: now.")
    known_at: AwareDatetime | None = Field(None, description="Answer with what was known then.")
    environment: Annotated[str, Field(max_length=100)] = "production"


class ServedTold(Told):
    """A version that served."""

    set_digest: str
    label: str
    number: int
    digest: str
    asserted: bool


class ApprovalTold(Told):
    """Who approved a change."""

    change_id: str
    title: str
    author: str
    request_id: str
    state: str
    approved_by: list[str]
    approved_at: datetime | None


class ProvenTold(Told):
    """A ledger entry that speaks for the answer, and its proof."""

    what: str
    record_id: str
    index: int | None = Field(description="Null: not sealed yet.")
    proof: str = Field(description="A .tlog-proof that `muniment verify` reads.")
    entry: str = Field(description="The entry, byte for byte, for --entry of `muniment verify`.")


class PeriodAsked(Given):
    """Which period."""

    since: AwareDatetime
    until: AwareDatetime | None = Field(None, description="Left out: now.")
    known_at: AwareDatetime | None = Field(None, description="Answer with what was known then.")
    environment: Annotated[str, Field(max_length=100)] = "production"


class IntervalTold(Told):
    """What served in an interval, and who had approved it."""

    deployment: DeploymentTold
    versions: list[ServedTold]
    approvals: list[ApprovalTold]


class SuspensionTold(Told):
    """A time in which the system was suspended: what is declared then served nobody."""

    starts_at: datetime
    ends_at: datetime | None
    reason: str
    author: str
    record_id: str


class PeriodTold(Told):
    """What is declared to have served in a period, and what was observed in it."""

    system_id: str
    environment: str
    declared: list[IntervalTold]
    observed: list[ObservationTold]
    suspended: list[SuspensionTold]


class MomentTold(Told):
    """What served at a moment."""

    system_id: str
    key: str
    environment: str
    at: datetime
    known_at: datetime
    deployment_id: str
    since: datetime | None
    until: datetime | None
    source: str
    shares: list[ShareTold]
    versions: list[ServedTold]
    approvals: list[ApprovalTold]
    records: list[ProvenTold]
    approval_stood_first: bool | None = Field(description="By places in the log; null: not known.")
    observed: list[ObservationTold] = Field(description="Beside what is declared.")
    conflicts: list[str] = Field(description="Where what was observed is not what is declared.")
    suspended: SuspensionTold | None = Field(
        description="Then nobody was served; null: it was not."
    )


def add_to(routes: APIRouter) -> None:
    """Add the endpoints of the past."""

    @routes.get("/systems/{system_id}/at", summary="Say what served then")
    def moment_of(
        asked: Reading, system_id: AnId, which: Annotated[MomentAsked, Query()]
    ) -> MomentTold:
        with asked.view_some("registry.read") as work:
            found = registry.at(
                work,
                system_id,
                which.at or work.now,
                environment=which.environment,
                known_at=which.known_at,
            )
        return _told(found, registry.prove(asked.log, found))

    @routes.get("/systems/{system_id}/served", summary="Say what served in a period")
    def period_of(
        asked: Reading, system_id: AnId, which: Annotated[PeriodAsked, Query()]
    ) -> PeriodTold:
        """At most 2,000 intervals at once."""
        with asked.view_some("registry.read") as work:
            until, place = which.until or work.now, which.environment
            told = registry.period(
                work, system_id, which.since, until, environment=place, known_at=which.known_at
            )
            found = list(islice(told, _MOST + 1))
            seen = registry.observations(work, system_id, which.since, until, environment=place)
            suspensions = registry.suspensions(
                work, system_id, which.since, until, known_at=which.known_at
            )
            system = registry.get_system(work, system_id)
        if len(found) > _MOST:
            raise InvalidError(
                f"there are more than {_MOST:,} intervals",
                field="until",
                remedy="Ask for a shorter period.",
            )
        return PeriodTold(
            system_id=system.id,
            environment=place,
            declared=[_interval(each) for each in found],
            observed=[observation_told(each) for each in seen],
            suspended=[SuspensionTold.model_validate(each) for each in suspensions],
        )

    @routes.get("/systems/{system_id}/deployments", summary="List what served when")
    def list_deployments(asked: Reading, system_id: AnId, which: PageOf) -> Rows[DeploymentTold]:
        with asked.view_some("registry.read") as work:
            page = registry.deployments(work, system_id, limit=which.limit, cursor=which.cursor)
        rows = [deployment_told(each) for each in page.rows]
        return Rows(rows=rows, next_cursor=page.next_cursor)


def _told(moment: Moment, proven: tuple[Proven, ...]) -> MomentTold:
    found = moment.deployment
    return MomentTold(
        system_id=moment.system_id,
        key=moment.key,
        environment=moment.environment,
        at=moment.at,
        known_at=moment.known_at,
        deployment_id=found.id if found else "",
        since=found.starts_at if found else None,
        until=found.ends_at if found else None,
        source=found.source.value if found else "",
        shares=[ShareTold.model_validate(each) for each in (found.shares if found else ())],
        versions=_versions(moment),
        approvals=[ApprovalTold.model_validate(each) for each in moment.approvals.values()],
        records=[ProvenTold.model_validate(each) for each in proven],
        approval_stood_first=registry.in_order(proven),
        observed=[observation_told(each) for each in moment.observed],
        conflicts=list(moment.conflicts),
        suspended=SuspensionTold.model_validate(moment.suspended)
        if moment.suspended is not None
        else None,
    )


def _interval(moment: Moment) -> IntervalTold:
    return IntervalTold(
        deployment=DeploymentTold.model_validate(moment.deployment),
        versions=_versions(moment),
        approvals=[ApprovalTold.model_validate(each) for each in moment.approvals.values()],
    )


def _versions(moment: Moment) -> list[ServedTold]:
    return [
        ServedTold(
            set_digest=digest,
            label=each.label,
            number=each.number,
            digest=each.digest,
            asserted=each.asserted,
        )
        for digest, versions in moment.versions.items()
        for each in versions
    ]
