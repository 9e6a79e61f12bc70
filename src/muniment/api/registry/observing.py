"""What was observed as JSON, and hosts that tell, with their signature, what they run."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from muniment import registry
from muniment.api.access.shapes import AnId
from muniment.api.asking import Doing, Given, Paging, Reading, Rows, Told
from muniment.api.registry.systems import Reasoned, Sentence, Short
from muniment.db import Work
from muniment.registry import Heard, Host, Means, Observation, ObservedQuery, Source


class ObservationTold(Told):
    """An interval in which something was observed to serve."""

    system_id: str
    environment: str
    source: Source
    means: Means
    witness: str = Field(description="Of a heartbeat: the name of the host.")
    what: str
    label: str = Field(description="Empty: it is not registered, or a whole set.")
    version: int | None = Field(description="Null: several versions answer to this name.")
    digest: str
    set_digest: str = Field(description="Of a heartbeat: the set that the host runs.")
    reported: str = Field(description="What its provider calls the model.")
    starts_at: datetime
    ends_at: datetime
    count: int
    record: str = Field(description="The entry that told of it first: its id, or its place.")


class ObservedAsked(Paging):
    """Which observed intervals."""

    system: Short = ""
    environment: Short = ""
    means: Means | None = None


class HostGiven(Given):
    """A host whose heartbeats shall be believed."""

    system: Short
    environment: Short = "production"
    name: Annotated[str, Field(min_length=1, max_length=100)]
    public_key: Annotated[str, Field(max_length=4_000, description="In PEM.")]
    reason: Sentence


class HostTold(Told):
    """A host whose heartbeats are believed, or were."""

    id: str
    system_id: str
    environment: str
    name: str
    fingerprint: str
    made_at: datetime
    ended_at: datetime | None


class HeartbeatGiven(Given):
    """A DSSE envelope around what a host says it runs."""

    payload: Annotated[str, Field(max_length=4_000, description="JSON in base64: host, set, at.")]
    payload_type: Annotated[str, Field(alias="payloadType", max_length=100)]
    signatures: list[dict[str, Any]] = Field(max_length=2)


class HeardTold(Told):
    """The stretch of time that a heartbeat belongs to."""

    host_id: str
    set_digest: str
    starts_at: datetime
    ends_at: datetime
    count: int


def add_to(routes: APIRouter) -> None:
    """Add the endpoints of what is observed."""

    @routes.get("/observed", summary="List what was observed to serve")
    def list_observed(
        asked: Reading, which: Annotated[ObservedAsked, Query()]
    ) -> Rows[ObservationTold]:
        with asked.view_some("registry.read") as work:
            system_id = registry.get_system(work, which.system).id if which.system else ""
            query = ObservedQuery(system_id, which.environment, which.means)
            page = registry.find_observed(work, query, limit=which.limit, cursor=which.cursor)
        rows = [observation_told(each) for each in page.rows]
        return Rows(rows=rows, next_cursor=page.next_cursor)

    @routes.get("/hosts", summary="List hosts whose heartbeats are believed, or were")
    def list_hosts(asked: Reading) -> Rows[HostTold]:
        with asked.view_some("registry.read") as work:
            found = registry.hosts(work)
        return Rows(rows=[_host_told(each) for each in found], next_cursor=None)

    @routes.post("/hosts", status_code=201, summary="Believe a host's heartbeats")
    def trust_host(asked: Doing, given: HostGiven) -> HostTold:
        def trusted(work: Work) -> HostTold:
            place, name, pem = given.environment, given.name, given.public_key
            made = registry.trust_host(work, given.system, place, name, pem, reason=given.reason)
            return _host_told(made)

        return asked.do(HostTold, trusted)

    @routes.post("/hosts/{host_id}/end", summary="Believe a host no more")
    def end_host(asked: Doing, host_id: AnId, given: Reasoned) -> HostTold:
        return asked.do(
            HostTold,
            lambda work: _host_told(registry.end_host(work, host_id, reason=given.reason)),
        )

    @routes.post("/heartbeats", summary="Tell what a host runs, signed by it")
    def hear_heartbeat(asked: Doing, given: HeartbeatGiven) -> HeardTold:
        """The same set again within a minute is not written down again."""
        told = given.model_dump(by_alias=True)
        return asked.do(HeardTold, lambda work: _heard_told(registry.hear_host(work, told)))


def observation_told(found: Observation) -> ObservationTold:
    """Tell an observed interval."""
    return ObservationTold.model_validate(found)


def _host_told(host: Host) -> HostTold:
    return HostTold.model_validate(host)


def _heard_told(heard: Heard) -> HeardTold:
    return HeardTold.model_validate(heard)
