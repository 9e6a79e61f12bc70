"""What one-time links open: setting an empty installation up, and letting somebody in again."""

from __future__ import annotations

from collections.abc import Mapping

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from muniment import access
from muniment.access import Attempt, Link, LinkPurpose, Outcome, Person
from muniment.core.errors import MunimentError, NotFoundError
from muniment.web import callers
from muniment.web.access.signin.asking import (
    caller_of,
    fields_of,
    further,
    reception_of,
    welcome,
)
from muniment.web.shell import render

LINK = f"{callers.SIGN_IN}/link"


def routes() -> list[Route]:
    """List the pages of this module."""
    both = ["GET", "POST"]
    return [
        Route(callers.SET_UP, explain, methods=["GET"], name="set-up"),
        Route(f"{callers.SET_UP}/{{link}}", set_up, methods=both, name="set-up-link"),
        Route(f"{LINK}/{{link}}", recover, methods=both, name="sign-in-link"),
    ]


async def explain(request: Request) -> Response:
    """Say how an empty installation is set up; one that is set up leads to its sign-in."""

    def is_set_up() -> bool:
        with reception_of(request).database.look(access.SIGN_IN) as work:
            return access.is_founded(work)

    if await to_thread.run_sync(is_set_up):
        return RedirectResponse(callers.SIGN_IN, 303)
    return render(request, "access/signin/set_up.html", link=None, typed={}, problem="", least=0)


async def set_up(request: Request) -> Response:
    """Make the first admin."""
    link = str(request.path_params["link"])
    found = await _found(request, link)
    if found is None or found[0].purpose is not LinkPurpose.FIRST:
        return _no_link(request)
    if request.method == "GET":
        return _form(request, link, {}, "")
    fields = await fields_of(request)
    reception, caller = reception_of(request), caller_of(request)
    password, problem = _password_of(fields)
    if problem:
        return _form(request, link, fields, problem)
    try:
        attempt = await to_thread.run_sync(
            lambda: access.set_up_by_link(
                reception,
                link,
                name=fields.get("name", ""),
                email=fields.get("email", ""),
                password=password,
                caller=caller,
            )
        )
    except MunimentError as error:
        return _form(request, link, fields, f"{error}")
    return await _went(request, attempt, callers.BEGIN)


async def recover(request: Request) -> Response:
    """Give somebody a new password by their link."""
    link = str(request.path_params["link"])
    found = await _found(request, link)
    if found is None or found[1] is None:
        return _no_link(request)
    if request.method == "GET":
        return _recovery(request, found[0], found[1], "")
    fields = await fields_of(request)
    reception, caller = reception_of(request), caller_of(request)
    if fields.get("with") == "demo":
        return await _went(
            request, await to_thread.run_sync(access.enter_demo, reception, link, caller)
        )
    password, problem = _password_of(fields)
    if problem:
        return _recovery(request, found[0], found[1], problem)
    try:
        attempt = await to_thread.run_sync(
            lambda: access.recover_by_link(reception, link, password=password, caller=caller)
        )
    except MunimentError as error:
        return _recovery(request, found[0], found[1], f"{error}")
    return await _went(request, attempt)


def _password_of(fields: Mapping[str, str]) -> tuple[str, str]:
    """Read the password that was chosen; none, if a passkey is wanted instead."""
    if fields.get("with") == "passkey":
        return "", ""
    password = fields.get("password", "")
    return password, "" if password else "Write a password, or make a passkey instead."


async def _found(request: Request, link: str) -> tuple[Link, Person | None] | None:
    try:
        return await to_thread.run_sync(access.look_at_link, reception_of(request), link)
    except NotFoundError:
        return None


async def _went(request: Request, attempt: Attempt, onward: str = callers.FIRST) -> Response:
    if attempt.outcome is Outcome.IN:
        return await welcome(request, attempt, onward)
    return further(request, attempt, onward)


def _form(request: Request, link: str, typed: Mapping[str, str], problem: str) -> Response:
    kept = {name: typed.get(name, "") for name in ("name", "email")}
    return render(
        request,
        "access/signin/set_up.html",
        status_code=422 if problem else 200,
        link=link,
        typed=kept,
        problem=problem,
        least=reception_of(request).settings.access.password_min_chars,
    )


def _recovery(request: Request, link: Link, person: Person, problem: str) -> Response:
    return render(
        request,
        "access/signin/recover.html",
        status_code=422 if problem else 200,
        invited=link.purpose is LinkPurpose.INVITE,
        person=person,
        problem=problem,
        least=reception_of(request).settings.access.password_min_chars,
    )


def _no_link(request: Request) -> Response:
    return render(request, "access/signin/no_link.html", status_code=404)
