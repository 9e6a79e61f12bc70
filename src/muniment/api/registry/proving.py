"""Proof of order and runs as JSON."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from muniment import registry
from muniment.api.access.shapes import AnId
from muniment.api.asking import Given, Reading, Rows, Told
from muniment.api.registry.systems import RunTold


class MarkTold(Told):
    """One entry that speaks of a change."""

    sort: str
    says: str
    record_id: str
    index: int | None = Field(description="Its place in the log; null: not sealed yet.")
    asserted: bool


class OrderTold(Told):
    """What the order of a change's entries proves."""

    change_id: str
    verdict: str
    says: str
    marks: list[MarkTold]
    ticket: str
    commit: str
    pull_request: str


class RunWhole(RunTold):
    """A run with what it tells."""

    system_id: str
    document: dict[str, Any]


class RunsAsked(Given):
    """Which runs."""

    of: Annotated[str, Field(max_length=71)] = ""


def add_to(routes: APIRouter) -> None:
    """Add the endpoints."""

    @routes.get("/changes/{change_id}/proof", summary="Prove the order of tests, yes and release")
    def prove_change(asked: Reading, change_id: AnId) -> OrderTold:
        """By places in the log: tested, then approved, then deployed, then seen in traffic."""
        with asked.view_some("registry.read") as work:
            found = registry.prove_change(work, asked.log, change_id)
        return OrderTold(
            change_id=found.change_id,
            verdict=found.verdict,
            says=found.says,
            marks=[MarkTold.model_validate(each) for each in found.marks],
            ticket=found.origin.ticket,
            commit=found.origin.commit,
            pull_request=found.origin.pull_request,
        )

    @routes.get("/systems/{system_id}/runs", summary="List trainings and evaluations")
    def list_runs(
        asked: Reading, system_id: AnId, which: Annotated[RunsAsked, Query()]
    ) -> Rows[RunWhole]:
        with asked.view_some("registry.read") as work:
            found = registry.runs_of(work, system_id, of=which.of)
        rows = [RunWhole.model_validate(each) for each in found]
        return Rows(rows=rows, next_cursor=None)
