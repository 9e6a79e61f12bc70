"""Limits and stops as JSON: what may be spent, and the kill switch."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, Field

from muniment import exchanges
from muniment.api.asking import Doing, Given, Reading, Told
from muniment.db import Work
from muniment.exchanges import Limit, Measure, ScopeKind, Stop, StopKind, Use, Window

READ = "exchanges.read"
LimitId = Annotated[str, Path(max_length=80, examples=["lim_01kjmmac8gzksyqtwjrp07zhn1"])]
StopId = Annotated[str, Path(max_length=80, examples=["stp_01kjmmac8gzksyqtwjrp07zhn1"])]
Reason = Annotated[str, Field(min_length=1, max_length=500, examples=["It leaks."])]


class ReasonGiven(Given):
    """Why."""

    reason: Reason


class LimitGiven(Given):
    """How much may be used; one of the same scope, measure and window is changed."""

    scope: Literal["key", "team", "system", "dataset", "everything"]
    scope_id: str = Field("", max_length=80, description="Id of what it is of; of everything none.")
    measure: Literal["requests", "tokens", "cost", "concurrency"]
    window: Literal["minute", "hour", "day", "month", "now"]
    amount: int = Field(ge=0, le=1 << 53, description="Of cost, in millionths.")
    warn_percent: int = Field(80, ge=1, le=100)
    reason: Reason


class LimitTold(Told):
    """A limit, and how much of it is used in its window of now."""

    id: str
    scope: str
    scope_id: str
    measure: str
    window: str
    amount: int
    warn_percent: int
    reason: str
    changed_by: str
    changed_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    used: int
    used_in: str

    @classmethod
    def of(cls, use: Use) -> LimitTold:
        """Tell a limit."""
        value = {name: getattr(use.limit, name, None) for name in cls.model_fields}
        return cls.model_validate({**value, "used": use.used, "used_in": use.window})


class StopGiven(Given):
    """What is stopped at once, and why."""

    kind: Literal["everything", "system", "model", "provider", "key", "tool"]
    name: str = Field("", max_length=120, description="What it is called; of everything nothing.")
    reason: Reason


class StopTold(Told):
    """Something that is stopped, or was: by whom, why and since when."""

    id: str
    kind: str
    name: str
    reason: str
    stopped_by: str
    automatic: bool = Field(description="A rule stopped it, and no human being.")
    stopped_at: AwareDatetime
    ended_by: str
    ended_at: AwareDatetime | None
    end_reason: str


def add_to(routes: APIRouter) -> None:
    """Add the endpoints of limits and stops."""
    _limits(routes)
    _stops(routes)


def _limits(routes: APIRouter) -> None:
    @routes.get("/limits", summary="List limits and how much of each is used")
    def list_limits(asking: Reading) -> list[LimitTold]:
        with asking.view_some(READ) as work:
            return [LimitTold.of(each) for each in exchanges.limits_in_use(work)]

    @routes.get("/limits/{limit_id}", summary="Show a limit")
    def show_limit(asking: Reading, limit_id: LimitId) -> LimitTold:
        with asking.view_some(READ) as work:
            return LimitTold.of(exchanges.limit_in_use(work, limit_id))

    @routes.post("/limits", summary="Set how much may be used")
    def set_limit(asking: Doing, given: LimitGiven) -> LimitTold:
        wanted = Limit(
            "",
            ScopeKind(given.scope),
            given.scope_id,
            Measure(given.measure),
            Window(given.window),
            given.amount,
            given.warn_percent,
            given.reason,
        )

        def act(work: Work) -> LimitTold:
            made = exchanges.set_limit(work, wanted)
            return LimitTold.of(exchanges.use_of(work, made))

        return asking.do(LimitTold, act)

    @routes.post("/limits/{limit_id}/end", summary="Let a limit hold no longer")
    def end_limit(asking: Doing, limit_id: LimitId, given: ReasonGiven) -> LimitTold:
        def act(work: Work) -> LimitTold:
            ended = exchanges.end_limit(work, limit_id, reason=given.reason)
            return LimitTold.of(exchanges.use_of(work, ended))

        return asking.do(LimitTold, act)


def _stops(routes: APIRouter) -> None:
    @routes.get("/stops", summary="List what is stopped")
    def list_stops(
        asking: Reading,
        *,
        ended: Annotated[bool, Query(description="Also what goes on again.")] = False,
    ) -> list[StopTold]:
        with asking.view_some(READ) as work:
            return [_stop(each) for each in exchanges.stops(work, ended=ended)]

    @routes.get("/stops/{stop_id}", summary="Show a stop")
    def show_stop(asking: Reading, stop_id: StopId) -> StopTold:
        with asking.view_some(READ) as work:
            return _stop(exchanges.get_stop(work, stop_id))

    @routes.post("/stops", summary="Stop something at once, everywhere")
    def stop_calls(asking: Doing, given: StopGiven) -> StopTold:
        return asking.do(
            StopTold,
            lambda work: _stop(
                exchanges.stop(work, StopKind(given.kind), given.name, reason=given.reason)
            ),
        )

    @routes.post("/stops/{stop_id}/resume", summary="Let what was stopped go on")
    def resume_calls(asking: Doing, stop_id: StopId, given: ReasonGiven) -> StopTold:
        return asking.do(
            StopTold,
            lambda work: _stop(exchanges.resume(work, stop_id, reason=given.reason)),
        )


def _stop(found: Stop) -> StopTold:
    return StopTold.model_validate(found)
