"""A person's own account: how they are called, how they sign in, where they are signed in now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from muniment import access
from muniment.access import (
    Enrolment,
    Grant,
    Key,
    Person,
    PersonId,
    Session,
    Visitor,
    Ways,
)
from muniment.core.errors import ForbiddenError, MunimentError
from muniment.db import Work
from muniment.web import callers
from muniment.web.access.agents import browser_words
from muniment.web.access.signin.asking import (
    caller_of,
    fields_of,
    here,
    reception_of,
)
from muniment.web.access.signin.entering import asked_json
from muniment.web.access.signin.squares import squares
from muniment.web.shell import render

ADDRESS = "/console/account"
Act = Callable[[Request, Work, Person, Mapping[str, str]], tuple[str, ...] | None]


@dataclass(frozen=True, slots=True)
class Account:
    """Everything the page shows."""

    person: Person
    ways: Ways
    enrolment: Enrolment | None
    sessions: tuple[Session, ...]
    grants: tuple[Grant, ...]
    keys: tuple[Key, ...]


def routes() -> list[Route]:
    """List the pages of this module."""
    return [
        Route(ADDRESS, show, methods=["GET"], name="account"),
        Route(f"{ADDRESS}/passkeys/ask", ask_passkey, methods=["POST"], name="account-ask"),
        Route(f"{ADDRESS}/{{act}}", do, methods=["POST"], name="account-act"),
    ]


async def show(request: Request) -> Response:
    """Show the account."""
    return await _page(request)


async def do(request: Request) -> Response:
    """Do one thing to the account, and show it again."""
    visitor = _person_of(request)
    act = str(request.path_params["act"])
    if act not in _ACTS:
        return RedirectResponse(ADDRESS, 303)
    fields = await fields_of(request)
    try:
        shown = await to_thread.run_sync(_carry_out, request, visitor, act, fields)
    except MunimentError as error:
        return await _page(request, problem=f"{error}", about=act)
    if shown:
        return render(request, "access/signin/codes.html", codes=shown, onward=ADDRESS)
    return RedirectResponse(f"{ADDRESS}#{_PLACES.get(act, act)}", 303)


async def ask_passkey(request: Request) -> Response:
    """Give a browser what it needs to make another passkey."""
    visitor, place = _person_of(request), here(request)
    database = reception_of(request).database

    def ask() -> access.Ceremony:
        with database.work(visitor.actor) as work:
            return access.begin_passkey(work, access.person(work, visitor.actor.id), place)

    return asked_json(await to_thread.run_sync(ask))


def _carry_out(
    request: Request, visitor: Visitor, act: str, fields: Mapping[str, str]
) -> tuple[str, ...]:
    """Let the person show the password again where it matters, then do it."""
    reception = reception_of(request)
    person_id = PersonId(visitor.actor.id)
    if act not in _FREE:
        access.require_knows(
            reception, person_id, fields.get("current_password", ""), caller_of(request)
        )
    with reception.database.look(visitor.actor) as work:
        person = access.person(work, person_id)
    made: Mapping[str, str] = fields
    if act == "password":
        hashed = access.prepare_password(reception, person, fields.get("password", ""))
        made = {**fields, "hashed": hashed}
    with reception.database.work(visitor.actor) as work:
        return _ACTS[act](request, work, person, made) or ()


def _rename(_request: Request, work: Work, _person: Person, fields: Mapping[str, str]) -> None:
    access.rename_self(work, fields.get("name", ""))


def _password(request: Request, work: Work, person: Person, fields: Mapping[str, str]) -> None:
    access.set_password(work, person.id, fields["hashed"], way="by the person")
    access.end_all_sessions(work, person.id, "new password", but=_session_id(request))


def _no_password(_request: Request, work: Work, person: Person, _fields: Mapping[str, str]) -> None:
    access.remove_password(work, person.id)


def _totp(request: Request, work: Work, person: Person, _fields: Mapping[str, str]) -> None:
    access.begin_totp(reception_of(request), work, person)


def _confirm(
    request: Request, work: Work, person: Person, fields: Mapping[str, str]
) -> tuple[str, ...]:
    access.confirm_totp(reception_of(request), work, person.id, fields.get("code", ""))
    held = access.ways_of(work, person.id).recovery_codes
    return () if held else access.fresh_codes(work, person.id)


def _no_totp(request: Request, work: Work, person: Person, _fields: Mapping[str, str]) -> None:
    access.remove_totp(reception_of(request), work, person.id, why="by the person")


def _codes(
    _request: Request, work: Work, person: Person, _fields: Mapping[str, str]
) -> tuple[str, ...]:
    return access.fresh_codes(work, person.id)


def _passkey(request: Request, work: Work, person: Person, fields: Mapping[str, str]) -> None:
    access.finish_passkey(
        work,
        person.id,
        here(request),
        step=fields.get("step", ""),
        answer=fields.get("answer", ""),
        label=fields.get("label", ""),
    )


def _no_passkey(request: Request, work: Work, person: Person, fields: Mapping[str, str]) -> None:
    reception = reception_of(request)
    access.remove_passkey(
        reception, work, person.id, fields.get("passkey", ""), why="by the person"
    )


def _end(_request: Request, work: Work, _person: Person, fields: Mapping[str, str]) -> None:
    access.end_own_session(work, fields.get("session", ""))


def _end_others(request: Request, work: Work, person: Person, _fields: Mapping[str, str]) -> None:
    access.end_all_sessions(work, person.id, "by the person", but=_session_id(request))


_ACTS: Mapping[str, Act] = {
    "name": _rename,
    "password": _password,
    "no-password": _no_password,
    "totp": _totp,
    "totp-confirm": _confirm,
    "no-totp": _no_totp,
    "codes": _codes,
    "passkeys": _passkey,
    "no-passkey": _no_passkey,
    "end": _end,
    "end-others": _end_others,
}
_FREE = frozenset({"name", "totp-confirm", "end", "end-others"})
_PLACES = {
    "no-password": "password",
    "totp-confirm": "totp",
    "no-totp": "totp",
    "no-passkey": "passkeys",
    "end": "sessions",
    "end-others": "sessions",
}


async def _page(request: Request, problem: str = "", about: str = "") -> Response:
    visitor = _person_of(request)
    found = await to_thread.run_sync(_look, request, visitor)
    return render(
        request,
        "access/signin/account.html",
        status_code=422 if problem else 200,
        found=found,
        picture=squares(found.enrolment.uri) if found.enrolment else None,
        this=_session_id(request),
        browser_words=browser_words,
        problem=problem,
        about=_PLACES.get(about, about),
    )


def _look(request: Request, visitor: Visitor) -> Account:
    reception = reception_of(request)
    with reception.database.look(visitor.actor) as work:
        person = access.person(work, visitor.actor.id)
        held = access.standing(work, visitor.actor).grants
        return Account(
            person=person,
            ways=access.ways_of(work, person.id),
            enrolment=access.open_enrolment(reception, work, person),
            sessions=access.own_sessions(work),
            grants=tuple(grant for grant, _ in held if grant.holds(work.now)),
            keys=access.own_keys(work),
        )


def _person_of(request: Request) -> Visitor:
    """Give the person who is signed in; a key has no account page."""
    visitor = callers.require_visitor(request)
    if visitor.session is None:
        raise ForbiddenError("an account is a person's own", remedy="Sign in with a browser.")
    return visitor


def _session_id(request: Request) -> str:
    session = callers.require_visitor(request).session
    return session.id if session else ""
