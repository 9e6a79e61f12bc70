"""The second step: a code, a passkey, or setting up the second factor that a role asks for."""

from __future__ import annotations

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from muniment import access
from muniment.access import Attempt, Enrolment, Outcome, Person, Reception, Step
from muniment.core.errors import MunimentError
from muniment.web import callers
from muniment.web.access.signin.asking import (
    SECOND,
    caller_of,
    fields_of,
    here,
    reception_of,
    step_of,
    wanted_of,
    welcome,
)
from muniment.web.access.signin.entering import asked_json
from muniment.web.access.signin.squares import squares
from muniment.web.shell import render


def routes() -> list[Route]:
    """List the pages of this module."""
    return [
        Route(SECOND, show, methods=["GET"], name="sign-in-second"),
        Route(SECOND, by_code, methods=["POST"], name="sign-in-code"),
        Route(f"{SECOND}/enrol", enrol_code, methods=["POST"], name="sign-in-enrol"),
        Route(f"{SECOND}/passkey/ask", ask_passkey, methods=["POST"], name="sign-in-new-ask"),
        Route(f"{SECOND}/passkey", enrol_passkey, methods=["POST"], name="sign-in-new-passkey"),
    ]


async def show(request: Request) -> Response:
    """Ask for the second factor, or show how to set one up."""
    return await _page(request, wanted_of(request.query_params.get("next", "")))


async def by_code(request: Request) -> Response:
    """Sign in with a code."""
    fields = await fields_of(request)
    attempt = await to_thread.run_sync(
        access.sign_in_by_code,
        reception_of(request),
        step_of(request),
        fields.get("code", ""),
        caller_of(request),
    )
    return await _went(request, attempt, fields.get("next", ""))


async def enrol_code(request: Request) -> Response:
    """Confirm the code generator that a role asks for, with its first code."""
    fields = await fields_of(request)
    wanted = fields.get("next", "")
    try:
        attempt, codes = await to_thread.run_sync(
            access.enrol_and_enter,
            reception_of(request),
            step_of(request),
            fields.get("code", ""),
            caller_of(request),
        )
    except MunimentError as error:
        return await _page(request, wanted, f"{error}")
    return await _went(request, attempt, wanted, codes)


async def ask_passkey(request: Request) -> Response:
    """Give a browser what it needs to make the passkey that a role asks for."""
    asked = await to_thread.run_sync(
        access.enrol_passkey, reception_of(request), step_of(request), here(request)
    )
    return asked_json(asked)


async def enrol_passkey(request: Request) -> Response:
    """Keep the passkey that a role asks for, and let its person in."""
    fields = await fields_of(request)
    reception, place, caller = reception_of(request), here(request), caller_of(request)
    made = (fields.get("step", ""), fields.get("answer", ""), fields.get("label", ""))
    step, wanted = step_of(request), fields.get("next", "")
    try:
        attempt, codes = await to_thread.run_sync(
            lambda: access.enrol_passkey_and_enter(
                reception, place, step=step, made=made, caller=caller
            )
        )
    except MunimentError as error:
        return await _page(request, wanted, f"{error}")
    return await _went(request, attempt, wanted, codes)


async def _went(
    request: Request, attempt: Attempt, wanted: str, codes: tuple[str, ...] = ()
) -> Response:
    if attempt.outcome is Outcome.IN and codes:
        page = render(request, "access/signin/codes.html", codes=codes, onward=wanted_of(wanted))
        return await welcome(request, attempt, wanted, page)
    if attempt.outcome is Outcome.IN:
        return await welcome(request, attempt, wanted)
    return await _page(request, wanted, attempt.says)


async def _page(request: Request, wanted: str, problem: str = "") -> Response:
    found = await to_thread.run_sync(_look, reception_of(request), step_of(request))
    if found is None:
        return RedirectResponse(callers.SIGN_IN, 303)
    step, person, ways, enrolment = found
    return render(
        request,
        "access/signin/second.html",
        status_code=403 if problem else 200,
        person=person,
        ways=ways,
        enrol=bool(step.data["enrol"]),
        enrolment=enrolment,
        picture=squares(enrolment.uri) if enrolment else None,
        wanted=wanted_of(wanted),
        problem=problem,
    )


def _look(
    reception: Reception, secret: str
) -> tuple[Step, Person, access.Ways, Enrolment | None] | None:
    found = access.waiting_step(reception, secret)
    if found is None:
        return None
    step, person = found
    with reception.database.look(access.SIGN_IN) as work:
        ways = access.ways_of(work, person.id)
        shown = access.open_enrolment(reception, work, person)
    if shown is None and access.may_enrol_codes(step):
        with reception.database.work(access.SIGN_IN) as work:
            shown = access.begin_totp(reception, work, person)
    return step, person, ways, shown if access.may_enrol_codes(step) else None
