"""How notices are drawn: their colours, their places, and acts that need the courier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment.access import Scope
from muniment.db import Work
from muniment.notices import Courier, MessageState, Outgoing, Severity
from muniment.web.acts import Act, Outcome, Sheet, Typed
from muniment.web.cells import Area, Cell, tag_cell

ADDRESS: Final = "/console/notices"
CHANNELS: Final = f"{ADDRESS}/channels"
ROUTES: Final = f"{ADDRESS}/routes"
MINE: Final = f"{ADDRESS}/mine"
SCOPE: Final = Scope.of(console="notices")
MANAGE: Final = "notices.manage"
OWN: Final = Area(ADDRESS, SCOPE, "")
ALL: Final = Area(ADDRESS, SCOPE, "notices.read")
SEVERITIES: Final[Mapping[str, str]] = {"info": "", "look": "look", "urgent": "stop"}
STATES: Final[Mapping[str, str]] = {
    "waiting": "",
    "delivered": "ok",
    "try_later": "look",
    "never": "stop",
}
SEVERITY_OPTIONS: Final = (
    ("info", "info: everything"),
    ("look", "look: what somebody should look at"),
    ("urgent", "urgent: only what cannot wait"),
)
DoWith = Callable[[Work, Typed, Courier], Outcome]


def courier_of(request: Request) -> Courier:
    """Find the courier of the application which answers this request."""
    found = getattr(request.app.state, "courier", None)
    if not isinstance(found, Courier):
        raise TypeError("this application has no courier; set app.state.courier where it is built")
    return found


def carried_act(
    area: Area,
    place: str,
    says: str,
    permission: str,
    sheet: Callable[[Work, Typed], Sheet],
    do: DoWith,
) -> list[Route]:
    """List the page of an act whose verb needs the courier."""

    def act_of(request: Request) -> Act:
        courier = courier_of(request)
        return Act(
            area,
            place,
            says,
            permission,
            sheet,
            lambda work, typed: do(work, typed, courier),
            within=SCOPE if permission else None,
        )

    async def show(request: Request) -> Response:
        return await _through(act_of(request), 0, request)

    async def act(request: Request) -> Response:
        return await _through(act_of(request), 1, request)

    show.__doc__ = f"Show the form: {says[:1].lower()}{says[1:]}"
    act.__doc__ = says
    address = f"{area.address}/{place}"
    return [Route(address, show, methods=["GET"]), Route(address, act, methods=["POST"])]


def severity_cell(severity: Severity) -> Cell:
    """Write how much something matters."""
    return tag_cell(severity.value, SEVERITIES)


def state_cell(message: Outgoing) -> Cell:
    """Write how a message fared, and why."""
    return Cell(
        message.state.value.replace("_", " "),
        kind="tag",
        tone=STATES[message.state.value],
        note=message.why,
    )


def sent_cell(messages: tuple[Outgoing, ...], *, sent: bool) -> Cell:
    """Write in one word how a notice left, the worst first."""
    if not messages:
        return Cell("inbox only" if sent else "gathering", tone="faint")
    order = (
        MessageState.NEVER,
        MessageState.TRY_LATER,
        MessageState.WAITING,
        MessageState.DELIVERED,
    )
    return state_cell(min(messages, key=lambda each: order.index(each.state)))


def minutes_said(seconds: int) -> str:
    """Write a length of time as a person says it."""
    for unit, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= unit and seconds % unit == 0:
            count = seconds // unit
            return f"{count} {name}{'s' if count > 1 else ''}"
    return f"{seconds} second{'s' if seconds != 1 else ''}"


async def _through(act: Act, place: int, request: Request) -> Response:
    answer: Response = await act.routes()[place].endpoint(request)
    return answer
