"""The page where people sign in: password, passkey, or whoever else vouches for them."""

from __future__ import annotations

import json

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from muniment import access
from muniment.access import Attempt, Ceremony, Issuer, IssuerUse, Outcome
from muniment.core.errors import MunimentError
from muniment.web import callers
from muniment.web.access.signin.asking import (
    base_of,
    caller_of,
    fields_of,
    further,
    here,
    is_secure,
    keep_sso,
    reception_of,
    sso_of,
    step_of,
    wanted_of,
    welcome,
)
from muniment.web.shell import render

CALLBACK = f"{callers.SIGN_IN}/callback"


def routes() -> list[Route]:
    """List the pages of this module."""
    at = callers.SIGN_IN
    return [
        Route(at, show, methods=["GET"], name="sign-in"),
        Route(at, by_password, methods=["POST"], name="sign-in-password"),
        Route(f"{at}/passkey/ask", ask_passkey, methods=["POST"], name="sign-in-passkey-ask"),
        Route(f"{at}/passkey", by_passkey, methods=["POST"], name="sign-in-passkey"),
        Route(f"{at}/sso/{{issuer}}", depart, methods=["GET"], name="sign-in-sso"),
        Route(CALLBACK, return_, methods=["GET"], name="sign-in-callback"),
        Route("/console/sign-out", leave, methods=["POST"], name="sign-out"),
    ]


async def show(request: Request) -> Response:
    """Show the ways to sign in; whoever is in already goes on."""
    wanted = wanted_of(request.query_params.get("next", ""))
    if callers.visitor_of(request) is not None:
        return RedirectResponse(wanted, 303)
    return await _page(request, wanted)


async def by_password(request: Request) -> Response:
    """Sign in with a password."""
    fields = await fields_of(request)
    attempt = await to_thread.run_sync(
        access.sign_in_by_password,
        reception_of(request),
        fields.get("email", ""),
        fields.get("password", ""),
        caller_of(request),
    )
    return await _went(request, attempt, fields.get("next", ""), fields.get("email", ""))


async def ask_passkey(request: Request) -> Response:
    """Give a browser what it must ask its passkeys."""
    reception, place = reception_of(request), here(request)
    bound = step_of(request) if request.query_params.get("second") else ""
    asked = await to_thread.run_sync(
        lambda: access.ask_for_passkey(reception, place, bound_to=bound)
    )
    return asked_json(asked)


async def by_passkey(request: Request) -> Response:
    """Sign in with a passkey."""
    fields = await fields_of(request)
    reception, place, caller = reception_of(request), here(request), caller_of(request)
    attempt = await to_thread.run_sync(
        lambda: access.sign_in_by_passkey(
            reception,
            place,
            step=fields.get("step", ""),
            answer=fields.get("answer", ""),
            caller=caller,
        )
    )
    return await _went(request, attempt, fields.get("next", ""))


async def depart(request: Request) -> Response:
    """Send a browser to who vouches for its person."""
    reception, back = reception_of(request), f"{base_of(request)}{CALLBACK}"
    wanted = wanted_of(request.query_params.get("next", ""))
    issuer = str(request.path_params["issuer"])
    try:
        gone = await to_thread.run_sync(
            lambda: access.begin_sso(reception, issuer, back=back, wanted=wanted)
        )
    except MunimentError as error:
        return await _page(request, wanted, problem=f"{error}")
    answer = RedirectResponse(gone.url, 303)
    keep_sso(answer, gone.step, secure=is_secure(request))
    return answer


async def return_(request: Request) -> Response:
    """Take a browser back from who vouches for its person."""
    reception, step, caller = reception_of(request), sso_of(request), caller_of(request)
    told = {name: value for name, value in request.query_params.items() if len(value) < 10_000}
    arrival = await to_thread.run_sync(lambda: access.finish_sso(reception, step, told, caller))
    return await _went(request, arrival.attempt, arrival.wanted)


async def leave(request: Request) -> Response:
    """Sign out, here and, where it is possible, offer to do it there too."""
    visitor, reception = callers.require_visitor(request), reception_of(request)
    session, back = visitor.session, f"{base_of(request)}{callers.SIGN_IN}"

    def end() -> str:
        if session is None:
            return ""
        there = access.end_url(reception, session, back=back)
        with reception.database.work(visitor.actor) as work:
            access.end_session(work, session, "signed out")
        return there

    there = await to_thread.run_sync(end)
    request.scope["state"].pop("visitor", None)
    request.scope["state"].pop("csrf", None)
    answer = render(request, "access/signin/out.html", there=there)
    callers.clear_session(answer, secure=is_secure(request))
    return answer


def asked_json(asked: Ceremony) -> Response:
    """Write what a browser must ask, with the secret that binds its answer."""
    return JSONResponse({"step": asked.step, "options": json.loads(asked.options)})


async def _went(request: Request, attempt: Attempt, wanted: str, email: str = "") -> Response:
    if attempt.outcome is Outcome.IN:
        return await welcome(request, attempt, wanted)
    if attempt.outcome is Outcome.SECOND_FACTOR:
        return further(request, attempt, wanted)
    status = 429 if attempt.outcome is Outcome.WAIT else 403
    page = await _page(request, wanted_of(wanted), attempt.says, email, status)
    if attempt.wait_seconds:
        page.headers["retry-after"] = str(attempt.wait_seconds)
    return page


async def _page(
    request: Request, wanted: str, problem: str = "", email: str = "", status: int = 0
) -> Response:
    def look() -> tuple[Issuer, ...]:
        with reception_of(request).database.look(access.SIGN_IN) as work:
            return tuple(each for each in access.issuers(work, IssuerUse.PEOPLE) if each.active)

    return render(
        request,
        "access/signin/in.html",
        status_code=status or (403 if problem else 200),
        issuers=await to_thread.run_sync(look),
        wanted=wanted,
        problem=problem,
        email=email[:254],
    )
