"""Something that can be done: a page that says what will happen, asks what it needs, and does it.

The page is whole without a script. What goes wrong stands beside its field, with what was typed
kept; what went well leads on to where it can be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final, Literal, NoReturn

from anyio import to_thread
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from muniment import access
from muniment.access import EVERYTHING, Scope, Visitor
from muniment.core.clock import parse_stamp
from muniment.core.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    MunimentError,
    NotFoundError,
)
from muniment.db import Database, Work
from muniment.web.callers import CSRF_FIELD, require_visitor
from muniment.web.cells import Area, Cell
from muniment.web.shell import log_of, render
from muniment.web.undoing import Done, offer

Typed = Mapping[str, str]
Kind = Literal[
    "text", "textarea", "select", "date", "email", "number", "file", "checkbox", "hidden"
]
SHOWN_BESIDE: Final = (InvalidError, ConflictError, ForbiddenError, NotFoundError)
_MAX_FILE_BYTES: Final = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    name: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    required: bool = True
    placeholder: str = ""
    rows: int = 3
    fresh: bool = False  # it is of what is shown, so what was sent before does not come back


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page of an act shows before anything is done."""

    title: str
    lede: str
    button: str
    fields: tuple[Field, ...] = ()
    consequences: tuple[str, ...] = ()
    facts: tuple[tuple[str, Cell], ...] = ()
    tone: str = "main"
    back: str = ""
    crumbs: tuple[tuple[str, str], ...] = ()
    action: str = ""
    wide: bool = False  # two columns of fields
    done: str = ""  # what was just done, where this sheet offers to undo it


@dataclass(frozen=True, slots=True)
class Shown:
    """A secret that is shown this once, and what it is."""

    title: str
    lede: str
    secret: str
    facts: tuple[tuple[str, Cell], ...] = ()
    next_href: str = ""
    next_label: str = "Done"
    command: str = ""


# Where it leads, with an offer to undo it, what is shown this once, or the next form.
Outcome = str | Done | Shown | Sheet


@dataclass(frozen=True, slots=True)
class Act:
    """How one thing is done: its page, what it needs, and the verb.

    It is offered to who has the permission within a scope, or anywhere where what is typed decides.
    A file is text in UTF-8, unless `read_file` makes text of its bytes.
    """

    area: Area
    place: str
    says: str
    permission: str
    sheet: Callable[[Work, Typed], Sheet]
    do: Callable[[Work, Typed], Outcome]
    within: Scope | None = EVERYTHING
    read_file: Callable[[bytes], str] | None = None

    def routes(self) -> list[Route]:
        """List its page, and the doing."""
        address = f"{self.area.address}/{self.place}"

        async def show(request: Request) -> Response:
            return await show_act(self, request)

        async def do(request: Request) -> Response:
            return await do_act(self, request)

        show.__doc__ = f"Show the form: {self.says[:1].lower()}{self.says[1:]}"
        do.__doc__ = self.says
        return [Route(address, show, methods=["GET"]), Route(address, do, methods=["POST"])]


async def show_act(act: Act, request: Request) -> Response:
    """Show the page of an act."""
    visitor, database = require_visitor(request), log_of(request).database
    asked = request.query_params
    typed = {name: "\n".join(asked.getlist(name)) for name in asked} | request.path_params

    def look() -> Sheet:
        with _offering(act, visitor, database, request.url.path) as work:
            return act.sheet(work, typed)

    return drawn(act, request, await to_thread.run_sync(look), typed, None)


async def do_act(act: Act, request: Request) -> Response:
    """Do what the page of an act says."""
    visitor, database = require_visitor(request), log_of(request).database
    async with request.form(max_files=1, max_fields=200) as form:
        typed = {**await _typed(form, act.read_file or _utf8), **request.path_params}

    def refuse_others() -> None:
        with _offering(act, visitor, database, request.url.path) as work:
            act.sheet(work, typed)  # who may not see what is confirmed does not confirm it

    def do() -> Outcome:
        with database.work(visitor.actor) as work:
            return act.do(work, typed)

    def look() -> Sheet:
        with database.look(visitor.actor) as work:
            return act.sheet(work, typed)

    await to_thread.run_sync(refuse_others)
    try:
        outcome = await to_thread.run_sync(do)
    except SHOWN_BESIDE as error:
        if isinstance(error, NotFoundError) and not error.field:
            raise
        return drawn(act, request, await to_thread.run_sync(look), typed, error)
    if isinstance(outcome, Shown):
        return render(
            request,
            "pages/secret.html",
            shown=outcome,
            onward=outcome.next_href or act.area.address,
        )
    if isinstance(outcome, Sheet):
        return drawn(act, request, outcome, {}, None)
    if isinstance(outcome, Done):
        response = RedirectResponse(outcome.href, 303)
        offer(request, response, outcome)
        return response
    return RedirectResponse(outcome, 303)


