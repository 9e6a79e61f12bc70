"""Send a test over a channel: it leaves outside transactions, and the page says how it fared."""

from __future__ import annotations

from collections.abc import Mapping

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment import access, notices
from muniment.core.errors import MunimentError
from muniment.plugins.sockets import Delivery
from muniment.web.acts import Field, Sheet, said
from muniment.web.callers import require_visitor
from muniment.web.notices.drawing import ADDRESS, CHANNELS, MANAGE, SCOPE, courier_of
from muniment.web.shell import log_of, render

_TOLD: Mapping[Delivery, str] = {
    Delivery.DELIVERED: "It was delivered",
    Delivery.TRY_LATER: "It was not taken; a notice would be tried again later",
    Delivery.NEVER: "It can never be delivered",
}


def routes() -> list[Route]:
    """List the page of a test."""
    address = f"{CHANNELS}/{{channel_id}}/test"
    return [Route(address, show, methods=["GET"]), Route(address, send, methods=["POST"])]


async def show(request: Request) -> Response:
    """Show the form: send a test over a channel."""
    return await _drawn(request, {}, None, "")


async def send(request: Request) -> Response:
    """Send a test over a channel."""
    async with request.form(max_files=0, max_fields=5) as form:
        address = str(form.get("address", "")).strip()
    actor, database = require_visitor(request).actor, log_of(request).database
    courier, channel_id = courier_of(request), str(request.path_params["channel_id"])

    def attempt() -> tuple[Delivery, str]:
        return notices.try_channel(database, actor, courier, channel_id, address=address)

    typed = {"address": address}
    try:
        outcome, why = await to_thread.run_sync(attempt)
    except MunimentError as error:
        if error.field != "address":
            raise
        return await _drawn(request, typed, error, "")
    return await _drawn(request, typed, None, f"{_TOLD[outcome]}: {why}.")


async def _drawn(
    request: Request, typed: Mapping[str, str], error: MunimentError | None, told: str
) -> Response:
    actor, database = require_visitor(request).actor, log_of(request).database
    channel_id = str(request.path_params["channel_id"])

    def look() -> notices.Channel:
        with database.look(actor) as work:
            access.require(work, MANAGE, SCOPE)
            return notices.channel(work, channel_id)[0]

    channel = await to_thread.run_sync(look)
    here = f"{CHANNELS}/{channel.id}"
    sheet = Sheet(
        title=f"Send a test over “{channel.name}”",
        lede=told or "One message leaves now. That you tried is recorded, with how it fared.",
        button="Send it again" if told else "Send a test",
        fields=(Field("address", "Address to try"),) if channel.personal else (),
        back=here,
        crumbs=(("Notices", ADDRESS), ("Channels", CHANNELS), (channel.name, here)),
    )
    return render(
        request,
        "pages/form.html",
        status_code=422 if error else 200,
        sheet=sheet,
        back=here,
        action=request.url.path,
        typed=typed,
        errors={"address": said(error)} if error else {},
        error=None,
    )
