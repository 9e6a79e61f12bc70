"""Holds as JSON: facts of decisions that stay, however old they are."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, Field

from muniment import policy
from muniment.api.asking import Doing, Given, PageOf, Reading, Rows, Told, page_of
from muniment.api.policy.shapes import AREA, Reason
from muniment.policy import HoldSort

Sort = Literal["decision", "system", "everything"]
HoldId = Annotated[str, Path(max_length=60, examples=["hld_01kjmmac8gzksyqtwjrp07zhn1"])]


class HoldGiven(Given):
    """What is held, and why."""

    sort: Sort
    subject: str = Field("", max_length=200, description="Id of the decision or of the system.")
    reason: Reason


class LiftGiven(Given):
    """Why it ends."""

    reason: Reason


class HoldTold(Told):
    """A hold: for as long as it stands, what it names is not pruned."""

    id: str
    sort: Sort
    subject: str
    reason: str
    person: str
    at: AwareDatetime
    lifted_at: AwareDatetime | None


def add_to(routes: APIRouter) -> None:
    """Add the endpoints of holds."""

    @routes.get("/holds", summary="List holds, in the order of time")
    def policy_holds(asking: Reading, page: PageOf) -> Rows[HoldTold]:
        with asking.view("policy.read", AREA) as work:
            found = policy.holds(work, limit=page.limit, cursor=page.cursor)
        return page_of(HoldTold, found)

    @routes.post("/holds", summary="Keep the facts of decisions, however old they are")
    def hold_policy_facts(asking: Doing, given: HoldGiven) -> HoldTold:
        sort = HoldSort(given.sort)
        return asking.do(
            HoldTold,
            lambda work: HoldTold.model_validate(
                policy.hold_facts(work, sort, given.subject, reason=given.reason)
            ),
        )

    @routes.post("/holds/{hold_id}/lift", summary="Let a hold end")
    def lift_policy_hold(asking: Doing, hold_id: HoldId, given: LiftGiven) -> HoldTold:
        return asking.do(
            HoldTold,
            lambda work: HoldTold.model_validate(
                policy.lift_hold(work, hold_id, reason=given.reason)
            ),
        )