def read_day(typed: Typed, name: str, *, required: bool = True) -> datetime | None:
    """Read a date; something that ends on a day ends with that day, in UTC."""
    text = typed.get(name, "")
    if not text:
        if required:
            refuse(name, "there is no date", "Write it as 2027-01-31.")
        return None
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        refuse(name, f"“{text[:40]}” is not a date", "Write it as 2027-01-31.")
    if len(text) <= len("2027-01-31"):
        day = datetime.combine(day, time.max, UTC)
    return parse_stamp((day if day.tzinfo else day.replace(tzinfo=UTC)).isoformat())


def refuse(name: str, message: str, remedy: str) -> NoReturn:
    """Refuse what was typed into a field."""
    raise InvalidError(message, field=name, remedy=remedy)


@contextmanager
def _offering(act: Act, visitor: Visitor, database: Database, what: str) -> Iterator[Work]:
    """Offer an act to who may do it; for whom and where exactly is judged by the verb.

    Its page shows what is acted upon, so an auditor's view of it is recorded like any other.
    """
    actor, reading = visitor.actor, act.area.permission
    with (
        access.viewing_some(database, actor, reading, what=what)
        if reading
        else database.look(actor)
    ) as work:
        if act.permission and not visitor.may(act.permission, act.within):
            access.require(work, act.permission, act.within or EVERYTHING)
        yield work


async def _typed(form: FormData, read_file: Callable[[bytes], str]) -> dict[str, str]:
    """Read a form; a name given more than once is a list, and a file its text."""
    typed: dict[str, str] = {}
    for name in form:
        if name == CSRF_FIELD:
            continue
        values = [await _text(name, each, read_file) for each in form.getlist(name)]
        typed[name] = "\n".join(values)
    return typed


async def _text(name: str, given: str | UploadFile, read_file: Callable[[bytes], str]) -> str:
    if isinstance(given, str):
        text = given.replace("\r\n", "\n").strip()
    else:
        data = await given.read(_MAX_FILE_BYTES + 1)
        if len(data) > _MAX_FILE_BYTES:
            refuse(name, "this file is too large", "Cut it into files of 5 MB at most.")
        try:
            text = read_file(data)
        except UnicodeDecodeError:
            refuse(name, "this file is not text in UTF-8", "Save it as UTF-8.")
    if "\0" in text:
        refuse(name, "this holds a character that is no text", "Remove it.")
    return text


def _utf8(data: bytes) -> str:
    return data.decode("utf-8-sig")


def drawn(
    act: Act, request: Request, sheet: Sheet, typed: Typed, error: MunimentError | None
) -> Response:
    """Draw a form, with what was typed and what is wrong with it."""
    names = [each.name for each in sheet.fields]
    beside = {error.field: said(error)} if error is not None and error.field in names else {}
    status = 200 if error is None else status_of(error)
    return render(
        request,
        "pages/form.html",
        status_code=status,
        sheet=sheet,
        back=sheet.back or act.area.address,
        action=sheet.action or request.url.path,
        typed=typed,
        errors=beside,
        error=None if beside else error,
    )


def said(error: MunimentError) -> str:
    """Say an error in a sentence or two, as it stands beside a field."""
    parts = [error.message, *(each for each in error.reasons if each not in error.message)]
    told = ". ".join(f"{each[:1].upper()}{each[1:]}" for each in parts if each)
    return f"{told}. {error.remedy}".strip()


def status_of(error: MunimentError) -> int:
    """Give the status under which a form comes back."""
    if isinstance(error, ForbiddenError):
        return 403
    return 409 if isinstance(error, ConflictError) else 422


def choices(pairs: Sequence[tuple[str, str]], first: str = "Choose one") -> tuple[Any, ...]:
    """Put a line that chooses nothing before the options."""
    return (("", first), *pairs)
